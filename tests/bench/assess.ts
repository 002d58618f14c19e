/** Assessing 1,000 OPD with 5,000 applications and 50,000 things that evidence says, against loading that inventory (issue 7: at most 2 times). */
import { assess } from "../../compliance/assess.ts";
import { NO_EVIDENCE } from "../../compliance/read-evidence.ts";
import type { Seen } from "../../compliance/seen.ts";
import { catalogue } from "../../compliance/testing/catalogue.ts";
import { healthyEvidence } from "../../compliance/testing/lab-evidence.ts";
import { deriveModel, type Inventory, type InventoryFile, type Model, parseInventory } from "../../model/index.ts";
import type { Bench } from "./bench.ts";
import { type Figure, figureOf } from "./figure.ts";
import { madeInventory } from "./made-inventory.ts";
import { median } from "./statistics.ts";

const BOUND = 2;
const ROUNDS = 5;
const RECORDS = 50_000;
const SIZE = { opds: 1000, applications: 5000 };
const NOW = new Date("2026-07-01T02:00:00Z");
const HOUR_MS = 3_600_000;

export const assessBench: Bench = {
  makes: ["assess.1000"],
  measure: async (note) => [figure(note)],
};

function load(files: readonly InventoryFile[]): { readonly inventory: Inventory; readonly model: Model } {
  const parsed = parseInventory(files);
  if (!parsed.ok) throw new Error(`bench: expected a valid inventory, received ${parsed.problems.length} problems`);
  return { inventory: parsed.inventory, model: deriveModel(parsed.inventory) };
}

/** What a region in good health said of late, and hours before that. */
function manySeen(fresh: readonly Seen[]): Seen[] {
  const all: Seen[] = [];
  for (let hours = 0; all.length < RECORDS; hours += 1) {
    const at = (one: Seen): string => new Date(Date.parse(one.observedAt) - hours * HOUR_MS).toISOString();
    all.push(...fresh.map((one) => ({ ...one, id: `${one.id}-${hours}`, observedAt: at(one) })));
  }
  return all.slice(0, RECORDS);
}

function figure(note: (text: string) => void): Figure {
  const files = madeInventory(SIZE);
  const all = catalogue();
  const region = load(files);
  const seen = manySeen(healthyEvidence({ ...region, catalogue: all, now: NOW }));
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
