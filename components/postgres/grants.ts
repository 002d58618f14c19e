/** What roles may hold in a PostgreSQL server: what its script grants (databases-sql.ts), and what the inventory records leave for. */
import { leavesOf } from "../../model/derive/leaves.ts";
import type { DeclaredGrant } from "../../model/grants.ts";
import type { DatabaseServerModel, Model } from "../../model/types.ts";
import { checkpointersOf, internalRoles } from "./names.ts";

/** What pg_rewind calls as a role that is no superuser (PostgreSQL, pg_rewind, notes). */
export const rewindFunctions = [
  "pg_ls_dir(text, boolean, boolean)",
  "pg_stat_file(text, boolean)",
  "pg_read_binary_file(text)",
  "pg_read_binary_file(text, bigint, bigint, boolean)",
] as const;

/** What a digest checkpoint calls: on a standby to stand at one position of the log, on the primary to mark it. In the database `postgres` alone. */
export const checkpointFunctions = [
  "pg_wal_replay_pause()",
  "pg_wal_replay_resume()",
  "pg_get_wal_replay_pause_state()",
  "pg_is_wal_replay_paused()",
  "pg_create_restore_point(text)",
  "pg_switch_wal()",
] as const;

/** A superuser holds everything: of it that alone is told. */
export function declaredGrants(model: Model, server: DatabaseServerModel): DeclaredGrant[] {
  const { superuser, replication, rewind, monitor, checkpointer } = internalRoles;
  const own = "postgres";
  return [
    { role: superuser, database: "*", may: ["SUPERUSER"] },
    { role: replication, database: "*", may: ["REPLICATION"] },
    { role: rewind, database: own, may: ["CONNECT", ...rewindFunctions.map(execute)] },
    { role: monitor, database: "*", may: ["MEMBER OF pg_monitor"] },
    { role: monitor, database: own, may: ["CONNECT"] },
    { role: "pg_monitor", database: own, may: ["USAGE on schema lumbung", "SELECT on table lumbung.region"] },
    ...(checkpointersOf(model).length === 0
      ? []
      : [
          {
            role: checkpointer,
            database: "*",
            may: ["BYPASSRLS", "MEMBER OF pg_read_all_data", "MEMBER OF pg_monitor"],
          },
          { role: checkpointer, database: own, may: ["CONNECT", ...checkpointFunctions.map(execute)] },
          ...server.databases.map(({ name }) => ({ role: checkpointer, database: name, may: ["CONNECT"] })),
        ]),
    ...server.databases.map(({ role, name }) => ({ role, database: name, may: "all" as const })),
    ...leavesOf(model, server),
  ];
}

/** As the catalogue writes a function: without spaces. */
const execute = (name: string): string => `EXECUTE on function ${name.replaceAll(", ", ",")}`;
