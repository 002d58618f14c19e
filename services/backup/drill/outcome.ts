/** Whether a drill passed, and in words why not. */
import { joined } from "../../../model/text.ts";
import type { Text } from "../../../model/types.ts";
import type { Compared, DrillReport } from "../wire.ts";

export type Found = Pick<DrillReport, "proven" | "compared" | "checks" | "left" | "why">;

const NAMED = 5;

/**
 * Passed: it restored, all that was compared is the same, every check of the engine's own is well, nothing was left in the room. A drill that
 * proved nothing (as nothing was written after the copy) passes on the engine's checks alone, of which there must be one: it did
 * restore, and `proven` says how little more is known.
 */
export function outcomeOf({ proven, compared, checks, left, why }: Found): Pick<DrillReport, "passed" | "why"> {
  const reasons = [
    ...(why ? [why] : []),
    ...differences(compared),
    ...checks.filter(({ ok }) => !ok).map(failedCheck),
    ...(left.length > 0 ? [leftBehind(left)] : []),
    ...(proven === "nothing" && checks.length === 0 && !why ? [unchecked] : []),
  ];
  return reasons.length === 0 ? { passed: true } : { passed: false, why: joined(reasons) };
}

/** One reason that names what differs; none where nothing does. */
export function differences(compared: readonly Compared[]): Text[] {
  const missing = compared.filter(({ received }) => received === null);
  const extra = compared.filter(({ expected }) => expected === null);
  const differing = compared.filter(({ same, expected, received }) => !same && expected !== null && received !== null);
  return [
    ...named(differing, "berbeda dari saat disalin", "differ from when they were copied"),
    ...named(missing, "tidak ada setelah dipulihkan", "are missing after the restore"),
    ...named(extra, "tidak ada saat disalin", "were not there when it was copied"),
  ];
}

function named(some: readonly Compared[], id: string, en: string): Text[] {
  if (some.length === 0) return [];
  const names = some.slice(0, NAMED).map(({ name }) => name);
  const rest = some.length - names.length;
  return [
    {
      id: `${some.length} ${id}: ${names.join(", ")}${rest > 0 ? `, dan ${rest} lagi` : ""}`,
      en: `${some.length} ${en}: ${names.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`,
    },
  ];
}

const failedCheck = ({ name, detail }: DrillReport["checks"][number]): Text => ({
  id: `${name} gagal: ${detail}`,
  en: `${name} failed: ${detail}`,
});

const leftBehind = (left: readonly string[]): Text => ({
  id: `tempat latihan tidak kosong: ${left.slice(0, NAMED).join(", ")}`,
  en: `the drill room is not empty: ${left.slice(0, NAMED).join(", ")}`,
});

const unchecked: Text = {
  id: "tidak ada yang dibandingkan dan tidak ada yang diperiksa",
  en: "nothing was compared and nothing was checked",
};
