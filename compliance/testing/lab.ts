/** For tests only: the lab, assessed with all the evidence of a region in good health, or with some of it altered. */
import { deriveModel, type Inventory, type Model, parseInventory } from "../../model/index.ts";
import { labFiles, valid } from "../../model/testing/lab.ts";
import { type AssessInput, assess } from "../assess.ts";
import type { Assessment, DutyResult } from "../assessment.ts";
import { NO_EVIDENCE, type ReadEvidence } from "../read-evidence.ts";
import type { Seen } from "../seen.ts";
import { catalogue } from "./catalogue.ts";
import { healthyEvidence } from "./lab-evidence.ts";

export const NOW = new Date("2026-07-01T02:00:00Z");

export const all = catalogue();

export interface Region {
  readonly inventory: Inventory;
  readonly model: Model;
}

let whole: Region | undefined;

export function lab(): Region {
  if (whole === undefined) {
    const inventory = valid(parseInventory(labFiles));
    whole = { inventory, model: deriveModel(inventory) };
  }
  return whole;
}

export const labEvidence = (): Seen[] => healthyEvidence({ ...lab(), catalogue: all, now: NOW });

export const asRead = (seen: readonly Seen[], rest: Partial<ReadEvidence> = {}): ReadEvidence => ({
  ...NO_EVIDENCE,
  records: seen.length,
  verified: seen.length,
  ...rest,
  seen,
});

export function assessLab(rest: Partial<AssessInput> = {}): Assessment {
  return assess({ ...lab(), catalogue: all, evidence: asRead(labEvidence()), now: NOW, commit: null, ...rest });
}

export function dutyOf({ duties }: Pick<Assessment, "duties">, id: string): DutyResult {
  const found = duties.find((duty) => duty.id === id);
  if (!found) throw new Error(`no duty ${id}`);
  return found;
}
