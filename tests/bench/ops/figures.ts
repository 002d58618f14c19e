import { type Figure, figureOf } from "../figure.ts";
import { median } from "../statistics.ts";

const LIMIT_BYTES = 300 * 2 ** 20;
const GROWTH_BOUND = 1.1;
/** From here on it has loaded what it needs. */
const SETTLED = 50;
/** Samples before a number of runs whose median counts: collecting garbage is a matter of moments. */
const AROUND = 10;

/** @param resident bytes after each run that ended, the first after one. @throws where there are too few. */
export function opsFigures(resident: readonly number[], detail: Readonly<Record<string, unknown>>): Figure[] {
  const runs = resident.length;
  if (runs < SETTLED + AROUND) throw new Error(`ops: expected at least ${SETTLED + AROUND} samples, received ${runs}`);
  const at = (run: number): number => median(resident.slice(run - AROUND, run));
  const most = Math.max(...resident);
  const seen = { runs, atSettled: at(SETTLED), atEnd: at(runs), most, ...detail };
  return [
    figureOf({
      name: "ops.memory",
      value: at(runs),
      unit: "bytes",
      floor: LIMIT_BYTES,
      against: `300 MiB resident, after ${runs} runs`,
      bound: 1,
      detail: seen,
    }),
    figureOf({
      name: "ops.growth",
      value: at(runs),
      unit: "bytes",
      floor: at(SETTLED),
      against: `what it was after ${SETTLED} runs`,
      bound: GROWTH_BOUND,
      detail: seen,
    }),
  ];
}
