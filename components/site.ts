import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Model, PlaceModel, SiteModel } from "../model/types.ts";
import { configWorkload } from "./config.ts";
import { DockerSite } from "./runtime/docker/docker-site.ts";
import type { Workload } from "./workload.ts";

export interface SiteArgs {
  readonly model: Model;
  readonly site: PlaceModel;
  /** Full image name for what a workload calls its image. */
  readonly imageName: (image: string) => string;
}

/** One place of the region, a site or the witness, on its runtime: the stack `<region>-<site>`. What runs there is registered by `run`. */
export class Site extends pulumi.ComponentResource {
  readonly #runtime: DockerSite;
  readonly #address: string;

  constructor(name: string, args: SiteArgs, options?: pulumi.ComponentResourceOptions) {
    super("lumbung:index:Site", name, {}, options);
    this.#runtime = runtimeOf(this, args);
    this.#address = args.site.publicAddress;
  }

  /** Registers the site's workloads; called once. */
  run(workloads: readonly Workload[]): void {
    this.#runtime.run(workloads);
    this.registerOutputs({ address: this.#address });
  }
}

function runtimeOf(parent: Site, { model, site, imageName }: SiteArgs): DockerSite {
  switch (site.runtime.kind) {
    case "docker":
      return new DockerSite(
        site.id,
        {
          place: {
            region: model.region.id,
            site: site.id,
            publicAddress: site.publicAddress,
            ...(site.network ? { network: site.network.name } : {}),
            backbone: model.backbone.name,
            internalDomain: site.internalDomain,
          },
          ...(site.network ? { network: site.network } : {}),
          carrier: configWorkload(model, site),
          imageName,
        },
        { parent, ...dockerProvider(site.runtime.host) },
      );
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
