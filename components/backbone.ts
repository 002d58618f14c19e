import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Model } from "../model/types.ts";
import { labels } from "./runtime/docker/names.ts";

export interface BackboneArgs {
  readonly model: Model;
}

/** The network that joins the sites (and, later, every agency to both): the stack `<region>-backbone`. */
export class Backbone extends pulumi.ComponentResource {
  constructor(name: string, { model }: BackboneArgs, options?: pulumi.ComponentResourceOptions) {
    super("lumbung:index:Backbone", name, {}, options);
    const network = new docker.Network(
      "backbone",
      {
        name: model.backbone.name,
        driver: "bridge",
        ipamConfigs: [{ subnet: model.backbone.subnet, gateway: model.backbone.gateway }],
        labels: labels({ region: model.region.id, site: "backbone" }),
      },
      { parent: this },
    );
    this.registerOutputs({ network: network.name });
  }
}
