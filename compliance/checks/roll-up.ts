/** Checks that sum up the answers of other duties. Pure. */
import { text } from "../../model/text.ts";
import type { AnswerKind, AnswerState, WayResult } from "../assessment.ts";
import type { Binding } from "../binding.ts";
import type { Facts } from "../facts.ts";
import { failing, type Looked, ok, type Thing, unknown } from "./check.ts";

/** Ways of other duties, by duty. */
export type Others = ReadonlyMap<string, readonly WayResult[]>;

export interface RollUp {
  /** Ids of the duties that it sums up, for a region that is bound like this. */
  readonly of: (bindings: readonly Binding[]) => readonly string[];
  readonly look: (facts: Facts, others: Others, bindings: readonly Binding[]) => Looked;
}

/** By id of the check. */
export type RollUps = Readonly<Record<string, RollUp>>;

/** Security, backup and availability (sec.cia says so of itself). */
const isOfSecurity = (id: string): boolean =>
  id !== "sec.cia" && (id.startsWith("sec.") || id.startsWith("bak.") || id === "web.uptime");

const security = (bindings: readonly Binding[]): string[] =>
  bindings.filter(({ binds, duty }) => binds && isOfSecurity(duty.id)).map(({ duty }) => duty.id);

const ofSecurity = (kind: AnswerKind): RollUp => ({
  of: security,
  look: (_, others, bindings) => ({
    things: security(bindings).flatMap((id) => thingFor(id, kind, others) ?? []),
  }),
});

export const rollUps: RollUps = {
  "sec.cia/roll-up-of-designed": ofSecurity("designed"),
  "sec.cia/roll-up-of-running": ofSecurity("running"),
  // By the day that each regulation sets, what it covers is there by design; a policy on record moves those that can be moved.
  "site.deadline/covered-duties-met-by-date": {
    of: coveredByDeadlines,
    look: ({ today, documents }, others, bindings) => {
      const moved = documents.some(
        ({ counts, kind, duties }) =>
          counts && (kind === "date-policy" || kind === null) && duties.includes("site.deadline"),
      );
      const due = deadlinesOf(bindings).filter(({ date, movable }) => date < today && !(movable && moved));
      const covered = [...new Set(due.flatMap(({ covers }) => covers))];
      return {
        things: covered.flatMap((id) => thingFor(id, "designed", others) ?? []),
        none: { applicable: false, reason: text("belum ada tenggat yang lewat", "no deadline has passed") },
      };
    },
  },
};

function deadlinesOf(bindings: readonly Binding[]) {
  return bindings.flatMap((one) =>
    one.binds && one.duty.id === "site.deadline" ? one.bases.flatMap(({ deadlines }) => deadlines) : [],
  );
}

function coveredByDeadlines(bindings: readonly Binding[]): string[] {
  return [...new Set(deadlinesOf(bindings).flatMap(({ covers }) => covers))];
}

/** One duty's answer of a kind as a thing; undefined where it is not shown this way, or does not apply. */
function thingFor(id: string, kind: AnswerKind, others: Others): Thing | undefined {
  const states = (others.get(id) ?? []).filter((one) => one.way === kind && !one.practice).map(({ state }) => state);
  const worst = ORDER.find((state) => states.includes(state));
  if (worst === undefined || worst === "not-applicable" || worst === "not-asked") return undefined;
  if (worst === "met") return ok(id);
  return worst === "unknown"
    ? unknown(id, text(`${id} tidak diketahui`, `${id} is unknown`))
    : failing(id, text(`${id} tidak terpenuhi`, `${id} is not met`));
}

const ORDER: readonly AnswerState[] = ["not-met", "expired", "unknown", "met"];
