/** From commit at the active site to visible at the standby, as a multiple of one network round trip plus one flush (issue 3). */
import { containerName } from "../../../components/runtime/docker/names.ts";
import type { Model, SiteModel } from "../../../model/types.ts";
import { eventually } from "../../lab/support/eventually.ts";
import { engine, labModel, REGION } from "../../lab/support/region.ts";
import type { Bench } from "../bench.ts";
import { labIsDown } from "../memory.ts";
import { replicationFigures, type Samples } from "./figures.ts";
import { ECHO_COMMAND, parseFloor, sampleCommand } from "./floor.ts";
import { CLEAN_SQL, commitSql, type Pace, PLACE_SQL, prepareSql, READY_SQL, watchSql } from "./sql.ts";

/** Floor and commits by turns, so that what else the disk does meets both. */
const ROUNDS = 6;
const FLOOR_SAMPLES = 50;
const PACE: Pace = { commits: 50, gapMs: 100, watchMs: 20, patienceSeconds: 60 };

export const replicationBench: Bench = {
  makes: ["replication.median", "replication.p99"],
  measure: async (note) => {
    const { active, standby } = await findServers(await labModel());
    try {
      await sql(active, prepareSql(PACE));
      await eventually("the bench's function at the standby", 30, async () =>
        (await sql(standby, READY_SQL)) === "t" ? true : undefined,
      );
      return replicationFigures(await sample(active, standby, note));
    } finally {
      await sql(active, CLEAN_SQL);
    }
  },
};

interface Server {
  readonly container: string;
  readonly hostName: string;
}

async function sample(active: Server, standby: Server, note: (text: string) => void): Promise<Samples> {
  const samples = { latencies: [] as number[], roundTrips: [] as number[], flushes: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    note(`round ${round + 1} of ${ROUNDS}`);
    const [sampled] = await Promise.all([
      exec(active, sampleCommand(standby.hostName, FLOOR_SAMPLES)),
      exec(standby, ECHO_COMMAND),
    ]);
    const floor = parseFloor(sampled);
    samples.roundTrips.push(...floor.roundTrips);
    samples.flushes.push(...floor.flushes);
    const first = round * (PACE.commits + 1);
    const [seen] = await Promise.all([sql(standby, watchSql(first, PACE)), sql(active, commitSql(first, PACE))]);
    samples.latencies.push(...seen.split("\n").map(Number));
  }
  return samples;
}

/** The two servers of the region's first PostgreSQL. @throws where not one is active and one standing by, on one clock. */
async function findServers(model: Model): Promise<{ active: Server; standby: Server }> {
  const found = await Promise.all(
    model.sites.map(async (site) => {
      const server = serverOf(site);
      const [recovery, clock, stamped] = (await sql(server, PLACE_SQL)).split("|");
      if (stamped !== "on")
        throw new Error(`${server.container}: expected track_commit_timestamp on, received ${stamped}`);
      return { ...server, recovery: recovery === "t", clock };
    }),
  );
  const active = found.filter(({ recovery }) => !recovery);
  const standby = found.filter(({ recovery }) => recovery);
  if (!active[0] || !standby[0] || active.length + standby.length !== 2)
    throw labIsDown(`expected one active server and one standby, found ${active.length} and ${standby.length}`);
  if (active[0].clock !== standby[0].clock)
    throw new Error(
      "replication: expected both servers on one machine, found two clocks: their times cannot be compared",
    );
  return { active: active[0], standby: standby[0] };
}

function serverOf(site: SiteModel): Server {
  const placement = site.workloads.find(({ kind }) => kind === "postgresql");
  if (!placement) throw new Error(`site ${site.id}: no PostgreSQL is declared`);
  return { container: containerName({ region: REGION, site: site.id }, placement.name), hostName: placement.hostName };
}

const PSQL = [
  "psql",
  "--no-psqlrc",
  "--quiet",
  "--tuples-only",
  "--no-align",
  "--set",
  "ON_ERROR_STOP=1",
  "--dbname",
  "postgres",
];

function sql(server: Server, statements: string): Promise<string> {
  return exec(server, PSQL, statements);
}

async function exec({ container }: Server, words: readonly string[], stdin?: string): Promise<string> {
  const { code, stdout, stderr } = await engine.exec(container, words, stdin === undefined ? {} : { stdin });
  if (code !== 0) throw new Error(`${words[0]} in ${container}: exit code ${code}\n${stderr}`);
  return stdout.trim();
}
