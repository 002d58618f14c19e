import type { ObjectIdentity, SiteSecrets } from "../../custody/types.ts";
import { classesOf, policyOf, RESTIC, repositoryNumber } from "../../model/derive/backup-repositories.ts";
import type { BackupModel, Model, SiteModel } from "../../model/types.ts";
import { gatewaySetting } from "../keep.ts";
import { lacking } from "../lacking.ts";
import { placementOfKind } from "../placement.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload, WorkloadFile } from "../workload.ts";
import { archivedServers, HEALTH_PORT, OBJECTS_PORT, stanzaOf, targetOf } from "./names.ts";
import { pgbackrestHostConf } from "./pgbackrest-host-conf.ts";
import { resticEnv } from "./restic.ts";

/** What `backup.json` tells the image. Nothing in it is secret. */
export interface BackupSettings {
  readonly region: string;
  readonly site: string;
  readonly healthPort: number;
  /** Names of the only clients that may ask how it is. */
  readonly clients: readonly string[];
  readonly store: string;
  readonly stanzas: readonly { readonly name: string; readonly repositories: readonly number[] }[];
}

/**
 * A site's repository host: pgBackRest and restic on the site's own store, with the site's own keys. The same at both sites but for names
 * and addresses. It keeps nothing itself: repositories lie in the store. @throws where the model or the secrets lack what it needs.
 */
export function backupWorkload(model: Model, site: SiteModel, secrets: SiteSecrets): Workload {
  const placement = placementOfKind(site, "backup");
  const { backup } = model;
  if (!backup) throw new Error(`site ${site.id}: backup: expected declared backups, received none`);
  const password = secrets.backupKeys[RESTIC];
  if (!password) throw lacking(secrets, `backupKeys.${RESTIC}`, "a key");
  if (!placement.address) throw new Error(`site ${site.id}: backup: expected an address, received none`);
  return {
    name: placement.name,
    kind: "backup",
    image: "backup",
    user: { uid: 2011, gid: 2011 },
    environment: gatewaySetting(site),
    files: [
      ...tlsFiles(secrets, placement.name),
      { path: "backup.json", content: `${JSON.stringify(backupSettings(model, site, backup), null, 1)}\n` },
      { path: "restic.env", content: resticEnv(site, backup) },
      { path: "restic.password", content: password.passphrase, secret: true },
      ...writersOf(secrets, backup).flatMap(([epoch, writer]) => ofEpoch(model, site, backup, secrets, epoch, writer)),
    ],
    volumes: [{ name: "cache", path: "/var/cache/restic", keeps: "cache" }],
    reached: {
      address: placement.address,
      ...(placement.backboneAddress ? { backboneAddress: placement.backboneAddress } : {}),
    },
    limits: { memoryBytes: placement.memoryBytes },
    // A backup that is told to end leaves what the next one resumes from.
    stopSeconds: 20,
  };
}

/** Credentials of who writes into the bucket of backups, by epoch (D7). @throws if there are none. */
function writersOf(secrets: SiteSecrets, { bucket }: BackupModel): [string, ObjectIdentity][] {
  const prefix = `${bucket}/write@`;
  const found = Object.entries(secrets.objectIdentities)
    .filter(([use]) => use.startsWith(prefix))
    .map(([use, identity]): [string, ObjectIdentity] => [use.slice(prefix.length), identity])
    .sort(([a], [b]) => Number(a) - Number(b));
  if (found.length === 0) throw lacking(secrets, `objectIdentities["${prefix}1"]`, "credentials");
  return found;
}

/** What holds the store's credentials, in the three forms in which pgBackRest, restic and curl read them. */
function ofEpoch(
  model: Model,
  site: SiteModel,
  backup: BackupModel,
  secrets: SiteSecrets,
  epoch: string,
  writer: ObjectIdentity,
): WorkloadFile[] {
  const { accessKey, secretKey } = writer;
  const folder = `epochs/${epoch}`;
  return [
    {
      path: `${folder}/pgbackrest.conf`,
      content: pgbackrestHostConf(model, site, backup, secrets, writer),
      secret: true,
    },
    {
      path: `${folder}/credentials`,
      content: `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`,
      secret: true,
    },
    {
      path: `${folder}/curl`,
      content: `user = "${accessKey}:${secretKey}"\naws-sigv4 = "aws:amz:us-east-1:s3"\n`,
      secret: true,
    },
  ];
}

export function backupSettings(model: Model, site: SiteModel, backup: BackupModel): BackupSettings {
  const { hostName } = placementOfKind(site, "objects");
  return {
    region: model.region.id,
    site: site.id,
    healthPort: HEALTH_PORT,
    clients: model.sites.flatMap(({ workloads }) =>
      workloads.filter(({ kind }) => kind === "ops").map((ops) => ops.hostName),
    ),
    store: `https://${hostName}:${OBJECTS_PORT}/${backup.bucket}`,
    stanzas: archivedServers(model).map((server) => ({
      name: stanzaOf(server),
      repositories: repositoriesOf(backup, targetOf(server)),
    })),
  };
}

function repositoriesOf(backup: BackupModel, id: string): number[] {
  const target = backup.targets.find((one) => one.id === id);
  return target ? classesOf(policyOf(backup, target).retention).map((name) => repositoryNumber[name]) : [];
}
