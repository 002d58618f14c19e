/** Duties as the inventory alone shows them: what a change of it breaks, and what may not be brought about. Pure. */
import type { Inventory } from "../model/index.ts";
import type { Model, Text } from "../model/types.ts";
import { resultsOf } from "./assess.ts";
import type { AnswerState, DutyResult, WayResult } from "./assessment.ts";
import { bind, profilesOf } from "./binding.ts";
import type { Catalogue } from "./catalogue.ts";
import { rollUps } from "./checks/roll-up.ts";
import { judgeDocuments } from "./documents.ts";
import { factsOf, localDate } from "./facts.ts";
import { rolesOf } from "./schema/offices.ts";
import { modelDigest } from "./seen.ts";
import type { Severity } from "./severity.ts";
import { judgeWaivers, waiverFor } from "./waivers.ts";

export interface DesignInput {
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly model: Model;
  readonly now: Date;
}

/** Every duty without any evidence: only what is designed can be met. */
export function designedDuties({ catalogue, inventory, model, now }: DesignInput): DutyResult[] {
  const today = localDate(now, model.region.timezone);
  const { profiles } = profilesOf(catalogue, model.region.regulations);
  const { documents } = judgeDocuments({ inventory, seen: [], files: new Map(), duties: catalogue.duties, today });
  const facts = factsOf({
    ...{ model, inventory, documents, now, digest: modelDigest(model) },
    ...{ stacks: new Map(), seen: [], unreachable: false },
  });
  return resultsOf(facts, bind(catalogue, profiles), []);
}

/** One way in which a duty is designed, as it was and as it would be. */
export interface DutyChange {
  readonly id: string;
  readonly title: Text;
  readonly check: string;
  readonly severity: Severity;
  /** Weighs as practice: told, and never refused. */
  readonly practice: boolean;
  readonly articles: readonly Text[];
  readonly before: AnswerState;
  readonly after: AnswerState;
  readonly breaks: boolean;
  readonly reasons: readonly Text[];
}

/** Ways whose answer differs, or that fail for more than before; those that break first. */
export function dutyChanges(before: readonly DutyResult[], after: readonly DutyResult[]): DutyChange[] {
  const was = new Map(before.map((duty) => [duty.id, duty]));
  const changes = after
    .filter(({ binds }) => binds)
    .flatMap((duty) => duty.ways.flatMap((way) => changeOf(duty, way, was.get(duty.id)) ?? []));
  return [...changes.filter(({ breaks }) => breaks), ...changes.filter(({ breaks }) => !breaks)];
}

function changeOf(duty: DutyResult, way: WayResult, old: DutyResult | undefined): DutyChange | undefined {
  // What sums up others says nothing of its own about a change.
  if (way.way !== "designed" || Object.hasOwn(rollUps, way.by)) return undefined;
  const then = old?.ways.find(({ by }) => by === way.by);
  const before = then?.state ?? "not-asked";
  const known = new Set(then?.population.which);
  const more = way.state === "not-met" && way.population.which.some((name) => !known.has(name));
  if (before === way.state && !more) return undefined;
  return {
    id: duty.id,
    title: duty.title,
    check: way.by,
    severity: way.practice ? "practice" : (duty.severity ?? "practice"),
    practice: way.practice,
    articles: duty.articles.map(({ text }) => text),
    before,
    after: way.state,
    breaks: way.state === "not-met",
    reasons: way.reasons,
  };
}

/** A mandatory duty that is not met by design and that nobody accepted. */
export interface Refusal {
  readonly duty: string;
  readonly title: Text;
  readonly articles: readonly Text[];
  readonly reasons: readonly Text[];
}

/** Time alone is no change: what only a date turns red is told by `check`, and stops nobody from putting a site right. */
const BY_DATE: ReadonlySet<string> = new Set([
  "dns.decree/decree-in-force",
  "site.deadline/covered-duties-met-by-date",
]);

/**
 * What the program refuses to bring about. It knows no state before, so it asks of the inventory what holds at any time: each mandatory
 * duty is met by design, or waived in waivers.yaml. A waiver that ran out still counts here, for the same reason as dates do not.
 */
export function refusalsOf(input: DesignInput): Refusal[] {
  const { catalogue, inventory } = input;
  const { waivers } = judgeWaivers(inventory.waivers, {
    dutyIds: new Set(catalogue.duties.map(({ id }) => id)),
    roles: rolesOf(inventory),
    today: "0000-01-01",
  });
  return designedDuties(input)
    .filter(({ binds, severity }) => binds && severity === "mandatory")
    .flatMap((duty) => {
      const bad = duty.ways.filter(
        ({ way, by, state, practice }) => way === "designed" && state === "not-met" && !practice && !BY_DATE.has(by),
      );
      const waived = bad.every(({ population: { which, failing } }) => {
        const waiver = waiverFor(waivers, duty.id, which);
        return waiver !== undefined && (waiver.which === null || failing === which.length);
      });
      if (waived) return [];
      return [
        {
          duty: duty.id,
          title: duty.title,
          articles: duty.articles.filter(({ kind }) => kind === "must").map(({ text }) => text),
          reasons: bad.flatMap(({ reasons }) => reasons),
        },
      ];
    });
}
