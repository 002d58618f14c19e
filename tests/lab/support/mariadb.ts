/** The lab's MariaDB as its own administrator sees it, inside its container. */
import type { DatabaseServerModel, Model, SiteModel } from "../../../model/types.ts";
import { eventually } from "./eventually.ts";
import { engine, REGION } from "./region.ts";

const WORDS = ["mariadb", "--batch", "--skip-column-names"];

/** The lab's running MariaDB. @throws where it declares none. */
export function mariadbServer(model: Model): DatabaseServerModel {
  const found = model.databaseServers.find((one) => one.engine === "mariadb" && one.running);
  if (!found) throw new Error("the lab declares no running MariaDB");
  return found;
}

/** As the server's own user, over its socket. @throws what MariaDB said. */
export async function mariadb(site: string, workload: string, statement: string): Promise<string> {
  const { code, stdout, stderr } = await engine.exec(`${REGION}-${site}-${workload}`, WORDS, { stdin: statement });
  if (code !== 0) throw new Error(stderr.trim() || stdout.trim() || `mariadb at ${site}: exit code ${code}`);
  return stdout.trim();
}

/** Waits until the standby has applied everything that the active site had written at the call (MASTER_GTID_WAIT). */
export async function mariadbCaughtUp(
  active: SiteModel,
  standby: SiteModel,
  workload: string,
  seconds: number,
): Promise<void> {
  const position = await mariadb(active.id, workload, "select @@gtid_binlog_pos;");
  await eventually(`${standby.id} at ${position}`, seconds, async () => {
    const reached = await mariadb(standby.id, workload, `select master_gtid_wait('${position}', 1);`);
    return reached === "0" ? true : undefined;
  });
}
