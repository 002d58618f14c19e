/** pgbench on the primary while the recovery site drills, and without: what serves people must hardly notice. */
import type { Bench } from "../bench.ts";
import { besideFigure } from "./figures.ts";
import { benchMebibytes, pgbenchScale } from "./size.ts";
import { type BenchStand, benchStand, DATABASE, PRIMARY, RECOVERY } from "./stand.ts";
import { pgbenchWords, transactionsPerSecond } from "./words.ts";

const DRILLS = 2;
const ROUND_SECONDS = 8;
/** During one drill, at most, and as many without at most. */
const MOST_ROUNDS = 10;

export const besideBench: Bench = {
  makes: ["backup.drill-beside"],
  measure: async (note) => {
    const bench = await benchStand(note);
    const { report, proof } = await bench.database(note);
    const [beside, alone]: [number[], number[]] = [[], []];
    const drillSeconds: number[] = [];
    // Not measured: what was read last is in the cache from here on.
    await transactions(bench);
    for (let drill = 1; drill <= DRILLS; drill += 1) {
      note(`drill ${drill} of ${DRILLS}: pgbench beside it`);
      const order = bench.databaseOrder({ action: "drill", copy: report.copy, proof });
      const begun = performance.now();
      bench.stand.begin(RECOVERY, "drill", order);
      const during: number[] = [];
      while (during.length < MOST_ROUNDS) {
        const seen = await transactions(bench);
        // Of a round in which it ended, nobody knows for how long there was one.
        if (bench.stand.state(RECOVERY, "drill", order.id).state !== "running") break;
        during.push(seen);
      }
      await bench.drilled(RECOVERY, order);
      drillSeconds.push((performance.now() - begun) / 1000);
      beside.push(...during);
      note(`drill ${drill} of ${DRILLS}: pgbench without it`);
      for (let round = 0; round < Math.max(1, during.length); round += 1) alone.push(await transactions(bench));
    }
    const detail = {
      ...{
        mebibytes: benchMebibytes(),
        scale: pgbenchScale(benchMebibytes()),
        clients: 4,
        roundSeconds: ROUND_SECONDS,
      },
      drillsPassed: DRILLS,
      drillSeconds,
    };
    return [besideFigure({ beside, alone }, detail)];
  },
};

/** A round, from a checkpoint on: each writes every page that it touches as a whole once more. */
async function transactions(bench: BenchStand): Promise<number> {
  bench.stand.sql(PRIMARY, "postgres", "checkpoint");
  return transactionsPerSecond(await bench.said(PRIMARY, "postgres-utama", pgbenchWords(ROUND_SECONDS, DATABASE)));
}
