/**
 * What a stack is made of, for `pulumi up` from a shell (index.ts) and for the command line (an inline program) alike.
 * A site's stack reads the inventory and the site's own secrets, nothing of another stack: a recovery centre that can only
 * be deployed while the primary answers is no recovery centre (D2).
 */
import { Backbone } from "../components/backbone.ts";
import { Site, siteOf } from "../components/site.ts";
import { siteWorkloads } from "../components/workloads.ts";
import type { SiteSecrets } from "../custody/types.ts";
import type { Model } from "../model/types.ts";
import { renderSites } from "../web/sites.ts";
import { sitesTar } from "../web/tar.ts";
import { BACKBONE } from "./stack-name.ts";

export interface StackInputs {
  readonly model: Model;
  /** `backbone`, or a site's id. */
  readonly part: string;
  /** The site's secrets; asked for only where the part is a site. */
  readonly secrets: () => Promise<SiteSecrets>;
  readonly imageName: (image: string) => string;
}

/** Registers the resources of one stack with the running Pulumi program. */
export async function stackProgram({ model, part, secrets, imageName }: StackInputs): Promise<void> {
  if (part === BACKBONE) {
    new Backbone(model.backbone.name, { model });
    return;
  }
  const site = siteOf(model, part);
  const sites = sitesTar(renderSites(model));
  const workloads = siteWorkloads({ model, site, secrets: await secrets(), sites });
  new Site(site.stack, { model, site, workloads, imageName });
}
