/** pgbackrest.conf beside PostgreSQL: where its WAL goes, and which repository hosts may read it. Nothing in it is secret. */
import { classesOf, policyOf, repositoryNumber } from "../../model/derive/backup-repositories.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import { slotKeepBytes } from "../postgres/parameters.ts";
import { ini, type Section } from "./ini.ts";
import {
  archivedServers,
  HOST_CONF,
  PG_SOCKET,
  PGBACKREST_PORT,
  PGDATA,
  repositoryHost,
  stanzaOf,
  targetOf,
  tls,
} from "./names.ts";
import { PATIENCE, tlsServer } from "./pgbackrest-host-conf.ts";

/** The file; undefined where the server has no backups or the site no repository host. */
export function pgbackrestServerConf(model: Model, site: SiteModel, server: DatabaseServerModel): string | undefined {
  const host = repositoryHost(site);
  const { backup } = model;
  const target = backup?.targets.find(({ id }) => id === targetOf(server));
  if (!backup || !host || !target || !archivedServers(model).includes(server)) return undefined;
  // A base backup of a standby begins and ends at the primary, so both sites' hosts are let in.
  const readers = model.sites.flatMap((one) => repositoryHost(one) ?? []);
  const stanza = stanzaOf(server);
  return ini({
    global: [
      ...tlsServer(readers.map((reader) => [reader, stanza] as const)),
      ...howWalIsSent(site),
      ...classesOf(policyOf(backup, target).retention).flatMap((name) =>
        repository(host.hostName, `repo${repositoryNumber[name]}`),
      ),
    ],
    [stanza]: [
      ["pg1-path", PGDATA],
      ["pg1-socket-path", PG_SOCKET],
      ["pg1-user", "postgres"],
    ],
  });
}

function howWalIsSent(site: SiteModel): Section {
  return [
    ["lock-path", "/run/pgbackrest/lock"],
    ["spool-path", "/run/pgbackrest/spool"],
    ["log-level-file", "off"],
    ["log-level-console", "warn"],
    ["log-level-stderr", "off"],
    ["log-timestamp", "n"],
    ["process-max", 1],
    ["compress-type", "zst"],
    ["compress-level", 3],
    ["archive-async", "y"],
    // The standby archives too, into its own site's repositories (see the repository host).
    ["archive-mode-check", "n"],
    ["archive-timeout", 120],
    ...PATIENCE,
    // Beyond it WAL is let go rather than the disk filled; the next archive check finds the gap, and a new backup begins after it.
    ["archive-push-queue-max", Math.floor(slotKeepBytes(site.capacity.storageBytes))],
  ];
}

function repository(host: string, at: string): Section {
  return [
    [`${at}-host`, host],
    [`${at}-host-type`, "tls"],
    [`${at}-host-port`, PGBACKREST_PORT],
    [`${at}-host-ca-file`, tls.ca],
    [`${at}-host-cert-file`, tls.cert],
    [`${at}-host-key-file`, tls.key],
    [`${at}-host-config`, HOST_CONF],
  ];
}

/** PostgreSQL's own settings for it; `archive_command` is a script of images/postgres, whose name pgBackRest checks for its own. The standby archives what it receives, too: each site has a WAL stream of its own (D9). */
export function archiveParameters(server: DatabaseServerModel): Readonly<Record<string, string | number>> {
  return {
    archive_mode: "always",
    archive_command: `/usr/local/lib/lumbung/pgbackrest-archive ${stanzaOf(server)} "%p"`,
    archive_timeout: "60s",
  };
}
