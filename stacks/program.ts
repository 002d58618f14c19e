/**
 * What a stack is made of, for `pulumi up` from a shell (index.ts) and for the command line (an inline program) alike.
 * A site's stack reads the inventory and the site's own secrets, nothing of another stack: a recovery centre that can only
 * be deployed while the primary answers is no recovery centre (D2).
 */
import { Backbone } from "../components/backbone.ts";
import { Site, siteOf } from "../components/site.ts";
import { type SiteInputs, siteWorkloads, witnessWorkloads } from "../components/workloads.ts";
import type { KnownApprover } from "../custody/approvers.ts";
import type { PlaceSecrets, SiteSecrets } from "../custody/types.ts";
import type { Model } from "../model/types.ts";
import { renderSites } from "../web/sites.ts";
import { sitesTar } from "../web/tar.ts";
import { BACKBONE } from "./stack-name.ts";

export interface StackInputs {
  readonly model: Model;
  /** `backbone`, `witness`, or a site's id. */
  readonly part: string;
  /** The site's secrets; asked for only where the part is a site. */
  readonly secrets: () => Promise<SiteSecrets>;
  /** The witness's secrets; asked for only where the part is the witness. */
  readonly witnessSecrets: () => Promise<PlaceSecrets>;
  readonly imageName: (image: string) => string;
  /** The programme's commit, which evidence names; undefined: nobody can say. */
  readonly commit?: string;
  /** Who may approve runbooks, with their keys. */
  readonly approvers: readonly KnownApprover[];
  /** What duties are assessed from at a site; asked for only where the part is a site. */
  readonly material: () => Promise<NonNullable<SiteInputs["material"]>>;
}

/** Registers the resources of one stack with the running Pulumi program. */
export async function stackProgram(inputs: StackInputs): Promise<void> {
  const { model, part, secrets, imageName, commit, approvers } = inputs;
  if (part === BACKBONE) {
    new Backbone(model.backbone.name, { model });
    return;
  }
  if (part === model.witness?.id) {
    const { witness } = model;
    const place = withShortTraces(() => new Site(witness.stack, { model, site: witness, imageName }));
    const workloads = witnessWorkloads(model, await inputs.witnessSecrets());
    withShortTraces(() => place.run(workloads));
    return;
  }
  const site = siteOf(model, part);
  const place = withShortTraces(() => new Site(site.stack, { model, site, imageName }));
  const [opened, material] = await Promise.all([secrets(), inputs.material()]);
  const sites = sitesTar(renderSites(model));
  const told = { model, site, secrets: opened, sites, approvers, material };
  const workloads = siteWorkloads({ ...told, ...(commit ? { commit } : {}) });
  withShortTraces(() => place.run(workloads));
}

/** Frames of a stack trace while resources are registered: the function that failed and who called it. */
const FRAMES = 2;

/**
 * Pulumi keeps a stack trace for each of the four promises behind every property of every resource, to name promises that leak.
 * Long ones, mapped back to our sources, took a third of a preview's time.
 */
function withShortTraces<T>(work: () => T): T {
  const before = { maps: process.sourceMapsEnabled, frames: Error.stackTraceLimit };
  process.setSourceMapsEnabled(false);
  Error.stackTraceLimit = FRAMES;
  try {
    return work();
  } finally {
    process.setSourceMapsEnabled(before.maps);
    Error.stackTraceLimit = before.frames;
  }
}
