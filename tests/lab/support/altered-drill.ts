/**
 * A drill in which somebody changes one value of a restored copy before it is compared: bundled by the test, and run in a drill room. Told on
 * standard input: a RunOrder, and the database and statement; prints the report.
 */
import { text } from "node:stream/consumers";
import { paths } from "../../../services/backup/config.ts";
import { drillPostgres } from "../../../services/backup/drill/postgres.ts";
import { Room } from "../../../services/backup/drill/room.ts";
import { must } from "../../../services/backup/process.ts";
import type { RunOrder } from "../../../services/backup/wire.ts";

interface Told {
  readonly order: RunOrder;
  readonly database: string;
  readonly statement: string;
}

const { order, database, statement } = JSON.parse(await text(process.stdin)) as Told;
const work = {
  order,
  signal: new AbortController().signal,
  now: () => new Date(),
  seconds: () => performance.now() / 1000,
  awaited: () => false,
  phase: () => {},
};
const report = await drillPostgres(work, new Room(paths.scratch), {
  conf: `${paths.run}/pgbackrest.conf`,
  stanza: order.target.slice(order.target.indexOf(":") + 1),
  repository: 1,
  beforeProof: async (socket) => {
    const words = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", socket, "-U", "postgres", "-d", database];
    await must(words, { stdin: statement });
  },
});
console.log(JSON.stringify(report));
