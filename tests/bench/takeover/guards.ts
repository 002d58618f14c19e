/** pgbench on a server whose parents are the keeper of the lease and its watch, and on the same server without them (issue 6: at least 0.95 of it). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../../../io/repository.ts";
import { transactionsPerSecond } from "../backup/words.ts";
import type { Bench } from "../bench.ts";
import { guardsFigure } from "./figures.ts";
import { scaleFor } from "./size.ts";
import { PATIENCE, POSTGRES, type SiteId, type TakeoverStand, takeoverStand } from "./stand.ts";
import { loadWords, pgbenchWords, unguardedStart } from "./words.ts";

const TURNS = 5;
const ROUNDS = 3;
const ROUND_SECONDS = 8;
const MEBIBYTES = 256;
const DATABASE = "lumbung_bench";
const START = "/usr/local/lib/lumbung/start";

export const guardsBench: Bench = {
  makes: ["guards.pgbench"],
  measure: async (note) => {
    const stand = await takeoverStand(note);
    const { active } = await stand.standing();
    note(`pgbench: a database of ${MEBIBYTES} MiB`);
    await stand.sql(active, "postgres", `create database ${DATABASE}`);
    await stand.said(active, POSTGRES, loadWords(scaleFor(MEBIBYTES), DATABASE));
    const [guarded, unguarded]: [number[], number[]] = [[], []];
    try {
      for (let turn = 1; turn <= TURNS; turn += 1) {
        note(`turn ${turn} of ${TURNS}: with and without guards`);
        const parts = [
          async () => void guarded.push(...(await measured(stand, active, true))),
          async () => void unguarded.push(...(await measured(stand, active, false))),
        ];
        for (const part of turn % 2 === 1 ? parts : parts.reverse()) await part();
      }
    } finally {
      await started(stand, active, true);
      await stand.sql(active, "postgres", `drop database ${DATABASE}`);
    }
    const detail = { mebibytes: MEBIBYTES, clients: 4, roundSeconds: ROUND_SECONDS, turns: TURNS };
    return [guardsFigure({ guarded, unguarded }, detail)];
  },
};

/** Rounds after one that nobody measures, which reads what the others read again. */
async function measured(stand: TakeoverStand, site: SiteId, guards: boolean): Promise<number[]> {
  await started(stand, site, guards);
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    // From a checkpoint on, each round writes every page that it touches as a whole once more.
    await stand.sql(site, "postgres", "checkpoint");
    const said = await stand.said(site, POSTGRES, pgbenchWords(ROUND_SECONDS, DATABASE));
    if (round > 0) rates.push(transactionsPerSecond(said));
  }
  return rates;
}

/** Patroni asks before it promotes, and there is nobody to ask. */
function unguarded(): Readonly<Record<string, string>> {
  const own = readFileSync(join(REPOSITORY, "images/postgres", START), "utf8");
  return { [START]: unguardedStart(own), "/usr/local/lib/lumbung/pre-promote": "#!/bin/sh\nexit 0\n" };
}

/** In the same container with the same data, settings and standby. @throws where it does not run as it should: then its rate would be of something else. */
async function started(stand: TakeoverStand, site: SiteId, guards: boolean): Promise<void> {
  stand.restart(site, guards ? {} : unguarded());
  await stand.guards.writes(site, POSTGRES, true, PATIENCE);
  const { guards: asked } = stand;
  const keepers = asked.exec(site, POSTGRES, ["pgrep", "--count", "--full", "lease_(keeper|watch)\\.py"]).said.trim();
  if (guards) await asked.until(site, POSTGRES, { state: "open", code: "leased", engine: "armed" }, PATIENCE);
  else if (keepers !== "0") throw new Error(`bench: expected no guard at ${site}, received ${keepers}`);
}
