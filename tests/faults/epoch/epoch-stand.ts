/**
 * The epoch store and a keeper at each site without the lab around them: real members with the configuration that the components render,
 * keepers beside no engine. All run on one machine, so that their deadlines are of one clock.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { leaseFile } from "../../../components/epoch/lease-env.ts";
import { epochPlacement } from "../../../components/epoch/members.ts";
import { epochWorkload } from "../../../components/epoch/workload.ts";
import { tlsFiles } from "../../../components/tls-files.ts";
import type { WorkloadFile } from "../../../components/workload.ts";
import { makeRegionSecrets } from "../../../custody/secrets.ts";
import type { PlaceSecrets, RegionSecrets } from "../../../custody/types.ts";
import { readInventory } from "../../../io/inventory.ts";
import { REPOSITORY } from "../../../io/repository.ts";
import { deriveModel, parseInventory, renderProblems } from "../../../model/index.ts";
import { placesOf } from "../../../model/places.ts";
import type { Model, PlaceModel } from "../../../model/types.ts";
import { eventually } from "../../lab/support/eventually.ts";
import { run, type Said } from "../../lab/support/run.ts";

export const NETWORK = "stand-epoch";
const KEEPER_USER = "2001:2001";
const MEMBER_USER = "2002:2002";
const LIBRARY = "/usr/local/lib/lumbung:/lease";
/** The workload whose certificate a keeper shows. */
const GUARDED = "postgres-utama";

export type SiteId = "dc" | "drc";
export type PlaceId = SiteId | "witness";

export interface Lease {
  readonly state: "open" | "closed";
  /** Seconds of CLOCK_BOOTTIME, which all containers share. */
  readonly deadline: number;
  readonly epoch: number;
  readonly site: string;
  readonly code: string;
}

/** Tries to promote; exit code 0: done. Only when nobody holds the lease, and only after a margin. */
const PROMOTE = `
import sys, time
import lease_keeper, lease_etcd, guard_files
settings = guard_files.read_settings("/config/current/lease.env")
me = lease_keeper.me_of(settings)
store = lease_etcd.Store(settings["ENDPOINTS"].split(","), settings["REGION"], "/config/current")
limit = time.monotonic() + float(sys.argv[1])
while True:
    try:
        view = store.read()
        if view.holder is None:
            time.sleep(me.margin)
            done = store.promote(view.epoch.mod_revision, view.epoch.epoch + 1, me.site, me.region, "trial", store.grant(me.ttl))
            sys.exit(0 if done else 1)
    except lease_etcd.StoreSilent as error:
        print(error)
    if time.monotonic() > limit:
        sys.exit(2)
    time.sleep(0.3)
`;

export class EpochStand {
  readonly model: Model;
  readonly images: { readonly etcd: string; readonly postgres: string };
  #secrets: RegionSecrets = { sites: {} };
  #last = new Map<SiteId, Lease>();

  constructor(model: Model, images: EpochStand["images"]) {
    this.model = model;
    this.images = images;
  }

  async raise(): Promise<void> {
    this.fell();
    this.#secrets = (await makeRegionSecrets(this.model, undefined, new Date())).secrets;
    docker(["network", "create", "--subnet", this.model.backbone.subnet, NETWORK]);
    for (const place of placesOf(this.model)) this.startMember(place);
    for (const id of ["dc", "drc"] as const) this.startKeeper(id);
  }

  fell(): void {
    for (const one of lines(docker(["ps", "--all", "--quiet", "--filter", `name=^${NETWORK}-`]))) {
      docker(["rm", "--force", "--volumes", one]);
    }
    for (const one of lines(docker(["volume", "ls", "--quiet", "--filter", `name=^${NETWORK}-`]))) {
      docker(["volume", "rm", one]);
    }
    run("docker", ["network", "rm", NETWORK]);
  }

  member(id: PlaceId): string {
    return `${NETWORK}-member-${id}`;
  }

  keeper(id: SiteId): string {
    return `${NETWORK}-keeper-${id}`;
  }

  secretsOf(id: PlaceId): PlaceSecrets {
    const found = id === "witness" ? this.#secrets.witness : this.#secrets.sites[id];
    if (!found) throw new Error(`no secrets of ${id}`);
    return found;
  }

  startMember(place: PlaceModel): void {
    const secrets = this.secretsOf(place.id as PlaceId);
    const { files, environment = {} } = epochWorkload(this.model, place, secrets);
    const { backboneAddress = "", hostName } = epochPlacement(place);
    const name = this.member(place.id as PlaceId);
    this.#deliver(name, MEMBER_USER, this.images.etcd, files);
    docker([
      ...confined(name, MEMBER_USER),
      ...["--network", NETWORK, "--ip", backboneAddress, "--network-alias", hostName, "--memory", "96m"],
      ...Object.entries(environment).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
      ...["-v", `${name}-config:/config:ro`, "-v", `${name}-data:/var/lib/etcd`, this.images.etcd],
    ]);
  }

  startKeeper(id: SiteId): void {
    const site = this.model.sites.find((one) => one.id === id);
    const placement = site?.workloads.find(({ name }) => name === GUARDED);
    if (!site || !placement) throw new Error(`no site ${id} with ${GUARDED}`);
    const secrets = this.secretsOf(id);
    const files = [leaseFile(this.model, site, GUARDED, secrets), ...tlsFiles(secrets, GUARDED)];
    const name = this.keeper(id);
    this.#deliver(name, KEEPER_USER, this.images.postgres, files);
    docker([
      ...confined(name, KEEPER_USER),
      ...["--network", NETWORK, "--ip", placement.backboneAddress ?? "", "--restart", "unless-stopped"],
      ...["-v", `${name}-config:/config:ro`, "-v", `${name}-identity:/identity`],
      ...["-v", `${join(REPOSITORY, "images/shared/lease/usr/local/lib/lumbung")}:/lease:ro`],
      ...["--env", `PYTHONPATH=${LIBRARY}`, "--entrypoint", "python3", this.images.postgres, "/lease/lease_keeper.py"],
    ]);
  }

  #deliver(name: string, user: string, image: string, files: readonly WorkloadFile[]): void {
    const script = files.map(({ path, content, secret }) => {
      const file = `/config/1/${path}`;
      const text = Buffer.from(content).toString("base64");
      return `mkdir -p "$(dirname ${file})" && echo ${text} | base64 -d >${file} && chmod ${secret ? "0600" : "0644"} ${file}`;
    });
    script.push(`chown -R ${user} /config/1`, "ln -s 1 /config/new", "mv -T /config/new /config/current");
    const words = ["run", "--rm", "-i", "--network", "none", "--user", "0", "-v", `${name}-config:/config`];
    docker([...words, "--entrypoint", "sh", image, "-e"], script.join("\n"));
  }

  exec(id: SiteId, words: readonly string[], input = ""): Said {
    return run("docker", ["exec", "-i", this.keeper(id), ...words], input);
  }

  permit(id: SiteId, permit: string): void {
    const { code, said } = this.exec(id, ["tee", "/identity/lease-permit"], permit);
    if (code !== 0) throw new Error(said);
  }

  /** What a keeper's file says now; of one that is frozen or away, what it said last: its engine would go by that. */
  lease(id: SiteId): Lease | undefined {
    const { code, said } = this.exec(id, ["cat", "/run/lumbung/lease"]);
    if (code === 0) this.#last.set(id, JSON.parse(said) as Lease);
    return this.#last.get(id);
  }

  isOpen(id: SiteId): boolean {
    const lease = this.lease(id);
    return lease !== undefined && lease.state === "open" && boottime() < lease.deadline;
  }

  leaseIs(id: SiteId, wanted: Partial<Lease>, seconds: number): Promise<Lease> {
    return eventually(`${id}: ${JSON.stringify(wanted)}`, seconds, async () => {
      const lease = this.lease(id);
      const differs = Object.entries(wanted).some(([key, value]) => lease?.[key as keyof Lease] !== value);
      if (differs || lease === undefined) throw new Error(JSON.stringify(lease));
      return lease;
    });
  }

  promote(id: SiteId, seconds: number): Said {
    return this.exec(id, ["python3", "-c", PROMOTE, String(seconds)]);
  }

  docker(words: readonly string[]): string {
    return docker(words);
  }

  /** Copies a member's data, which must be stopped, from one folder of its volume to another. */
  copyData(id: PlaceId, from: string, to: string): void {
    const script = `rm -rf "/var/lib/etcd/${to}" && cp -a "/var/lib/etcd/${from}" "/var/lib/etcd/${to}"`;
    const volume = ["-v", `${this.member(id)}-data:/var/lib/etcd`];
    docker([
      ...["run", "--rm", "--network", "none", "--user", MEMBER_USER, ...volume],
      ...["--entrypoint", "sh", this.images.etcd, "-ec", script],
    ]);
  }
}

/** The lab's model at addresses of its own: both may run at once. */
export async function standModel(): Promise<Model> {
  const parsed = parseInventory(await readInventory(REPOSITORY, "lab"));
  if (!parsed.ok) throw new Error(renderProblems(parsed.problems, "en"));
  const { witness } = parsed.inventory;
  if (witness === undefined) throw new Error("the lab's inventory declares no witness");
  const running = { ...parsed.inventory, witness: { ...witness, status: "running" as const } };
  const text = JSON.stringify(deriveModel(running));
  return JSON.parse(text.replace(/10\.9([0-2])\.0\./g, "10.204.$1.")) as Model;
}

/** Seconds since this machine booted, suspended time included, to a hundredth (proc(5), uptime). */
export function boottime(): number {
  return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
}

function confined(name: string, user: string): string[] {
  const [uid, gid] = user.split(":");
  const scratch = ["/run", "/tmp"].flatMap((path) => [
    "--tmpfs",
    `${path}:rw,nosuid,nodev,size=16m,uid=${uid},gid=${gid},mode=0700`,
  ]);
  const options = ["--init", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
  return ["run", "--detach", "--name", name, ...options, ...scratch];
}

const lines = (text: string): string[] => text.split("\n").filter(Boolean);

function docker(words: readonly string[], input = ""): string {
  const done = spawnSync("docker", words, { input, encoding: "utf8", timeout: 120_000 });
  if (done.status !== 0) throw new Error(`docker ${words.slice(0, 4).join(" ")}: ${done.stderr}`);
  return done.stdout.trim();
}
