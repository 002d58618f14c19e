/** Waivers: who accepts until when that a duty is not met. Pure. */
import type { Inventory } from "../model/index.ts";
import { didYouMean } from "../model/suggest.ts";
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";
import type { InputProblem, WaiverResult } from "./assessment.ts";
import { isDay } from "./documents.ts";
import { A_DAY, A_DECLARED_ROLE, A_DUTY, NO_EXPIRY, noDuty } from "./judging-words.ts";

export type Waiver = Inventory["waivers"][number];

export interface JudgedWaiver extends WaiverResult {
  /** Only for these things; null: for the whole duty. */
  readonly which: readonly string[] | null;
}

/** Each by itself, and against the others. @param today local date; the last day of a waiver counts */
export function judgeWaivers(
  waivers: readonly Waiver[],
  known: { readonly dutyIds: ReadonlySet<string>; readonly roles: ReadonlySet<string>; readonly today: string },
): { readonly waivers: readonly JudgedWaiver[]; readonly problems: readonly InputProblem[] } {
  const problems: InputProblem[] = [];
  const judged: JudgedWaiver[] = [];
  for (const [index, waiver] of waivers.entries()) {
    const { id, duty, justification, approver, expires, which } = waiver;
    const fault = (code: string, field: keyof Waiver, message: Text, expected: Text, hint?: Text): Text => {
      const received = JSON.stringify(waiver[field] ?? null);
      problems.push({ code, path: `waivers[${index}].${field}`, message, expected, received, hint: hint ?? null });
      return message;
    };
    const refused = [
      ...(known.dutyIds.has(duty)
        ? []
        : [fault("unknown-duty", "duty", noDuty(duty), A_DUTY, didYouMean(duty, known.dutyIds))]),
      ...(justification.trim() === "" ? [fault("no-justification", "justification", NO_REASON, A_REASON)] : []),
      ...(known.roles.has(approver) ? [] : [fault("approved-by-nobody", "approver", NOBODY, A_DECLARED_ROLE)]),
    ];
    const unreadable = isDay(expires) ? [] : [fault("unreadable-expiry", "expires", NO_EXPIRY, A_DAY)];
    const over = unreadable.length > 0 || expires < known.today;
    const before = judged.find(
      (one) => one.state === "in-force" && one.duty === duty && meet(one.which, which ?? null),
    );
    const overlap =
      before === undefined || over || refused.length > 0
        ? []
        : [fault("waivers-overlap", "duty", overlaps(before.id), ONE_WAIVER)];
    const ended = over && unreadable.length === 0 ? [text(`berakhir ${expires}`, `ended on ${expires}`)] : [];
    judged.push({
      ...{ id, duty, justification, approver, expires, which: which ?? null },
      state: refused.length + overlap.length > 0 ? "refused" : over ? "expired" : "in-force",
      reasons: [...refused, ...unreadable, ...ended, ...overlap],
    });
  }
  return { waivers: judged, problems };
}

/** The waiver that holds for this duty, as far as it goes. */
export function waiverFor(
  waivers: readonly JudgedWaiver[],
  duty: string,
  failing: readonly string[],
): JudgedWaiver | undefined {
  const mine = waivers.filter((one) => one.duty === duty && one.state === "in-force");
  const whole = mine.find(({ which }) => which === null);
  if (whole) return whole;
  const named = new Set(mine.flatMap(({ which }) => which ?? []));
  return failing.length > 0 && failing.every((name) => named.has(name)) ? mine[0] : undefined;
}

const meet = (a: readonly string[] | null, b: readonly string[] | null): boolean =>
  a === null || b === null || a.some((one) => b.includes(one));

const overlaps = (id: string): Text =>
  text(`bertumpuk dengan "${id}"; yang pertama yang berlaku`, `overlaps with "${id}"; the first one holds`);
const NO_REASON = text("tanpa alasan", "without a justification");
const A_REASON = text("alasan", "a justification");
const NOBODY = text("disetujui oleh bukan siapa-siapa", "approved by nobody");
const ONE_WAIVER = text("satu pengecualian bagi satu hal", "one waiver for one thing");
