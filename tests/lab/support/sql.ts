import { eventually } from "./eventually.ts";
import { engine, REGION } from "./region.ts";

const WORDS = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--dbname"];

/** Runs statements in a site's PostgreSQL as its own superuser, inside its container. @throws what psql said. */
export async function sql(site: string, workload: string, database: string, statement: string): Promise<string> {
  const { code, stdout, stderr } = await engine.exec(`${REGION}-${site}-${workload}`, [...WORDS, database], {
    stdin: statement,
  });
  if (code !== 0) throw new Error(stderr.trim() || `psql at ${site}: exit code ${code}`);
  return stdout.trim();
}

/** Whether the site's server is in recovery, that is: no primary. */
export async function isStandby(site: string, workload: string): Promise<boolean> {
  return (await sql(site, workload, "postgres", "select pg_is_in_recovery();")) === "t";
}

/** Waits until the standby has replayed everything that the active site had written at the call. */
export async function caughtUp(active: string, standby: string, workload: string, seconds: number): Promise<void> {
  const position = await sql(active, workload, "postgres", "select pg_current_wal_lsn();");
  await eventually(`${standby} at ${position}`, seconds, async () => {
    const there = await sql(standby, workload, "postgres", `select pg_last_wal_replay_lsn() >= '${position}';`);
    return there === "t" ? true : undefined;
  });
}
