/** Assessing 1,000 OPD with 5,000 applications and 50,000 things that evidence says, against loading that inventory (issue 7: at most 2 times). */
import { assess } from "../../../compliance/assess.ts";
import { NO_EVIDENCE } from "../../../compliance/read-evidence.ts";
import { catalogue } from "../../../compliance/testing/catalogue.ts";
import type { Bench } from "../bench.ts";
import { type Figure, figureOf } from "../figure.ts";
import { median } from "../statistics.ts";
import { load, madeFiles, manySeen, NOW, SIZE } from "./made.ts";

const BOUND = 2;
const ROUNDS = 5;

export const assessBench: Bench = {
  makes: ["assess.1000"],
  measure: async (note) => [figure(note)],
};

function figure(note: (text: string) => void): Figure {
  const files = madeFiles();
  const all = catalogue();
  const seen = manySeen(load(files));
  const [floors, values]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    note(`round ${round} of ${ROUNDS}`);
    const began = performance.now();
    const loaded = load(files);
    const between = performance.now();
    assess({ ...loaded, catalogue: all, evidence: { ...NO_EVIDENCE, seen }, now: NOW, commit: null });
    if (round === 0) continue;
    floors.push((between - began) / 1000);
    values.push((performance.now() - between) / 1000);
  }
  return figureOf({
    name: "assess.1000",
    value: median(values),
    unit: "s",
    floor: median(floors),
    against: "loading the same inventory",
    bound: BOUND,
    detail: { ...SIZE, records: seen.length, values, floors },
  });
}
