/** What accounts and databases a server must have, for the agent beside it, which makes up the difference (mariadb_accounts.py). */

import { createHash } from "node:crypto";
import type { SiteSecrets } from "../../custody/types.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import { repositoryHost } from "../backup/names.ts";
import { lacking } from "../lacking.ts";
import { internalAccounts, issuerOf, placementAt, sitesOf, subjectOf } from "./names.ts";

export interface Accounts {
  readonly databases: readonly string[];
  /** Users of the server itself: those of their accounts that are not listed are dropped. */
  readonly internal: readonly string[];
  readonly accounts: readonly Account[];
}

export interface Account {
  readonly user: string;
  /** Address from which it connects; `%` any. */
  readonly host: string;
  /** What MariaDB keeps of the password (mysql_native_password). */
  readonly hash: string;
  /** Certificate that it must show, besides the password. Absent: TLS without one. */
  readonly subject?: string;
  readonly issuer?: string;
  /** Pairs of privileges and what they are on, as SHOW GRANTS writes them. */
  readonly grants: readonly (readonly [string, string])[];
}

/**
 * Accounts are data: they are declared on the primary and replicated, so they are the same whichever site renders them.
 * Applications come through either site's gateway and may have any address; the server's own accounts have one, and a certificate.
 * Throws if a role has no secret.
 */
export function accountsOf(model: Model, site: SiteModel, server: DatabaseServerModel, secrets: SiteSecrets): Accounts {
  return {
    databases: server.databases.map(({ name }) => checked(name)),
    internal: Object.values(internalAccounts),
    accounts: knownAccounts(model, site, server).map((account) => ({
      ...account,
      hash: nativeHash(passwordOf(server, account.user, secrets)),
    })),
  };
}

/** As far as no secret tells. */
export type KnownAccount = Omit<Account, "hash">;

export function knownAccounts(model: Model, site: SiteModel, server: DatabaseServerModel): KnownAccount[] {
  const sites = [...sitesOf(model, site, server)].sort((a, b) => (a.id < b.id ? -1 : 1));
  return [
    ...applicationAccounts(server),
    ...sites.flatMap((at) => replicator(model, at, server)),
    ...sites.flatMap((at) => monitor(model, at)),
    ...sites.flatMap((at) => checkpointer(model, at, server)),
  ];
}

/** Each role owns its databases, and sees no other. */
function applicationAccounts(server: DatabaseServerModel): KnownAccount[] {
  const roles = [...new Set(server.databases.map(({ role }) => role))];
  return roles.map((role) => ({
    user: checked(role),
    host: "%",
    grants: server.databases
      .filter((database) => database.role === role)
      .map(({ name }) => ["ALL PRIVILEGES", `${grantedDatabase(name)}.*`]),
  }));
}

/** From the server of this site, which may stream from the other one. */
function replicator(model: Model, site: SiteModel, server: DatabaseServerModel): KnownAccount[] {
  const placement = placementAt(site, server);
  if (!placement.backboneAddress) return [];
  return [
    {
      user: internalAccounts.replicator,
      host: placement.backboneAddress,
      subject: subjectOf(placement),
      issuer: issuerOf(model, site),
      grants: [["REPLICATION SLAVE", "*.*"]],
    },
  ];
}

/** From the site's `ops`, over the site's own network or over the backbone. */
function monitor(model: Model, site: SiteModel): KnownAccount[] {
  const ops = site.workloads.find(({ kind }) => kind === "ops");
  if (!ops) return [];
  return [ops.address, ops.backboneAddress].flatMap((host) =>
    host === undefined
      ? []
      : [
          {
            user: internalAccounts.monitor,
            host,
            subject: subjectOf(ops),
            issuer: issuerOf(model, site),
            grants: [
              ["PROCESS, SLAVE MONITOR", "*.*"],
              ["SELECT", "`lumbung`.*"],
            ] as const,
          },
        ],
  );
}

/**
 * From the site's own repository host, which makes digest checkpoints of its own site's server: over the site's network alone. It reads the tables
 * of the declared databases in one snapshot, and where that snapshot is (SHOW MASTER STATUS; on a standby what it has applied, in the one table
 * of `mysql`); no accounts, and it locks nothing.
 */
function checkpointer(model: Model, site: SiteModel, server: DatabaseServerModel): KnownAccount[] {
  const host = repositoryHost(site);
  if (!host?.address) return [];
  const account: KnownAccount = {
    user: internalAccounts.checkpointer,
    host: host.address,
    subject: subjectOf(host),
    issuer: issuerOf(model, site),
    grants: [
      ["BINLOG MONITOR", "*.*"],
      ["SELECT", "`mysql`.`gtid_slave_pos`"],
      ["SELECT", "`lumbung`.*"],
      ...server.databases.map(({ name }) => ["SELECT", `${grantedDatabase(name)}.*`] as const),
    ],
  };
  return [account];
}

/** Password of a role of this server. Throws if it has none. */
export function passwordOf(server: DatabaseServerModel, role: string, secrets: SiteSecrets): string {
  const secret = secrets.databaseRoles[`${server.id}/${role}`];
  if (!secret) {
    throw lacking(secrets, `databaseRoles["${server.id}/${role}"]`, "a password");
  }
  return secret.password;
}

/**
 * `*` and the SHA-1 of the password's SHA-1 in hex (MariaDB, "mysql_native_password"). The only way that PHP's own driver knows; without salt,
 * so it is as good as the password is long: custody makes them at random.
 */
export function nativeHash(password: string): string {
  const once = createHash("sha1").update(password).digest();
  return `*${createHash("sha1").update(once).digest("hex").toUpperCase()}`;
}

/** In GRANT a `_` or `%` of a database's name stands for others (MariaDB, GRANT, "Database Privileges"). */
function grantedDatabase(name: string): string {
  return `\`${checked(name).replaceAll(/[_%]/g, "\\$&")}\``;
}

/** Names that need no thought about quoting, and that MariaDB does not cut (64 for a database, 80 for a user). */
function checked(name: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw new Error(`SQL name: expected 1 to 64 letters, digits, _ and -, received ${JSON.stringify(name)}`);
  }
  return name;
}
