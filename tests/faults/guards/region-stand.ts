/**
 * Both sites and the witness as the components render them, without the lab around them and at addresses of their own: real engines under real
 * guards. What is not needed to take writes is left out. Containers are named as the lab's are, after another region.
 */
import type { Workload, WorkloadFile } from "../../../components/workload.ts";
import { siteWorkloads, witnessWorkloads } from "../../../components/workloads.ts";
import { makeRegionSecrets } from "../../../custody/secrets.ts";
import type { RegionSecrets, SiteSecrets } from "../../../custody/types.ts";
import { readInventory } from "../../../io/inventory.ts";
import { REPOSITORY } from "../../../io/repository.ts";
import { deriveModel, parseInventory, renderProblems } from "../../../model/index.ts";
import { placesOf } from "../../../model/places.ts";
import type { Model, PlaceModel, WorkloadKind } from "../../../model/types.ts";
import { run } from "../../lab/support/run.ts";

export const STAND = "jaga";
const KINDS: readonly WorkloadKind[] = ["epoch", "etcd", "postgresql", "mariadb", "dns", "gateway"];
export const IMAGES = ["etcd", "postgres", "mariadb", "dns", "gateway"] as const;

export interface StandOptions {
  /** What containers, networks and volumes begin with. Default: STAND. */
  readonly prefix?: string;
  /**
   * Each workload on the backbone shares the network namespace of a container of its own that does nothing, `<name>-net`, so that a cut (tests/faults/cuts)
   * outlives what restarts. It needs the image `toolbox`. The gateways' databases are then published on the sites' public addresses. Default: false.
   */
  readonly cuttable?: boolean;
  /** Data volumes of databases are in memory and no larger; they outlive what restarts. With `cuttable` alone. Default: on the machine's disk. */
  readonly dataBytes?: number;
  /** What runs at the sites. Default: all that takes writes, and what it needs. */
  readonly kinds?: readonly WorkloadKind[];
}

/** Path in a container, and the file of this machine that lies in its place. */
export type Altered = Readonly<Record<string, string>>;

export class RegionStand {
  readonly model: Model;
  readonly prefix: string;
  readonly #cuttable: boolean;
  readonly #images: Readonly<Record<string, string>>;
  readonly #kinds: readonly WorkloadKind[];
  readonly #dataBytes: number | undefined;
  #secrets: RegionSecrets = { sites: {} };
  #generation = 0;

  constructor(
    model: Model,
    images: Readonly<Record<string, string>>,
    { prefix = STAND, cuttable = false, kinds = KINDS, dataBytes }: StandOptions = {},
  ) {
    this.model = model;
    this.prefix = prefix;
    this.#cuttable = cuttable;
    this.#images = images;
    this.#kinds = kinds;
    this.#dataBytes = dataBytes;
  }

  async raise(): Promise<void> {
    this.fell();
    this.#secrets = (await makeRegionSecrets(this.model, undefined, new Date())).secrets;
    docker(["network", "create", "--subnet", this.model.backbone.subnet, this.#network("backbone")]);
    for (const { id, network: own } of this.model.sites)
      docker(["network", "create", "--subnet", own.subnet, this.#network(id)]);
    for (const place of placesOf(this.model)) for (const workload of this.workloads(place)) this.start(place, workload);
  }

  fell(): void {
    for (const one of lines(["ps", "--all", "--quiet", "--filter", `name=^${this.prefix}-`]))
      docker(["rm", "--force", "--volumes", one]);
    for (const one of lines(["volume", "ls", "--quiet", "--filter", `name=^${this.prefix}-`]))
      docker(["volume", "rm", one]);
    for (const one of lines(["network", "ls", "--quiet", "--filter", `name=^${this.prefix}-`]))
      docker(["network", "rm", one]);
  }

  workloads(place: PlaceModel): Workload[] {
    if (place.id === this.model.witness?.id) return witnessWorkloads(this.model, required(this.#secrets.witness));
    const site = required(this.model.sites.find(({ id }) => id === place.id));
    const only = { ...site, workloads: site.workloads.filter(({ kind }) => this.#kinds.includes(kind)) };
    // Hosts and what they lead to, auditors' ops among it, are not here: the gateway passes databases on, and says whether the site is active.
    const { auditors: _, ...rest } = this.model;
    const model = { ...rest, hosts: [], applications: [] };
    return siteWorkloads({ model, site: only, secrets: this.secretsOf(site.id), sites: new Uint8Array() });
  }

  secretsOf(site: string): SiteSecrets {
    return required(this.#secrets.sites[site]);
  }

  name(place: string, workload: string): string {
    return `${this.prefix}-${place}-${workload}`;
  }

  /** @param altered files of its image that others take the place of. */
  start(place: PlaceModel, workload: Workload, altered: Altered = {}): void {
    const name = this.name(place.id, workload.name);
    this.deliver(name, workload);
    const apart = this.#cuttable && workload.reached.backboneAddress !== undefined;
    if (apart) this.#startNetwork(place, workload, name);
    docker([
      ...["create", "--name", name, ...confined(workload)],
      ...(apart ? ["--network", `container:${name}-net`] : this.#reached(place, workload)),
      // What lies in memory counts as its own.
      ...["--memory", String(workload.limits.memoryBytes + this.#sized(workload)), "--restart", "unless-stopped"],
      ...["--stop-timeout", String(workload.stopSeconds ?? 10), "-v", `${name}-config:/config:ro`],
      ...workload.volumes.flatMap((volume) => ["-v", `${name}-${volume.name}:${volume.path}`]),
      ...Object.entries(altered).flatMap(([path, file]) => ["-v", `${file}:${path}:ro`]),
      ...Object.entries(workload.environment ?? {}).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
      required(this.#images[workload.image]),
    ]);
    if (!apart) this.#join(place, workload, name);
    docker(["start", name]);
  }

  /** Starts a workload anew with what its volumes hold. */
  restart(place: PlaceModel, workload: Workload, altered: Altered = {}): void {
    docker(["rm", "--force", this.name(place.id, workload.name)]);
    this.start(place, workload, altered);
  }

  /** Of a workload's volume in memory; 0: it has none. */
  #sized({ kind }: Workload): number {
    return kind === "postgresql" || kind === "mariadb" ? (this.#dataBytes ?? 0) : 0;
  }

  /** A volume in memory is gone when nobody has it mounted: the container that keeps the network keeps it as well. */
  #keptVolume(name: string, workload: Workload): string[] {
    const size = this.#sized(workload);
    if (size === 0) return [];
    const { uid, gid } = workload.user;
    const options = ["type=tmpfs", "device=tmpfs", `o=size=${size},uid=${uid},gid=${gid},mode=0700`];
    docker(["volume", "create", ...options.flatMap((option) => ["--opt", option]), `${name}-data`]);
    return ["-v", `${name}-data:/kept:ro`];
  }

  #startNetwork(place: PlaceModel, workload: Workload, of: string): void {
    const name = `${of}-net`;
    if (lines(["ps", "--quiet", "--filter", `name=^${name}$`]).length > 0) return;
    const published =
      workload.kind === "gateway"
        ? (workload.reached.published ?? []).filter(({ port }) => port === 5432 || port === 3306)
        : [];
    docker([
      ...["create", "--name", name, "--init", "--read-only", "--cap-drop", "ALL", "--cap-add", "NET_ADMIN"],
      ...[
        "--user",
        "0",
        "--security-opt",
        "no-new-privileges",
        "--stop-timeout",
        "1",
        ...this.#reached(place, workload),
      ],
      ...this.#keptVolume(of, workload),
      ...published.flatMap(({ port }) => ["--publish", `${place.publicAddress}:${port}:${port}`]),
      ...["--entrypoint", "sleep", required(this.#images.toolbox), "infinity"],
    ]);
    this.#join(place, workload, name);
    docker(["start", name]);
  }

  /** The first network of a container, and how it is known there. */
  #reached(place: PlaceModel, { name, reached }: Workload): string[] {
    const { address, backboneAddress, aliases = [] } = reached;
    const [net, ip] = address
      ? [this.#network(place.id), address]
      : [this.#network("backbone"), required(backboneAddress)];
    const known = [hostNameOf(place, name), ...aliases].flatMap((alias) => ["--network-alias", alias]);
    return ["--network", net, "--ip", ip, ...known];
  }

  /** Joins a workload of a site to the backbone again, by the address and name that it has there. */
  link(place: PlaceModel, workload: Pick<Workload, "name" | "reached">): void {
    this.#join(place, workload, this.name(place.id, workload.name));
  }

  /** The backbone, where that is a container's second network. */
  #join(place: PlaceModel, { name: workload, reached }: Pick<Workload, "name" | "reached">, name: string): void {
    const { address, backboneAddress } = reached;
    if (!address || !backboneAddress) return;
    const known = ["--ip", backboneAddress, "--alias", hostNameOf(place, workload)];
    docker(["network", "connect", ...known, this.#network("backbone"), name]);
  }

  /** The cable to the other site, pulled for one workload: what is under way is lost. */
  unlink(place: PlaceModel, { name }: Pick<Workload, "name">): void {
    docker(["network", "disconnect", "--force", this.#network("backbone"), this.name(place.id, name)]);
  }

  #network(part: string): string {
    return `${this.prefix}-${part}`;
  }

  /** Delivers the workload's files, and switches the link. */
  deliver(name: string, { user, files, image }: Pick<Workload, "user" | "files" | "image">): void {
    this.#generation += 1;
    const folder = `/config/${this.#generation}`;
    const script = files.map((file) => placed(folder, file));
    script.push(`chown -R ${user.uid}:${user.gid} ${folder}`);
    script.push(`ln -s ${this.#generation} /config/new`, "mv -T /config/new /config/current");
    const words = ["run", "--rm", "-i", "--network", "none", "--user", "0", "-v", `${name}-config:/config`];
    docker([...words, "--entrypoint", "sh", required(this.#images[image]), "-e"], script.join("\n"));
  }
}

export const nameOf = (site: string, workload: string): string => `${STAND}-${site}-${workload}`;
const hostNameOf = ({ workloads }: PlaceModel, workload: string): string =>
  required(workloads.find(({ name }) => name === workload)).hostName;

function placed(folder: string, { path, content, secret }: WorkloadFile): string {
  const file = `${folder}/${path}`;
  const text = Buffer.from(content).toString("base64");
  return `mkdir -p "$(dirname ${file})" && echo ${text} | base64 -d >${file} && chmod ${secret ? "0600" : "0644"} ${file}`;
}

function confined({ user: { uid, gid } }: Workload): string[] {
  const scratch = ["/run", "/tmp"].flatMap((path) => [
    "--tmpfs",
    `${path}:rw,nosuid,nodev,size=16m,uid=${uid},gid=${gid},mode=0700`,
  ]);
  return ["--init", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", ...scratch];
}

/** The lab's model at addresses of its own, `10.<second>.0.0/16` and `127.0.<second>.0/24`: both may run at once. @param leaseSeconds default: as declared. */
export async function standModel(second = 205, leaseSeconds?: number): Promise<Model> {
  const parsed = parseInventory(await readInventory(REPOSITORY, "lab"));
  if (!parsed.ok) throw new Error(renderProblems(parsed.problems, "en"));
  const { witness } = parsed.inventory;
  if (witness === undefined) throw new Error("the lab's inventory declares no witness");
  const leased = { ...parsed.inventory, witness: { ...witness, leaseSeconds: leaseSeconds ?? witness.leaseSeconds } };
  const text = JSON.stringify(deriveModel(leased));
  return JSON.parse(
    text.replace(/10\.9([0-2])\.0\./g, `10.${second}.$1.`).replace(/127\.0\.([1-3]0)\.1\b/g, `127.0.${second}.$1`),
  ) as Model;
}

function required<T>(found: T | undefined): T {
  if (found === undefined) throw new Error("expected something, received nothing");
  return found;
}

const lines = (words: readonly string[]): string[] => docker(words).split("\n").filter(Boolean);

export function docker(words: readonly string[], input = ""): string {
  const { code, said } = run("docker", words, input);
  if (code !== 0) throw new Error(`docker ${words.slice(0, 5).join(" ")}: ${said}`);
  return said;
}
