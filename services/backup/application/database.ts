/** The restored engine as an application's drill asks it: as its superuser, over its socket; and how the application itself is let in. */
import { userInfo } from "node:os";
import type { ToldApplication } from "../config.ts";
import { ask, type Mariadb, openOverSocket } from "../content/mariadb-connection.ts";
import { endQuietly, overSocket } from "../content/postgres-connection.ts";
import { NotRestored } from "../drill/course.ts";
import type { Query } from "./witness.ts";

const SUPERUSER = "postgres";

/** Asks PostgreSQL in the application's database. @throws what it says. */
export async function askPostgres<Value>(
  folder: string,
  { database }: ToldApplication,
  use: (query: Query) => Promise<Value>,
): Promise<Value> {
  const client = await overSocket(folder, SUPERUSER)(database.name);
  try {
    return await use(async (sql) => (await client.query<Record<string, unknown>>(sql)).rows);
  } finally {
    await endQuietly(client);
  }
}

/** Asks MariaDB in the application's database, and lets the application in as itself. @throws what it says. */
export async function askMariadb<Value>(
  socket: string,
  { database }: ToldApplication,
  use: (query: Query) => Promise<Value>,
): Promise<Value> {
  const { username } = userInfo();
  const connection = await openOverSocket(socket, username);
  try {
    await ask(connection, `USE \`${database.name.replaceAll("`", "``")}\``);
    await letIn(connection, database.user, username);
    return await use((sql) => ask(connection, sql));
  } finally {
    connection.destroy();
  }
}

/**
 * The application's own account, with what it may do as it was restored: by the kernel's word in the place of a password, which is not here.
 * @throws NotRestored where the copy has no such account.
 */
async function letIn(connection: Mariadb, user: string, systemUser: string): Promise<void> {
  const hosts = await ask(connection, "SELECT host FROM mysql.global_priv WHERE user = ?", [user]);
  if (hosts.length === 0)
    throw new NotRestored({
      id: `akun "${user}" tidak ada dalam salinan: aplikasinya tidak akan dapat membuka basis datanya`,
      en: `account "${user}" is not in the copy: the application could not open its database`,
    });
  for (const { host } of hosts)
    await ask(connection, "ALTER USER ?@? IDENTIFIED VIA unix_socket AS ? REQUIRE NONE", [
      user,
      String(host),
      systemUser,
    ]);
}
