/**
 * Mutation of a region: the breaking example of each duty is applied to its inventory or its evidence, never to a status, and the duty
 * must turn red, with no other than those that its example lists as following. Pure: files and evidence are handed in.
 */
import { deriveModel, type Inventory, type InventoryFile, parseInventory } from "../model/index.ts";
import { text } from "../model/text.ts";
import type { Model, Text } from "../model/types.ts";
import { assess } from "./assess.ts";
import type { Assessment } from "./assessment.ts";
import type { Catalogue } from "./catalogue.ts";
import { applyEdits, type InventoryValues } from "./edits.ts";
import { applyEvidenceEdits } from "./evidence-edits.ts";
import { NO_EVIDENCE } from "./read-evidence.ts";
import { isRed, turnedRed } from "./red.ts";
import type { Duty, Way } from "./schema/duty.ts";
import { PARTS } from "./schema/parts.ts";
import { fieldsOf, type Seen } from "./seen.ts";

/** `refused`: the inventory is not even valid, so it never runs; it counts as killed. */
export type Fate = "killed" | "refused" | "survived" | "misfit" | "not-run";

export interface Mutant {
  readonly duty: string;
  readonly kind: Duty["breaking"]["kind"];
  readonly fate: Fate;
  /** Why it was not run, or how it survived. */
  readonly reason: Text | null;
  /** Duties that turned red and are not listed as following. */
  readonly falseReds: readonly string[];
}

export interface MutationRun {
  readonly mutants: readonly Mutant[];
  /** Duties that are red where nothing was broken. */
  readonly redUnbroken: readonly string[];
  readonly baseline: Assessment;
}

export interface MutationInput {
  readonly catalogue: Catalogue;
  /** Values of the inventory's files, by name. */
  readonly values: InventoryValues;
  /** What evidence of a region in good health says. */
  readonly evidenceOf: (region: { readonly model: Model; readonly inventory: Inventory }) => readonly Seen[];
  readonly now: Date;
}

export function runMutants({ values, ...rest }: MutationInput): MutationRun {
  const input = { ...rest, values: withoutDocuments(values) };
  const whole = load(input.values);
  if (!whole.ok) throw new RangeError(`runMutants: expected a valid inventory, received ${whole.codes.join(", ")}`);
  const baseline = assessed(input, whole, input.evidenceOf(whole));
  const mutants = input.catalogue.duties
    .filter(({ shown }) => shown.some(({ way }) => way !== "attested"))
    .map((duty) => mutate(input, whole, baseline, duty));
  return { mutants, baseline, redUnbroken: redIn(baseline) };
}

/** Evidence attests each kind of document; one of the inventory beside it would hide that it was taken away. */
function withoutDocuments(values: InventoryValues): InventoryValues {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, file]) => {
      const { documents: _, ...others } = fieldsOf(file);
      return Object.keys(others).length > 0 ? [[name, others]] : [];
    }),
  );
}

/** Red, or unknown though everything that would show it is built. */
function redIn({ duties }: Assessment): string[] {
  return duties
    .filter(({ binds, status, ways }) => binds && (isRed(status) || ways.some(isUnexplained)))
    .map(({ id }) => id);
}

const waitingReasons = new Set(Object.values(PARTS).map(({ en }) => en));

/** Sums of what waits are unknown with it. */
const isUnexplained = ({ state, by, reasons }: Assessment["duties"][number]["ways"][number]): boolean =>
  state === "unknown" &&
  !by.includes("/roll-up-") &&
  by !== DEADLINES &&
  !reasons.some(({ en }) => waitingReasons.has(en));

const DEADLINES = "site.deadline/covered-duties-met-by-date";

interface Loaded {
  readonly ok: true;
  readonly model: Model;
  readonly inventory: Inventory;
}

function load(values: InventoryValues): Loaded | { readonly ok: false; readonly codes: readonly string[] } {
  const files: InventoryFile[] = Object.entries(values).map(([name, value]) => ({ name, text: JSON.stringify(value) }));
  const parsed = parseInventory(files);
  if (!parsed.ok) return { ok: false, codes: [...new Set(parsed.problems.map(({ code }) => code))] };
  return { ok: true, inventory: parsed.inventory, model: deriveModel(parsed.inventory) };
}

function assessed({ catalogue, now }: MutationInput, { model, inventory }: Loaded, seen: readonly Seen[]): Assessment {
  return assess({ catalogue, model, inventory, now, commit: null, evidence: { ...NO_EVIDENCE, seen } });
}

function mutate(input: MutationInput, whole: Loaded, baseline: Assessment, duty: Duty): Mutant {
  const { breaking } = duty;
  const fate = (name: Fate, reason: Text | null = null, falseReds: readonly string[] = []): Mutant => ({
    ...{ duty: duty.id, kind: breaking.kind, fate: name, reason, falseReds },
  });
  if (breaking.kind === "site") return fate("not-run", NEEDS_A_SITE);
  const waits = touchedBy(duty).every(({ needsPart }) => needsPart !== undefined);
  const part = touchedBy(duty)[0]?.needsPart;
  if (waits && part !== undefined) return fate("not-run", PARTS[part]);
  try {
    const after = breaking.kind === "inventory" ? broken(input, duty) : brokenEvidence(input, whole, duty);
    if (Array.isArray(after)) {
      const by = breaking.kind === "inventory" ? breaking.refusedBy : undefined;
      return by !== undefined && after.includes(by) ? fate("refused") : fate("survived", refusedOtherwise(after));
    }
    const red = turnedRed(baseline.duties, (after as Assessment).duties);
    const others = red.filter((id) => id !== duty.id && !breaking.follows.includes(id));
    return red.includes(duty.id) ? fate("killed", null, others) : fate("survived", NOT_RED, others);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fate("misfit", text(error.message, error.message));
  }
}

/** Codes of the rules that refuse it, or how it is assessed. */
function broken(input: MutationInput, { breaking }: Duty): Assessment | readonly string[] {
  if (breaking.kind !== "inventory") return [];
  const region = load(applyEdits(input.values, breaking.edit));
  // What runs follows the design: its evidence is that of the changed region.
  return region.ok ? assessed(input, region, input.evidenceOf(region)) : region.codes;
}

function brokenEvidence(input: MutationInput, whole: Loaded, { breaking }: Duty): Assessment | readonly string[] {
  if (breaking.kind !== "evidence") return [];
  return assessed(input, whole, applyEvidenceEdits(input.evidenceOf(whole), breaking.edit, input.now));
}

/** Ways that the example works on. */
function touchedBy({ breaking, shown }: Duty): readonly Way[] {
  if (breaking.kind !== "evidence") return shown.filter(({ way }) => way === "designed");
  const records = new Set(breaking.edit.map(({ record }) => record));
  return shown.filter((one) =>
    one.way === "attested" ? records.has("attestation") : one.way === "running" && records.has(one.evidence),
  );
}

const NEEDS_A_SITE = text("memerlukan lokasi yang berjalan", "needs a site that runs");
const NOT_RED = text("kewajibannya tidak menjadi merah", "its duty did not turn red");
const refusedOtherwise = (codes: readonly string[]): Text =>
  text(`inventarisnya ditolak: ${codes.join(", ")}`, `its inventory is refused: ${codes.join(", ")}`);
