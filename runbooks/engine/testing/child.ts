/**
 * For tests only: a process that begins the example's run on a world kept in a file, and kills itself at a moment.
 *   node --import tsx child.ts <folder> <moment>
 * The folder holds world.json, approval.json and roster.json.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../io/clock.ts";
import { type RosterEntry, readRoster } from "../../approvals/roster.ts";
import { begin } from "../begin.ts";
import { examplePlan, Killer, programsOf, type World } from "./world.ts";

const [folder = ".", moment = "1"] = process.argv.slice(2);
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));
const world = read("world.json") as World;

/** Every effect is in the file before the next moment; at the chosen one the process gets SIGKILL. */
class Killing extends Killer {
  override moment(): void {
    writeFileSync(join(folder, "world.json"), JSON.stringify(world));
    this.count += 1;
    if (this.count === Number(moment)) process.kill(process.pid, "SIGKILL");
  }
}

await begin(
  {
    ...{ region: "lab", folder: join(folder, "runs"), lock: join(folder, "lock") },
    ...{ clock: systemClock, commit: null },
  },
  {
    plan: examplePlan(),
    epoch: 7,
    roster: readRoster(read("roster.json") as RosterEntry[]).roster,
    approvals: [readFileSync(join(folder, "approval.json"))],
    programs: programsOf(world, new Killing()),
    wishes: { next: async () => undefined, refused: async () => {} },
  },
);
