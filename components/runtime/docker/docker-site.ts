/** Renders the workloads of one site on a Docker host. */
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkModel } from "../../../model/types.ts";
import type { Workload } from "../../workload.ts";
import { CARRIER, carrierUploads, OUT, type Upload } from "./carrier.ts";
import { type ContainerPlan, containerPlan, type SitePlace } from "./container.ts";
import { labels, volumeName } from "./names.ts";

export interface DockerSiteArgs {
  readonly place: SitePlace;
  /** Absent: its workloads are on the backbone alone. */
  readonly network?: NetworkModel;
  /** Carries the files of all workloads; it has none of its own. */
  readonly carrier: Workload;
  /** Full image name for what a workload calls its image. Resolved outside: nothing is built or pulled here. */
  readonly imageName: (image: string) => string;
}

/**
 * One site's network, volumes, configuration carrier and containers. The network is registered at once and the rest by `run`, so that
 * Pulumi's engine and plugin start while the workloads' files are still being rendered.
 */
export class DockerSite extends pulumi.ComponentResource {
  readonly #args: DockerSiteArgs;
  readonly #network: docker.Network | undefined;

  constructor(name: string, args: DockerSiteArgs, options?: pulumi.ComponentResourceOptions) {
    super("lumbung:docker:Site", name, {}, options);
    this.#args = args;
    this.#network = args.network && siteNetwork(this, args.place, args.network);
  }

  /** Registers what runs at the site; called once. */
  run(workloads: readonly Workload[]): void {
    const args = this.#args;
    const placed = workloads.map((workload) => ({ workload, config: configVolume(this, args, workload) }));
    const carrier = carrierContainer(this, args, placed);
    for (const { workload, config } of placed) {
      workloadContainer(this, args, workload, { network: this.#network, carrier, config });
    }
    this.registerOutputs({});
  }
}

interface PlacedWorkload {
  readonly workload: Workload;
  readonly config: docker.Volume;
}

function siteNetwork(parent: DockerSite, place: SitePlace, network: NetworkModel): docker.Network {
  return new docker.Network(
    "network",
    {
      name: network.name,
      driver: "bridge",
      ipamConfigs: [{ subnet: network.subnet, gateway: network.gateway }],
      labels: labels(place),
    },
    { parent },
  );
}

function configVolume(parent: DockerSite, { place }: DockerSiteArgs, workload: Workload): docker.Volume {
  return new docker.Volume(
    `${workload.name}-config`,
    { name: volumeName(place, workload.name, "config"), labels: labels(place, workload) },
    { parent },
  );
}

function carrierContainer(
  parent: DockerSite,
  args: DockerSiteArgs,
  placed: readonly PlacedWorkload[],
): docker.Container {
  const mounts = placed.map(({ workload, config }) => ({
    volumeName: config.name,
    containerPath: `${OUT}/${workload.name}`,
  }));
  return new docker.Container(
    CARRIER,
    {
      ...containerArguments(containerPlan(args.place, args.carrier)),
      // Docker writes no upload into a read-only root.
      readOnly: false,
      image: args.imageName(args.carrier.image),
      volumes: mounts,
      uploads: carrierUploads(placed.map(({ workload }) => workload)).map(upload),
    },
    { parent, deleteBeforeReplace: true },
  );
}

function workloadContainer(
  parent: DockerSite,
  args: DockerSiteArgs,
  workload: Workload,
  needs: {
    readonly network: docker.Network | undefined;
    readonly carrier: docker.Container;
    readonly config: docker.Volume;
  },
): docker.Container {
  const volumes = workload.volumes.map((volume) => ({
    volumeName: dataVolume(parent, args, workload, volume).name,
    containerPath: volume.path,
  }));
  return new docker.Container(
    workload.name,
    {
      ...containerArguments(containerPlan(args.place, workload)),
      image: args.imageName(workload.image),
      volumes: [{ volumeName: needs.config.name, containerPath: "/config", readOnly: true }, ...volumes],
    },
    { parent, dependsOn: [needs.carrier, ...(needs.network ? [needs.network] : [])], deleteBeforeReplace: true },
  );
}

/** Data volumes are protected (a destroy is refused) and retained (a removal from the program leaves them). */
function dataVolume(
  parent: DockerSite,
  { place }: DockerSiteArgs,
  workload: Workload,
  volume: Workload["volumes"][number],
): docker.Volume {
  const keeps = volume.keeps === "data";
  return new docker.Volume(
    `${workload.name}-${volume.name}`,
    { name: volumeName(place, workload.name, volume.name), labels: labels(place, workload) },
    { parent, protect: keeps, retainOnDelete: keeps },
  );
}

function containerArguments(plan: ContainerPlan): Omit<docker.ContainerArgs, "image"> {
  const { networks, ...rest } = plan;
  return {
    ...rest,
    ...(networks.length === 0 ? {} : { networksAdvanced: networks.map((network) => ({ ...network })) }),
    mustRun: true,
    wait: false,
  };
}

function upload({ file, content, secret }: Upload) {
  const hide = (text: string) => (secret ? pulumi.secret(text) : text);
  const permissions = secret ? "0600" : "0644";
  return typeof content === "string"
    ? { file, content: hide(content), permissions }
    : { file, contentBase64: hide(Buffer.from(content).toString("base64")), permissions };
}
