import type { SiteSecrets } from "../../custody/types.ts";
import { RESTIC } from "../../model/derive/backup-repositories.ts";
import type { StoreSecrets } from "../../model/store-keys.ts";
import type { BackupModel, Model, SiteModel } from "../../model/types.ts";
import { lacking } from "../lacking.ts";
import { passwordOf } from "../mariadb/accounts.ts";
import { placementOfKind } from "../placement.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload, WorkloadFile, WorkloadVolume } from "../workload.ts";
import { applicationFiles } from "./applications.ts";
import { pgbackrestHostConf } from "./pgbackrest-host-conf.ts";
import { pgbackrestRoomConf } from "./pgbackrest-room-conf.ts";
import { resticEnv } from "./restic.ts";
import { backupConfig, kindOf, type Role } from "./settings.ts";

/** The repository host's image holds no application and nothing that runs one. */
const imageOf = { host: "backup", room: "room" } as const satisfies Record<Role, string>;
const ROOM_TMP_BYTES = 96 * 1024 * 1024;
const CACHE: WorkloadVolume = { name: "cache", path: "/var/cache/lumbung", keeps: "cache" };

/**
 * A site's repository host: pgBackRest and restic on the site's own store, with the site's own keys. The same at both sites but for names
 * and addresses. It keeps nothing itself: repositories lie in the store. @throws where the model or the secrets lack what it needs.
 */
export function backupWorkload(model: Model, site: SiteModel, secrets: SiteSecrets): Workload {
  return workloadOf(model, site, secrets, "host", [CACHE]);
}

/**
 * Where the site's backups are restored to prove them: a scratch folder that is emptied each time, engines and applications of its own without a
 * network, no credential by which anything could be written, and no name that a database would let in.
 */
export function drillWorkload(model: Model, site: SiteModel, secrets: SiteSecrets): Workload {
  return workloadOf(model, site, secrets, "room", [CACHE, { name: "scratch", path: "/scratch", keeps: "cache" }]);
}

function workloadOf(
  model: Model,
  site: SiteModel,
  secrets: SiteSecrets,
  role: Role,
  volumes: readonly WorkloadVolume[],
): Workload {
  const { backup } = model;
  if (!backup) throw new Error(`site ${site.id}: backup: expected declared backups, received none`);
  const placement = placementOfKind(site, kindOf[role]);
  const password = secrets.backupKeys[RESTIC];
  if (!password) throw lacking(secrets, `backupKeys.${RESTIC}`, "a key");
  if (!placement.address) throw new Error(`site ${site.id}: ${placement.name}: expected an address, received none`);
  const config = backupConfig(model, site, backup, role);
  return {
    name: placement.name,
    kind: kindOf[role],
    image: imageOf[role],
    user: { uid: 2011, gid: 2011 },
    files: [
      ...tlsFiles(secrets, placement.name),
      { path: "backup.json", content: `${JSON.stringify(config, null, 1)}\n` },
      { path: "restic.env", content: resticEnv(site, backup) },
      { path: "restic.password", content: password.passphrase, secret: true },
      ...(role === "host"
        ? readersKeys(model, secrets, config.mariadb)
        : applicationFiles(model, site, backup, secrets)),
      ...storeFiles(model, site, backup, secrets, role),
    ],
    volumes,
    // As much as an application has for what it computes and keeps for a while.
    ...(role === "room" ? { scratch: { "/tmp": ROOM_TMP_BYTES } } : {}),
    reached: {
      address: placement.address,
      ...(placement.backboneAddress ? { backboneAddress: placement.backboneAddress } : {}),
    },
    // A drill gives way to everything else: `nice` orders the processes of one container alone.
    limits: { memoryBytes: placement.memoryBytes, ...(role === "room" ? { cpuShare: 1 / 16 } : {}) },
    // A backup that is told to end leaves what the next one resumes from.
    stopSeconds: 20,
  };
}

/** By what the repository host reads databases and zones. */
function readersKeys(model: Model, secrets: SiteSecrets, mariadb: readonly { readonly id: string }[]): WorkloadFile[] {
  const { name, algorithm, secret } = secrets.tsig.transfer;
  return [
    { path: "transfer.key", content: `${algorithm}:${name}:${secret}\n`, secret: true },
    ...mariadb.flatMap(({ id }): WorkloadFile[] => {
      const server = model.databaseServers.find((one) => one.id === id);
      if (!server) return [];
      return [{ path: `mariadb/${id}.password`, content: passwordOf(server, "checkpointer", secrets), secret: true }];
    }),
  ];
}

/** What each may do with the bucket of backups. */
const usesOf = { host: ["read", "write"], room: ["read", "prune"] } as const;

/** From which the image makes what asks the store in the epoch in force (D7): nothing here changes with the epoch. */
function storeFiles(
  model: Model,
  site: SiteModel,
  backup: BackupModel,
  secrets: SiteSecrets,
  role: Role,
): WorkloadFile[] {
  const conf = role === "host" ? pgbackrestHostConf : pgbackrestRoomConf;
  const held: StoreSecrets = {
    first: `${backup.bucket}/${role === "host" ? "write" : "read"}`,
    secrets: secretsOf(model, backup, secrets, role),
  };
  return [
    { path: "store/pgbackrest.conf", content: conf(model, site, backup, secrets), secret: true },
    { path: "store/secrets.json", content: `${JSON.stringify(held, null, 1)}\n`, secret: true },
  ];
}

/** By use: the bucket of backups, and to read those that are backed up. @throws if the secrets lack one. */
function secretsOf(model: Model, backup: BackupModel, secrets: SiteSecrets, role: Role): StoreSecrets["secrets"] {
  const buckets = backup.targets.filter(({ kind }) => kind === "objects").map(({ id }) => id.slice("objects:".length));
  const uses = [
    ...usesOf[role].map((use) => `${backup.bucket}/${use}`),
    ...(role === "host" && backup.evidenceBucket !== undefined ? [`${backup.evidenceBucket}/write`] : []),
    ...new Set(buckets.filter((id) => model.objects?.buckets.some((one) => one.id === id)).map((id) => `${id}/read`)),
  ];
  return Object.fromEntries(
    uses.map((use) => {
      const found = secrets.objectIdentities[use];
      if (!found) throw lacking(secrets, `objectIdentities["${use}"]`, "a secret");
      return [use, found.secret];
    }),
  );
}
