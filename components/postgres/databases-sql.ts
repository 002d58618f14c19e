/** Roles and databases of a server as a script for psql: says what must be, changes only what is not. */

import type { DatabaseRoleSecret, SiteSecrets } from "../../custody/types.ts";
import type { DatabaseModel, DatabaseServerModel, Model } from "../../model/types.ts";
import { lacking } from "../lacking.ts";
import { checkpointFunctions, rewindFunctions } from "./grants.ts";
import { checkpointersOf, internalRoles } from "./names.ts";
import { identifier, literal } from "./sql-quoting.ts";

/** Any number: one run at a time, from whatever session. */
const lock = 4_702_111_823;

/**
 * The script. Idempotent; nothing that is no longer declared is dropped. Throws if a role has no secret, or if its
 * verifier is not one (RFC 5803), in which case PostgreSQL would store it as a password in clear.
 */
export function databasesSql(model: Model, server: DatabaseServerModel, secrets: SiteSecrets): string {
  const { replication, rewind, monitor } = internalRoles;
  const roles = new Map(server.databases.map(({ role }) => [role, secretOf(server, role, secrets)]));
  return [
    `-- Roles and databases of ${server.workload}. Run by psql as the superuser, on the primary.`,
    "\\set ON_ERROR_STOP on",
    "set client_min_messages = warning;",
    // A statement that fails would be written to the log with the verifier in it.
    "set log_min_error_statement = panic;",
    `select pg_advisory_lock(${lock});`,
    sameRegion(secrets.regionIdentity),
    ensureRole(replication, "login replication"),
    ensureRole(rewind, "login"),
    ...rewindFunctions.map((name) => `grant execute on function pg_catalog.${name} to ${identifier(rewind)};`),
    ensureRole(monitor, "login"),
    `grant pg_monitor to ${identifier(monitor)};`,
    "grant usage on schema lumbung to pg_monitor;",
    "grant select on lumbung.region to pg_monitor;",
    `grant connect on database postgres to ${identifier(rewind)}, ${identifier(monitor)};`,
    closeToPublic("postgres"),
    closeToPublic("template1"),
    ...[...roles].flatMap(([role, secret]) => [ensureRole(role, "login"), ensureVerifier(role, secret)]),
    ...server.databases.flatMap(ensureDatabase),
    ...(checkpointersOf(model).length > 0 ? ensureCheckpointer(server) : []),
    "",
  ].join("\n");
}

/** Who reads every table of every database here, and writes nothing. After the databases, which it is let into. */
function ensureCheckpointer({ databases }: DatabaseServerModel): readonly string[] {
  const role = identifier(internalRoles.checkpointer);
  return [
    ensureRole(internalRoles.checkpointer, "login bypassrls"),
    `grant pg_read_all_data, pg_monitor to ${role};`,
    ...checkpointFunctions.map((name) => `grant execute on function pg_catalog.${name} to ${role};`),
    `grant connect on database ${["postgres", ...databases.map(({ name }) => name)].map(identifier).join(", ")} to ${role};`,
  ];
}

function secretOf(server: DatabaseServerModel, role: string, secrets: SiteSecrets): DatabaseRoleSecret {
  const path = `databaseRoles["${server.id}/${role}"]`;
  const secret = secrets.databaseRoles[`${server.id}/${role}`];
  if (!secret) {
    throw lacking(secrets, `${path}`, "a password");
  }
  if (!/^SCRAM-SHA-256\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$/.test(secret.scramVerifier)) {
    throw new Error(
      `secrets of ${secrets.region}-${secrets.site}: ${path}.scramVerifier: expected SCRAM-SHA-256$…, received something else`,
    );
  }
  return secret;
}

/** Stops the script in a server of another region. */
function sameRegion(identity: string): string {
  return [
    "do $$ begin",
    `  if not exists (select from lumbung.region where identity = ${literal(identity)}::uuid) then`,
    "    raise exception 'this server is of region %, expected %',",
    `      (select identity from lumbung.region), ${literal(identity)};`,
    "  end if;",
    "end $$;",
  ].join("\n");
}

/** `statement` where `condition` holds; for what cannot stand in a transaction or a DO block. */
function when(condition: string, statement: string): string {
  return `select ${literal(statement)} where ${condition} \\gexec`;
}

function ensureRole(role: string, options: string): string {
  return when(
    `not exists (select from pg_roles where rolname = ${literal(role)})`,
    `create role ${identifier(role)} ${options}`,
  );
}

function ensureVerifier(role: string, { scramVerifier }: DatabaseRoleSecret): string {
  return when(
    `exists (select from pg_authid where rolname = ${literal(role)} and rolpassword is distinct from ${literal(scramVerifier)})`,
    `alter role ${identifier(role)} password ${literal(scramVerifier)}`,
  );
}

function ensureDatabase({ name, role }: DatabaseModel): readonly string[] {
  const is = `datname = ${literal(name)}`;
  return [
    when(
      `not exists (select from pg_database where ${is})`,
      `create database ${identifier(name)} owner ${identifier(role)} template template0 encoding 'UTF8'`,
    ),
    when(
      `exists (select from pg_database where ${is} and pg_get_userbyid(datdba) <> ${literal(role)})`,
      `alter database ${identifier(name)} owner to ${identifier(role)}`,
    ),
    closeToPublic(name),
  ];
}

/** Nobody connects to a database but its owner and whom it was granted to. */
function closeToPublic(database: string): string {
  return when(
    `exists (select from pg_database where datname = ${literal(database)} and ` +
      "(datacl is null or exists (select from aclexplode(datacl) where grantee = 0)))",
    `revoke all on database ${identifier(database)} from public`,
  );
}
