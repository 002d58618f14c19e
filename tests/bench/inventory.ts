/** Loading and deriving 1,000 OPD with 5,000 applications against the bare YAML parse of the same files (issue 3: at most 5 times). */
import { parse } from "yaml";
import { deriveModel, type InventoryFile, parseInventory } from "../../model/index.ts";
import type { Bench } from "./bench.ts";
import { type Figure, figureOf } from "./figure.ts";
import { madeInventory } from "./made-inventory.ts";
import { median } from "./statistics.ts";

const BOUND = 5;
const ROUNDS = 5;

export const modelBench: Bench = {
  makes: ["model.1000"],
  measure: async (note) => [inventoryFigure("model.1000", { opds: 1000, applications: 5000 }, note)],
};

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Parses, checks and derives. Throws an Error if the inventory is not valid: a bench of a failure would mean nothing. */
function loadAndDerive(files: readonly InventoryFile[]): void {
  const result = parseInventory(files);
  if (!result.ok)
    throw new Error(
      `bench: expected a valid inventory, received ${result.problems.length} problems, first at ${result.problems[0]?.path}`,
    );
  deriveModel(result.inventory);
}

/** Median of the rounds, work and floor measured by turns after one unmeasured round. */
function inventoryFigure(
  name: string,
  size: { opds: number; applications: number },
  note: (text: string) => void,
): Figure {
  const files = madeInventory(size);
  const floors: number[] = [];
  const values: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    note(`round ${round} of ${ROUNDS}`);
    const floor = seconds(() => {
      for (const { text } of files) parse(text);
    });
    const value = seconds(() => loadAndDerive(files));
    if (round === 0) continue;
    floors.push(floor);
    values.push(value);
  }
  return figureOf({
    name,
    value: median(values),
    unit: "s",
    floor: median(floors),
    against: "bare YAML parse of the same files",
    bound: BOUND,
    detail: { ...size, yamlBytes: files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0), values, floors },
  });
}
