import type { ObjectSecret, SiteSecrets } from "../../custody/types.ts";
import type { Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { copiesFile } from "../copies.ts";
import { gatewaySetting, identityVolume, keepFile } from "../keep.ts";
import { lacking } from "../lacking.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload } from "../workload.ts";
import { type FrontPlan, haproxyCfg, PORT, serversState } from "./haproxy-cfg.ts";

const MIB = 1024 * 1024;
/** What Go may hold before it collects; the rest is for HAProxy, the keeper, and what lives shorter than a collection. */
const goMebibytes = (memoryBytes: number): number => Math.floor(memoryBytes / MIB / 2);

/** What `objects.json` tells the image: buckets as declared, and where the other site's store is. Nothing in it is secret. */
export interface ObjectsSettings {
  readonly site: string;
  readonly buckets: readonly {
    readonly id: string;
    readonly versioning: boolean;
    readonly lockDays: number;
    readonly rpoSeconds: number;
    /** Absent: true. */
    readonly copied?: false;
  }[];
  /** Absent: this store is copied from nowhere. */
  readonly peer?: { readonly site: string; readonly name: string; readonly address: string; readonly port: number };
}

/** What `identities.json` holds: by use who may do what here, who copies from here, and as whom we copy from the other site. */
export interface ObjectsIdentities {
  readonly identities: Readonly<Record<string, Held>>;
  /** Absent where no other site copies from here. */
  readonly copier?: Held;
  /** Absent where there is no other site. */
  readonly peer?: Held;
}

type Secret = Pick<ObjectSecret, "secret">;
/** From which the credentials of each epoch follow; of `previous` they are let in too, while the new ones are not yet everywhere. */
type Held = Secret & { readonly previous?: Secret };

/**
 * A site's object store: SeaweedFS on loopback behind HAProxy, which shows the S3 port alone. The same at both sites but for names and addresses.
 * @throws where the model or the secrets lack what it needs.
 */
export function objectsWorkload(model: Model, site: SiteModel, secrets: SiteSecrets): Workload {
  const placement = placementAt(site);
  const front = frontPlan(model, site);
  return {
    name: placement.name,
    kind: "objects",
    image: "objects",
    user: { uid: 2007, gid: 2007 },
    environment: {
      ...gatewaySetting(site),
      // Little lives in the store and each request needs large buffers: collected by growth, more than half of its processor time went into that.
      GOGC: "off",
      GOMEMLIMIT: `${goMebibytes(placement.memoryBytes)}MiB`,
    },
    files: [
      ...tlsFiles(secrets, placement.name),
      { path: "objects.json", content: json(objectsSettings(model, site)) },
      { path: "identities.json", content: json(objectsIdentities(model, site, secrets)), secret: true },
      copiesFile(model),
      { path: "haproxy.cfg", content: haproxyCfg(front) },
      { path: "servers.state", content: serversState(front) },
      keepFile(model, site, placement.name, secrets),
    ],
    volumes: [{ name: "data", path: "/data", keeps: "data" }, identityVolume],
    reached: {
      address: placement.address,
      ...(placement.backboneAddress ? { backboneAddress: placement.backboneAddress } : {}),
    },
    limits: { memoryBytes: placement.memoryBytes },
    stopSeconds: 30,
    healthStartSeconds: 120,
  };
}

function placementAt(site: SiteModel): WorkloadPlacement & { readonly address: string } {
  const placement = site.workloads.find(({ kind }) => kind === "objects");
  if (!placement?.address)
    throw new Error(`site ${site.id}: objects: expected a placement with an address, received none`);
  return { ...placement, address: placement.address };
}

const othersOf = (model: Model, site: SiteModel): SiteModel[] => model.sites.filter(({ id }) => id !== site.id);

function frontPlan(model: Model, site: SiteModel): FrontPlan {
  const gateway = site.workloads.find(({ kind }) => kind === "gateway");
  if (!gateway?.address)
    throw new Error(`site ${site.id}: objects: no gateway that could say whether the site is active`);
  return {
    region: model.region.id,
    site: site.id,
    ipv6: site.network.subnet6 !== undefined,
    gateway: { address: gateway.address, hostName: gateway.hostName },
    peers: othersOf(model, site).flatMap(({ workloads }) =>
      workloads.filter(({ kind }) => kind === "objects").map(({ hostName }) => hostName),
    ),
    uncopied: (model.objects?.buckets ?? []).filter(({ copied }) => copied === false).map(({ id }) => id),
    uploadsAtOnce: uploadsAtOnce(placementAt(site).memoryBytes),
  };
}

/** @throws if no object store is declared. */
export function objectsSettings(model: Model, site: SiteModel): ObjectsSettings {
  if (!model.objects) throw new Error(`site ${site.id}: objects: expected a declared object store, received none`);
  const buckets = model.objects.buckets.map(({ id, versioning, lockDays, rpoSeconds, copied }) => ({
    id,
    versioning,
    lockDays,
    rpoSeconds,
    ...(copied === undefined ? {} : { copied }),
  }));
  const [other] = othersOf(model, site);
  const theirs = other?.workloads.find(({ kind }) => kind === "objects");
  if (!other || !theirs?.backboneAddress) return { site: site.id, buckets };
  const peer = { site: other.id, name: theirs.hostName, address: theirs.backboneAddress, port: PORT };
  return { site: site.id, buckets, peer };
}

/** @throws if the secrets lack an identity that the model calls for, with all that are missing. */
export function objectsIdentities(model: Model, site: SiteModel, secrets: SiteSecrets): ObjectsIdentities {
  const [other] = othersOf(model, site);
  const held = secrets.objectIdentities;
  const buckets = model.objects?.buckets ?? [];
  const uses = [
    "admin",
    ...buckets.flatMap(({ id }) => [`${id}/read`, `${id}/write`]),
    ...(model.backup ? [`${model.backup.bucket}/prune`] : []),
  ];
  const missing = uses.filter((use) => !(use in held));
  if (missing.length > 0) throw lacking(secrets, "objectIdentities", missing.join(", "));
  const names = Object.keys(held).sort();
  const identities = Object.fromEntries(names.flatMap((use) => (held[use] ? [[use, heldOf(held[use])]] : [])));
  if (other === undefined) return { identities };
  return { identities, copier: reader(secrets, site.id), peer: reader(secrets, other.id) };
}

function reader(secrets: SiteSecrets, site: string): Held {
  const found = secrets.objectReaders[site];
  if (!found) throw lacking(secrets, `objectReaders["${site}"]`, "a secret");
  return heldOf(found);
}

const heldOf = ({ secret, previous }: ObjectSecret): Held => ({
  secret,
  ...(previous ? { previous: { secret: previous.secret } } : {}),
});

/** Measured on 4.48: some 160 MiB for what runs, and 80 MiB for each large object that comes in; beyond Go's share it does little but collect. */
export function uploadsAtOnce(memoryBytes: number): number {
  return Math.min(16, Math.max(1, Math.floor((goMebibytes(memoryBytes) - 160) / 80)));
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
