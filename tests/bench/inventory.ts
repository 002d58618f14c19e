/** Loading and deriving 1,000 OPD with 5,000 applications against the bare YAML parse of the same files (issue 3: at most 5 times). */
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { deriveModel, type InventoryFile, parseInventory } from "../../model/index.ts";
import { madeInventory } from "./made-inventory.ts";

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number;
  readonly ratio: number;
  readonly bound: number;
  readonly ok: boolean;
}

const bound = 5;

function seconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Parses, checks and derives. Throws an Error if the inventory is not valid: a bench of a failure would mean nothing. */
export function loadAndDerive(files: readonly InventoryFile[]): void {
  const result = parseInventory(files);
  if (!result.ok)
    throw new Error(
      `bench: expected a valid inventory, received ${result.problems.length} problems, first at ${result.problems[0]?.path}`,
    );
  deriveModel(result.inventory);
}

/** The figure of the `bench` shape: median of the rounds, work and floor measured by turns after one unmeasured round. */
export function inventoryFigure(size: { opds: number; applications: number }, rounds: number): Figure {
  const files = madeInventory(size);
  const floors: number[] = [];
  const values: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const floor = seconds(() => {
      for (const { text } of files) parse(text);
    });
    const value = seconds(() => loadAndDerive(files));
    if (round === 0) continue;
    floors.push(floor);
    values.push(value);
  }
  const [floor, value] = [median(floors), median(values)];
  const ratio = value / floor;
  return {
    name: `inventory-load-derive-${size.opds}-${size.applications}`,
    value,
    unit: "s",
    floor,
    ratio,
    bound,
    ok: ratio <= bound,
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const figures = [
    inventoryFigure({ opds: 200, applications: 1000 }, 5),
    inventoryFigure({ opds: 1000, applications: 5000 }, 5),
  ];
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (figures.some(({ ok }) => !ok)) process.exitCode = 1;
}
