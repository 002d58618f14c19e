/**
 * Two sites of nothing but PostgreSQL under Patroni, an object store and a repository host each: real containers, confined and configured as
 * the components render them, with a stand-in for each gateway. For images-backup.test.ts.
 */
import { backupWorkload, drillWorkload } from "../../../components/backup/workload.ts";
import { etcdWorkload } from "../../../components/etcd/workload.ts";
import { objectsWorkload } from "../../../components/objects/workload.ts";
import { postgresWorkload } from "../../../components/postgres/workload.ts";
import { containerPlan, type SitePlace } from "../../../components/runtime/docker/container.ts";
import type { Workload } from "../../../components/workload.ts";
import { makeRegionSecrets } from "../../../custody/secrets.ts";
import type { RegionSecrets, SiteSecrets } from "../../../custody/types.ts";
import { ensureImages } from "../../../io/images.ts";
import { tarOf } from "../../../io/images-tar.ts";
import { deriveModel } from "../../../model/index.ts";
import { loadAltered, valid } from "../../../model/testing/lab.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../../model/types.ts";
import type { CopyList, RunOrder, RunState } from "../../../services/backup/wire.ts";
import { eventually } from "./eventually.ts";
import { docker, GATEWAY } from "./objects-stand.ts";
import { run, type Said } from "./run.ts";

export const BUCKET = "cadangan";
const KINDS: readonly string[] = ["etcd", "postgresql", "objects", "backup", "drill", "gateway", "ops"];
/** The lab's networks, and which third of the stand's own takes each one's place. */
const NETWORKS: readonly (readonly [RegExp, number])[] = [
  [/10\.91\.0\./g, 1],
  [/10\.92\.0\./g, 2],
  [/10\.90\.0\./g, 0],
];

export type SiteId = "dc" | "drc";
export const sites: readonly SiteId[] = ["dc", "drc"];

/**
 * The lab's model with backups, one database server and no applications, in a network of its own: `10.<second>.0.0/16`.
 * @param others what is backed up besides the database server.
 */
export function standModel(second: number, others: readonly string[] = []): Model {
  const inventory = valid(
    loadAltered((lab) => {
      lab.objectStore.buckets[0].lockDays = 1;
      // Nothing is leased here: a stand of backups needs no store of epochs.
      lab.witness.status = "planned";
      lab.backupPolicies[0].retention = { daily: 2, weekly: 0, monthly: 1, yearly: 0 };
    }),
  );
  const text = JSON.stringify(deriveModel(inventory));
  const moved = NETWORKS.reduce((all, [from, third]) => all.replace(from, `10.${second}.${third}.`), text);
  const { code, backup, ...model } = JSON.parse(moved) as Model;
  if (!backup) throw new Error("the lab declares no backups");
  const { applications: _, ...plan } = backup;
  return {
    ...model,
    backup: {
      ...plan,
      targets: backup.targets.filter(({ engine, id }) => engine === "pgbackrest" || others.includes(id)),
    },
    applications: [],
    databaseServers: model.databaseServers
      .filter(({ id }) => id === "utama")
      .map((server) => ({ ...server, databases: server.databases.slice(0, 2) })),
    sites: model.sites.map((site) => ({
      ...site,
      workloads: site.workloads.filter(({ kind, of }) => KINDS.includes(kind) && (of ?? "utama") === "utama"),
    })),
  };
}

export class BackupStand {
  readonly model: Model;
  readonly #prefix: string;
  readonly #second: number;
  #secrets: RegionSecrets = { sites: {} };
  #images: Readonly<Record<string, string>> = {};
  #generation = 0;

  /** @param name containers, networks and volumes begin with `stand-<name>-`. @param second of its addresses, see standModel. @param others see standModel. */
  constructor(name = "backup", second = 204, others: readonly string[] = []) {
    this.#prefix = `stand-${name}-`;
    this.#second = second;
    this.model = standModel(second, others);
  }

  async prepare(): Promise<void> {
    this.fell();
    const folders = ["etcd", "postgres", "objects", "backup", "room"];
    this.#images = await ensureImages(folders, { progress: ({ text }) => process.stderr.write(`${text.en}\n`) });
    this.#secrets = (await makeRegionSecrets(this.model, undefined, new Date())).secrets;
    docker(["network", "create", "--subnet", `10.${this.#second}.0.0/24`, `${this.#prefix}backbone`]);
    for (const id of sites) {
      docker(["network", "create", "--subnet", this.site(id).network.subnet, `${this.#prefix}${id}`]);
      this.#startGateway(id);
      for (const workload of this.workloads(id)) this.#start(id, workload);
    }
  }

  site(id: SiteId): SiteModel {
    const found = this.model.sites.find((one) => one.id === id);
    if (!found) throw new Error(`no site ${id}`);
    return found;
  }

  secrets(id: SiteId): SiteSecrets {
    const found = this.#secrets.sites[id];
    if (!found) throw new Error(`no secrets of ${id}`);
    return found;
  }

  server(): DatabaseServerModel {
    const [server] = this.model.databaseServers;
    if (!server) throw new Error("no server");
    return server;
  }

  image(folder: string): string {
    return this.#images[folder] ?? folder;
  }

  workloads(id: SiteId, secrets = this.secrets(id)): Workload[] {
    const told = [this.model, this.site(id)] as const;
    return [
      etcdWorkload(...told, secrets),
      objectsWorkload(...told, secrets),
      postgresWorkload(...told, this.server(), secrets),
      backupWorkload(...told, secrets),
      drillWorkload(...told, secrets),
    ];
  }

  name(id: SiteId, workload: string): string {
    return `${this.#prefix}${id}-${workload}`;
  }

  /** Runs words in a container, as its user. */
  inside(id: SiteId, workload: string, words: readonly string[], input = ""): Said {
    return run("docker", ["exec", "-i", this.name(id, workload), ...words], input);
  }

  script(id: SiteId, workload: string, script: string): Said {
    return this.inside(id, workload, ["bash", "-c", script]);
  }

  /** @throws what psql said. */
  sql(id: SiteId, database: string, statement: string): string {
    const words = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "/run/postgresql", "-U", "postgres", "-d", database];
    const { code, said } = this.inside(id, "postgres-utama", words, statement);
    if (code !== 0) throw new Error(said);
    return said;
  }

  untilSql(id: SiteId, database: string, statement: string, says: string, seconds = 60): Promise<true> {
    return eventually(`${statement}: ${says}`, seconds, async () =>
      this.sql(id, database, statement) === says ? true : undefined,
    );
  }

  permit(id: SiteId, workload: string): void {
    const { code, said } = this.inside(id, workload, ["tee", "/identity/permit"], "found");
    if (code !== 0) throw new Error(said);
  }

  role(id: SiteId, says: "active" | "standby"): void {
    docker(["exec", this.name(id, "gateway"), "sh", "-c", `echo '${says}' >/tmp/role`]);
  }

  untilHealth(id: SiteId, workload: string, pattern: RegExp, seconds = 120): Promise<string> {
    return eventually(`health of ${id}/${workload}: ${pattern}`, seconds, async () => {
      const { said } = this.inside(id, workload, ["/usr/local/lib/lumbung/health"]);
      if (!pattern.test(said)) throw new Error(said);
      return said;
    });
  }

  /** Has a repository host or a drill room do something, as its own name, and waits for the end. @throws where it is refused. */
  async work(id: SiteId, workload: "backup" | "drill", order: RunOrder, seconds = 240): Promise<RunState> {
    this.begin(id, workload, order);
    return this.ended(id, workload, order, seconds);
  }

  /** @throws the line of why, where it is refused. */
  begin(id: SiteId, workload: string, order: RunOrder): RunState {
    const begun = this.#ask(id, workload, ["-X", "PUT", "--data", "@-"], `/runs/${order.id}`, JSON.stringify(order));
    if (!begun.startsWith("{")) throw new Error(begun);
    return JSON.parse(begun) as RunState;
  }

  /** @throws where nothing is known of it, or nobody answers. */
  state(id: SiteId, workload: string, run: string): RunState {
    const said = this.#ask(id, workload, [], `/runs/${run}`);
    if (!said.startsWith("{")) throw new Error(said);
    return JSON.parse(said) as RunState;
  }

  /** @param everyMs each question runs a program in the container. */
  ended(
    id: SiteId,
    workload: string,
    { id: run, action, target }: RunOrder,
    seconds = 240,
    everyMs?: number,
  ): Promise<RunState> {
    const ask = async (): Promise<RunState | undefined> => {
      const state = this.state(id, workload, run);
      return state.state === "running" ? undefined : state;
    };
    return eventually(`${action} of ${target} at ${id}`, seconds, ask, everyMs);
  }

  /** From now on what ends by itself is started again, as the site's runtime does. */
  keepUp(): void {
    const names = sites.flatMap((id) => this.workloads(id).map(({ name }) => this.name(id, name)));
    docker(["update", "--restart", "unless-stopped", ...names]);
  }

  /** Kills -9 a container's first process, and so all of it: as a crash, and not as `docker kill`, after which nothing is started again. */
  crash(id: SiteId, workload: string): void {
    const pid = Number(docker(["inspect", "--format", "{{.State.Pid}}", this.name(id, workload)]));
    if (!(pid > 1)) throw new Error(`${this.name(id, workload)}: expected a process, received ${pid}`);
    process.kill(pid, "SIGKILL");
  }

  halt(id: SiteId, workload: string): void {
    docker(["stop", "--time", "1", this.name(id, workload)]);
  }

  goOn(id: SiteId, workload: string): void {
    docker(["start", this.name(id, workload)]);
  }

  remove(id: SiteId, workload: string): void {
    docker(["rm", "-f", "-v", this.name(id, workload)]);
  }

  /** Brings a workload its configuration as other secrets would have it, and has it take that up. @throws what `reload` said. */
  deliverWith(id: SiteId, name: string, secrets: SiteSecrets): void {
    const workload = this.workloads(id, secrets).find((one) => one.name === name);
    if (!workload) throw new Error(`no workload ${name}`);
    this.#deliver(id, name, workload.user, workload.files);
    const { code, said } = this.inside(id, name, ["/usr/local/lib/lumbung/reload"]);
    if (code !== 0) throw new Error(said);
  }

  /** Throws a workload away with all that it has, and starts it as on the first day. */
  startAnew(id: SiteId, name: string): void {
    const workload = this.workloads(id).find((one) => one.name === name);
    if (!workload) throw new Error(`no workload ${name}`);
    docker(["rm", "-f", "-v", this.name(id, name)]);
    docker(["volume", "rm", ...workload.volumes.map((volume) => `${this.name(id, name)}-${volume.name}`)]);
    this.#start(id, workload);
  }

  /** One more drill room, configured as the site's own, whose scratch folder is memory of so many MiB. @returns the name by which it is asked. */
  smallRoom(id: SiteId, mebibytes: number): string {
    const workload = this.workloads(id).find(({ name }) => name === "drill");
    if (!workload) throw new Error("no drill room");
    const name = "drill-small";
    docker([
      ...this.#words(id, workload, name),
      ...["-v", `${this.name(id, workload.name)}-config:/config:ro`],
      ...["--tmpfs", "/var/cache/lumbung:uid=2011,gid=2011,mode=0700"],
      ...["--tmpfs", `/scratch:uid=2011,gid=2011,mode=0700,size=${mebibytes}m`],
      ...["--network", `${this.#prefix}${id}`, "--ip", this.site(id).network.subnet.replace(/\d+\/\d+$/, "250")],
      this.image(workload.image),
    ]);
    return name;
  }

  copies(id: SiteId): CopyList {
    return JSON.parse(this.#ask(id, "backup", [], "/copies")) as CopyList;
  }

  #ask(id: SiteId, workload: string, words: readonly string[], path: string, input = ""): string {
    const tls = "/config/current/tls";
    const curl = ["curl", "--silent", "--show-error", "--cacert", `${tls}/ca.crt`, "--cert", `${tls}/server.crt`];
    return this.inside(
      id,
      workload,
      [...curl, "--key", `${tls}/server.key`, ...words, `https://127.0.0.1:8443${path}`],
      input,
    ).said;
  }

  fell(): void {
    const left = (words: readonly string[]) =>
      docker(words)
        .split("\n")
        .filter((name) => name.startsWith(this.#prefix));
    const containers = left(["ps", "-a", "--format", "{{.Names}}"]);
    if (containers.length > 0) docker(["rm", "-f", "-v", ...containers]);
    const volumes = left(["volume", "ls", "-q"]);
    if (volumes.length > 0) docker(["volume", "rm", ...volumes]);
    const networks = left(["network", "ls", "--format", "{{.Name}}"]);
    if (networks.length > 0) docker(["network", "rm", ...networks]);
  }

  #start(id: SiteId, workload: Workload): void {
    const { name, files, volumes, reached, user } = workload;
    this.#deliver(id, name, user, files);
    const host = `${name}.${this.site(id).internalDomain}`;
    docker([
      ...this.#words(id, workload, name),
      ...["-v", `${this.name(id, name)}-config:/config:ro`],
      ...volumes.flatMap((volume) => ["-v", `${this.name(id, name)}-${volume.name}:${volume.path}`]),
      ...["--network", `${this.#prefix}${id}`, "--ip", reached.address ?? "", "--network-alias", host],
      this.image(workload.image),
    ]);
    if (reached.backboneAddress === undefined) return;
    const backbone = ["--ip", reached.backboneAddress, "--alias", host, `${this.#prefix}backbone`];
    docker(["network", "connect", ...backbone, this.name(id, name)]);
  }

  /** What the site's runtime gives a container. */
  #words(id: SiteId, workload: Workload, name: string): string[] {
    const { memory, memorySwap, cpuShares, envs, tmpfs } = containerPlan(this.#place(id), workload);
    return [
      ...["run", "-d", "--name", this.name(id, name), "--init", "--read-only", "--cap-drop", "ALL"],
      ...["--security-opt", "no-new-privileges", "--user", `${workload.user.uid}:${workload.user.gid}`],
      ...["--memory", `${memory}m`, "--memory-swap", `${memorySwap}m`],
      ...(cpuShares === undefined ? [] : ["--cpu-shares", String(cpuShares)]),
      ...Object.entries(tmpfs).flatMap(([path, options]) => ["--tmpfs", `${path}:${options}`]),
      ...envs.flatMap((setting) => ["-e", setting]),
    ];
  }

  #place(id: SiteId): SitePlace {
    const { publicAddress, network, internalDomain } = this.site(id);
    const region = this.model.region.id;
    return { region, site: id, publicAddress, network: network.name, backbone: "backbone", internalDomain };
  }

  #startGateway(id: SiteId): void {
    const gateway = this.site(id).workloads.find(({ kind }) => kind === "gateway");
    const leaf = this.secrets(id).certificates.gateway;
    const user = { uid: 2007, gid: 2007 };
    this.#deliver(id, "gateway", user, [
      { path: "tls/ca.crt", content: this.secrets(id).authority.root },
      { path: "tls/server.crt", content: leaf?.chain ?? "" },
      { path: "tls/server.key", content: leaf?.key ?? "", secret: true },
    ]);
    docker([
      ...["run", "-d", "--name", this.name(id, "gateway"), "--init", "--read-only", "--cap-drop", "ALL"],
      ...["--user", "2007:2007", "--tmpfs", "/tmp:uid=2007,gid=2007,mode=0700"],
      ...[
        "--network",
        `${this.#prefix}${id}`,
        "--ip",
        gateway?.address ?? "",
        "--network-alias",
        gateway?.hostName ?? "",
      ],
      ...["-v", `${this.name(id, "gateway")}-config:/config:ro`, "--entrypoint", "python3", this.image("objects")],
      ...["-c", GATEWAY],
    ]);
  }

  /** A new generation, then the switch of the link. */
  #deliver(id: SiteId, name: string, { uid, gid }: Workload["user"], files: Workload["files"]): void {
    this.#generation += 1;
    const entries = files.map(({ path, content, secret }) => ({
      path,
      mode: secret ? 0o600 : 0o644,
      content: Buffer.from(content),
    }));
    const folder = `gen-${this.#generation}`;
    const script = `mkdir /config/${folder} && tar -x -C /config/${folder} && chown -R ${uid}:${gid} /config/${folder} && ln -s ${folder} /config/new && mv -T /config/new /config/current`;
    const words = ["run", "--rm", "-i", "--user", "0", "-v", `${this.name(id, name)}-config:/config`];
    docker([...words, "--entrypoint", "sh", this.image("objects"), "-c", script], tarOf(entries));
  }
}
