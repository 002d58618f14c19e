import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Model, SiteModel } from "../model/types.ts";
import { configWorkload } from "./config.ts";
import { DockerSite } from "./runtime/docker/docker-site.ts";
import type { Workload } from "./workload.ts";

export interface SiteArgs {
  readonly model: Model;
  readonly site: SiteModel;
  readonly workloads: readonly Workload[];
  /** Full image name for what a workload calls its image. */
  readonly imageName: (image: string) => string;
}

/** One site of the region on its runtime: the stack `<region>-<site>`. */
export class Site extends pulumi.ComponentResource {
  constructor(name: string, args: SiteArgs, options?: pulumi.ComponentResourceOptions) {
    super("lumbung:index:Site", name, {}, options);
    render(this, args);
    this.registerOutputs({ address: args.site.publicAddress });
  }
}

function render(parent: Site, { model, site, workloads, imageName }: SiteArgs): void {
  switch (site.runtime.kind) {
    case "docker":
      new DockerSite(
        site.id,
        {
          place: {
            region: model.region.id,
            site: site.id,
            publicAddress: site.publicAddress,
            network: site.network.name,
            backbone: model.backbone.name,
            internalDomain: site.internalDomain,
          },
          network: site.network,
          workloads,
          carrier: configWorkload(model, site),
          imageName,
        },
        { parent, ...dockerProvider(site.runtime.host) },
      );
      return;
    case "kubernetes":
      throw new pulumi.RunError(
        `site ${site.id}: the runtime "kubernetes" is declared, and this version renders "docker" only`,
      );
  }
}

/** A site on another machine names its engine; without, the default provider holds (DOCKER_HOST or the local socket). */
function dockerProvider(host: string | undefined): pulumi.ComponentResourceOptions {
  return host === undefined ? {} : { provider: new docker.Provider("engine", { host }) };
}

/** The site of the model with this id. @throws where there is none. */
export function siteOf(model: Model, id: string): SiteModel {
  const site = model.sites.find((candidate) => candidate.id === id);
  if (!site) throw new Error(`site "${id}" is not declared; there are: ${model.sites.map((s) => s.id).join(", ")}`);
  return site;
}
