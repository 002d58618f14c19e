/**
 * Mutation of running sites: what is done to them so that a probe must see it, taken from the catalogue, and what assessments before,
 * while and after it say. Pure: sites are broken, looked at and mended elsewhere (tests/lab/79-mutants.test.ts).
 */
import { canonicalJson } from "../evidence/canonical.ts";
import type { Kind } from "../evidence/kinds.ts";
import type { DutyResult, WayResult } from "./assessment.ts";
import type { Catalogue } from "./catalogue.ts";
import { CHECKS } from "./checks/index.ts";
import type { Facts } from "./facts.ts";
import { turnedRed } from "./red.ts";
import type { SiteEdit } from "./schema/breaking.ts";
import type { Duty } from "./schema/duty.ts";
import { type Seen, SeenIndex } from "./seen.ts";

export interface SiteMutant {
  /** Id of the duty whose example it is. */
  readonly duty: string;
  readonly edit: readonly SiteEdit[];
  /** It is assessed as so many seconds later; 0 where it is seen at once. */
  readonly laterSeconds: number;
  /** Every duty that it must turn red: its own, and those that are broken as this one. */
  readonly breaks: readonly string[];
  /** Duties that may turn red besides its own. */
  readonly follows: readonly string[];
}

/** One for each example, in the order of the catalogue; none for parts that are not built. */
export function siteMutants({ duties }: Pick<Catalogue, "duties">): SiteMutant[] {
  return duties.flatMap((duty) => {
    const example = exampleOf(duty);
    if (example === undefined || example.edit.length === 0) return [];
    const others = duties.filter(
      ({ breakingSite }) => breakingSite && "as" in breakingSite && breakingSite.as === duty.id,
    );
    const breaks = [duty.id, ...others.map(({ id }) => id)];
    return { duty: duty.id, ...example, breaks };
  });
}

type Example = Pick<SiteMutant, "edit" | "laterSeconds" | "follows">;

function exampleOf({ breaking, breakingSite, shown }: Duty): Example | undefined {
  if (breakingSite !== undefined)
    return "as" in breakingSite ? undefined : { laterSeconds: 0, ...breakingSite, follows: breakingSite.follows };
  const isBuilt = shown.some(({ way, needsPart }) => way === "running" && needsPart === undefined);
  return breaking.kind === "site" && isBuilt ? { ...breaking, laterSeconds: 0 } : undefined;
}

/** Duties that rounds of probes feed, and that no mutant breaks. @param looked names that a round looks at, without the site */
export function withoutSiteMutant(catalogue: Catalogue, facts: Facts, looked: ReadonlySet<string>): string[] {
  const broken = new Set(siteMutants(catalogue).flatMap(({ breaks }) => breaks));
  return catalogue.duties.filter((duty) => isFed(duty, facts, looked) && !broken.has(duty.id)).map(({ id }) => id);
}

/** Whether one of its running checks reads what rounds look at. */
export function isFed({ shown }: Duty, facts: Facts, looked: ReadonlySet<string>): boolean {
  return shown.some((way) => {
    if (way.way !== "running" || way.evidence !== "probe" || way.needsPart !== undefined) return false;
    const asked = new AskedFor();
    CHECKS[way.by]?.({ ...facts, seen: asked }, way);
    return [...asked.names].some((name) => looked.has(name));
  });
}

/** Knows nothing, and remembers which probes it was asked for. */
class AskedFor extends SeenIndex {
  readonly names = new Set<string>();

  constructor() {
    super([]);
  }

  override of(kind: Kind, start: string): readonly Seen[] {
    if (kind === "probe") this.names.add(start.slice(start.indexOf("/") + 1));
    return [];
  }
}

export interface Seeing {
  /** Those that it must turn red and did not, each with what was seen instead. */
  readonly survived: readonly string[];
  /** Duties that turned red and are not listed, each with what was seen. */
  readonly falseReds: readonly string[];
}

/** What a break came to. */
export function seeBroken(mutant: SiteMutant, before: readonly DutyResult[], after: readonly DutyResult[]): Seeing {
  const red = turnedRed(before, after);
  const listed = new Set([...mutant.breaks, ...mutant.follows]);
  return {
    survived: mutant.breaks
      .filter((id) => !isBroken(resultOf(before, id), resultOf(after, id), red.includes(id)))
      .map((id) => told(resultOf(after, id))),
    falseReds: red.filter((id) => !listed.has(id)).map((id) => told(resultOf(after, id))),
  };
}

/** Never satisfied, and a running answer says so that did not before: one that was red already must say something new. */
function isBroken(before: DutyResult, after: DutyResult, turned: boolean): boolean {
  if (!after.binds || after.status === "satisfied") return false;
  return runningOf(after).some((way, index) => {
    const then = runningOf(before)[index];
    if (then === undefined || way.state === "met" || way.state === "not-applicable") return false;
    return turned ? then.state !== way.state || isNews(then, way) : isNews(then, way);
  });
}

const isNews = (then: WayResult, now: WayResult): boolean =>
  now.reasons.some(({ en }) => !then.reasons.some((one) => one.en === en));

/** What is not as it was before the break, each with what was seen: its duties to the letter, all others no redder. */
export function seeMended(mutant: SiteMutant, before: readonly DutyResult[], after: readonly DutyResult[]): string[] {
  const red = turnedRed(before, after);
  const unlike = mutant.breaks.filter((id) => answerOf(resultOf(before, id)) !== answerOf(resultOf(after, id)));
  return [...new Set([...unlike, ...red])].map((id) => told(resultOf(after, id)));
}

const answerOf = (duty: DutyResult): string =>
  canonicalJson([duty.status, ...runningOf(duty).map(({ state, reasons }) => ({ state, reasons }))]);

const runningOf = ({ ways }: DutyResult): WayResult[] => ways.filter(({ way }) => way === "running");

/** One line: `id: status; running: state (why)`. */
function told(duty: DutyResult): string {
  const ways = runningOf(duty).map(({ state, reasons }) => {
    const why = reasons.map(({ en }) => en).join("; ");
    return `running: ${state}${why === "" ? "" : ` (${why})`}`;
  });
  return [`${duty.id}: ${duty.status}`, ...ways].join("; ");
}

/** @throws RangeError where the assessment does not hold it. */
function resultOf(duties: readonly DutyResult[], id: string): DutyResult {
  const found = duties.find((one) => one.id === id);
  if (found === undefined)
    throw new RangeError(`site mutants: expected ${id} in the assessment, received ${duties.length} others`);
  return found;
}
