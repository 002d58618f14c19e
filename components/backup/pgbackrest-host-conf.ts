/** pgbackrest.conf of a site's repository host: its repositories in the site's own store, and the servers that it backs up. Secret. */
import type { SiteSecrets } from "../../custody/types.ts";
import {
  classesOf,
  policyOf,
  type RepositoryClass,
  repositoryName,
  repositoryNumber,
} from "../../model/derive/backup-repositories.ts";
import { PLACES } from "../../model/store-keys.ts";
import type { BackupModel, DatabaseServerModel, Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { lacking } from "../lacking.ts";
import { placementOfKind } from "../placement.ts";
import { ini, type Section } from "./ini.ts";
import {
  archivedServers,
  OBJECTS_PORT,
  PG_SOCKET,
  PGBACKREST_PORT,
  PGDATA,
  SERVER_CONF,
  serversOf,
  stanzaOf,
  targetOf,
  tls,
} from "./names.ts";
import { repositoryRetention } from "./pgbackrest-retention.ts";

/** The file, with places for the store's credentials. @throws if the secrets lack a key. */
export function pgbackrestHostConf(model: Model, site: SiteModel, backup: BackupModel, secrets: SiteSecrets): string {
  const servers = archivedServers(model);
  const stanzas = servers.map((server) => [stanzaOf(server), stanza(model, site, backup, server, secrets)] as const);
  return ini({
    global: [
      ...tlsServer(ownServers(site, servers)),
      ...howBackupsAreMade(site),
      ...repositories(site, backup, servers),
    ],
    ...Object.fromEntries(stanzas),
  });
}

/** Each class's repository that one of the servers has. */
export function repositories(site: SiteModel, backup: BackupModel, servers: readonly DatabaseServerModel[]): Section {
  const classes = new Set(servers.flatMap((server) => classesOf(retentionOf(backup, server))));
  return [...classes].flatMap((name) => repository(site, backup, name));
}

const retentionOf = (backup: BackupModel, server: DatabaseServerModel) => policyFor(backup, server).retention;

function policyFor(backup: BackupModel, server: DatabaseServerModel) {
  const target = backup.targets.find(({ id }) => id === targetOf(server));
  if (!target) throw new Error(`backup: expected ${targetOf(server)} among the targets, received none`);
  return policyOf(backup, target);
}

/** D9: only this site's own servers put anything into its repositories. */
function ownServers(site: SiteModel, servers: readonly DatabaseServerModel[]): [WorkloadPlacement, string][] {
  return servers.flatMap((server) =>
    site.workloads
      .filter(({ kind, of }) => kind === "postgresql" && of === server.id)
      .map((placement): [WorkloadPlacement, string] => [placement, stanzaOf(server)]),
  );
}

/** pgBackRest's server, which lets in certificates of these names, each for its stanza. */
export function tlsServer(clients: readonly (readonly [Pick<WorkloadPlacement, "hostName">, string])[]): Section {
  return [
    ["tls-server-address", "*"],
    ["tls-server-port", PGBACKREST_PORT],
    ["tls-server-ca-file", tls.ca],
    ["tls-server-cert-file", tls.cert],
    ["tls-server-key-file", tls.key],
    ...clients.map(([{ hostName }, stanza]) => ["tls-server-auth", `${hostName}=${stanza}`] as const),
  ];
}

function howBackupsAreMade(site: SiteModel): Section {
  return [
    ["lock-path", "/run/backup/lock"],
    ["spool-path", "/run/backup/spool"],
    ["log-level-file", "off"],
    ["log-level-console", "info"],
    ["log-level-stderr", "off"],
    ["log-timestamp", "n"],
    ["process-max", processesOf(site)],
    ["compress-type", "zst"],
    ["compress-level", 3],
    // Without it a backup waits for the next checkpoint: minutes.
    ["start-fast", "y"],
    // Each site's server archives into that site's repositories alone, the standby too: no two write into one.
    ["archive-mode-check", "n"],
    ["archive-timeout", 120],
    ...PATIENCE,
    ["resume", "y"],
  ];
}

/**
 * For how long a query, and the process at the other end, may be silent, seconds: pgBackRest's own half hour would keep the next attempt waiting
 * for so long after a connection was lost. The second has to be longer than the first (its manual, `protocol-timeout`).
 */
export const PATIENCE: Section = [
  ["db-timeout", 600],
  ["protocol-timeout", 660],
];

/** Half the site's processors: a backup goes on beside the day's work. */
export const processesOf = ({ capacity }: SiteModel): number => Math.max(1, Math.min(4, Math.floor(capacity.cpus / 2)));

function repository(site: SiteModel, { bucket }: BackupModel, name: RepositoryClass): Section {
  const at = `repo${repositoryNumber[name]}`;
  const { hostName } = placementOfKind(site, "objects");
  return [
    [`${at}-type`, "s3"],
    [`${at}-path`, `/pgbackrest/${name}`],
    [`${at}-s3-bucket`, bucket],
    [`${at}-s3-endpoint`, hostName],
    [`${at}-s3-region`, "us-east-1"],
    [`${at}-s3-uri-style`, "path"],
    [`${at}-s3-key`, PLACES.accessKey],
    [`${at}-s3-key-secret`, PLACES.secretKey],
    [`${at}-storage-port`, OBJECTS_PORT],
    [`${at}-storage-ca-file`, tls.ca],
    [`${at}-bundle`, "y"],
    [`${at}-block`, "y"],
  ];
}

function stanza(
  model: Model,
  site: SiteModel,
  backup: BackupModel,
  server: DatabaseServerModel,
  secrets: SiteSecrets,
): Section {
  const policy = policyFor(backup, server);
  return [
    ...ciphers(backup, server, secrets),
    ...classesOf(policy.retention).flatMap((name): Section => {
      const at = `repo${repositoryNumber[name]}`;
      const { full, archive } = repositoryRetention(policy, name);
      return [
        [`${at}-retention-full-type`, "count"],
        [`${at}-retention-full`, full],
        [`${at}-retention-archive-type`, "full"],
        [`${at}-retention-archive`, archive],
      ];
    }),
    // Which of them is the primary, pgBackRest asks them (D3).
    ...serversOf(model, site, server).flatMap((placement, index) => postgres(placement, `pg${index + 1}`)),
  ];
}

/** By which each of the server's repositories is opened. @throws if the secrets lack a key. */
export function ciphers(backup: BackupModel, server: DatabaseServerModel, secrets: SiteSecrets): Section {
  return classesOf(retentionOf(backup, server)).flatMap((name): Section => {
    const at = `repo${repositoryNumber[name]}`;
    const repositoryId = repositoryName(targetOf(server), name);
    const key = secrets.backupKeys[repositoryId];
    if (!key) throw lacking(secrets, `backupKeys["${repositoryId}"]`, "a key");
    return [
      [`${at}-cipher-type`, "aes-256-cbc"],
      [`${at}-cipher-pass`, key.passphrase],
    ];
  });
}

function postgres({ hostName }: WorkloadPlacement, at: string): Section {
  return [
    [`${at}-host`, hostName],
    [`${at}-host-type`, "tls"],
    [`${at}-host-port`, PGBACKREST_PORT],
    [`${at}-host-ca-file`, tls.ca],
    [`${at}-host-cert-file`, tls.cert],
    [`${at}-host-key-file`, tls.key],
    [`${at}-host-config`, SERVER_CONF],
    [`${at}-path`, PGDATA],
    [`${at}-socket-path`, PG_SOCKET],
    [`${at}-user`, "postgres"],
  ];
}
