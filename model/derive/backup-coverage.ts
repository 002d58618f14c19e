/** How much of what is declared has a copy that is fresh enough and was restored. Pure: what is known of copies and the time are handed in. */
import { text } from "../text.ts";
import type { BackupKind, BackupPlan, BackupTarget, NoBackup, SiteId, Text } from "../types.ts";

/** What a site reported of its copies of one target. */
export interface CopyFact {
  readonly target: string;
  readonly site: SiteId;
  /** State of the data that the newest and the oldest copy hold, ISO 8601; absent: there is none. */
  readonly newest?: string;
  readonly oldest?: string;
  /** What the last drill or check found; absent: none was made. */
  readonly restorable?: boolean;
  /** Why the last attempt to add to the copies failed; absent: it did not. */
  readonly failed?: Text;
  /** Why the copies could not be listed: then nothing else here counts. */
  readonly unlisted?: Text;
}

export interface CoverageItem {
  readonly target: string;
  readonly kind: BackupKind;
  readonly site: SiteId;
  /** Seconds; null: no copy, or none that is known. */
  readonly newestAge: number | null;
  /** Seconds; null where no policy says. */
  readonly rpo: number | null;
  readonly oldest: string | null;
  readonly state: "ok" | "late" | "missing" | "unknown";
  /** Null where the state is `ok`. */
  readonly reason: Text | null;
}

export interface BackupCoverage {
  readonly region: string;
  /** Things that hold data and that this region's own sites run, each once for each site. */
  readonly declared: number;
  /** Of those, the ones whose state is `ok`. */
  readonly covered: number;
  /** From 0 to 1; null where nothing is declared: no share of nothing is full. */
  readonly share: number | null;
  readonly items: readonly CoverageItem[];
  /** What others run, with engines that are not ours: no part of the figures, each thing once. */
  readonly elsewhere: readonly Elsewhere[];
  /** What has no backup because it holds no data of ours; it is no part of the figures. */
  readonly without: readonly NoBackup[];
}

/** Run by others, who back it up or do not: nothing of ours can tell. */
export interface Elsewhere {
  readonly target: string;
  /** The site that reported a copy of it; absent: none did. */
  readonly site?: SiteId;
  readonly reason: Text;
}

/** Unknown never counts as covered: no report, a copy from the future, and a copy that was never restored are unknown. */
export function coverage(
  region: string,
  plan: BackupPlan,
  sites: readonly SiteId[],
  known: readonly CopyFact[],
  now: Date,
): BackupCoverage {
  const facts = new Map(known.map((fact) => [keyOf(fact), fact]));
  const [own, others] = [plan.targets.filter(isOwn), plan.targets.filter((target) => !isOwn(target))];
  const lacking = plan.without.filter(({ holdsData }) => holdsData);
  const items = [
    ...own.map((target) => itemOf(target, facts.get(keyOf({ target: target.id, site: target.site })), now)),
    ...lacking.filter(isOurs).flatMap((one) => sites.map((site) => uncovered(one, site))),
  ];
  const covered = items.filter(({ state }) => state === "ok").length;
  return {
    region,
    declared: items.length,
    covered,
    share: items.length === 0 ? null : covered / items.length,
    items,
    elsewhere: [
      ...elsewhere(others, known),
      ...lacking.filter((one) => !isOurs(one)).map(({ id, reason }) => ({ target: id, reason })),
    ],
    without: plan.without.filter(({ holdsData }) => !holdsData),
  };
}

const keyOf = ({ target, site }: Pick<CopyFact, "target" | "site">): string => `${site} ${target}`;

const isOwn = ({ engine }: BackupTarget): boolean => engine !== "foreign";

/** What an agency runs on machines of its own is not a thing that a site of ours could back up. */
const isOurs = ({ kind }: NoBackup): boolean => kind !== "application";

function elsewhere(targets: readonly BackupTarget[], known: readonly CopyFact[]): Elsewhere[] {
  return [...new Set(targets.map(({ id }) => id))].map((target) => {
    const told = known.find((fact) => fact.target === target && fact.newest !== undefined);
    return told === undefined
      ? { target, reason: FOREIGN }
      : { target, site: told.site, reason: reported(told.newest ?? "") };
  });
}

function itemOf({ id, kind, site, rpoSeconds }: BackupTarget, fact: CopyFact | undefined, now: Date): CoverageItem {
  const listed = fact?.unlisted === undefined ? fact : undefined;
  const newestAge = listed?.newest === undefined ? null : (now.getTime() - Date.parse(listed.newest)) / 1000;
  const [state, reason] = fact?.unlisted ? (["unknown", fact.unlisted] as const) : judge(fact, newestAge, rpoSeconds);
  return { target: id, kind, site, newestAge, rpo: rpoSeconds, oldest: listed?.oldest ?? null, state, reason };
}

function judge(
  fact: CopyFact | undefined,
  age: number | null,
  rpo: number,
): readonly [CoverageItem["state"], Text | null] {
  if (fact === undefined) return ["unknown", NO_REPORT];
  if (age === null) return ["missing", andFailed(NONE, fact)];
  if (Number.isNaN(age)) return ["unknown", NO_TIME];
  if (fact.restorable === false) return ["missing", NOT_RESTORED];
  if (age < 0) return ["unknown", FROM_FUTURE];
  if (age > rpo) return ["late", andFailed(late(age, rpo), fact)];
  if (fact.restorable === undefined) return ["unknown", NEVER_RESTORED];
  return ["ok", null];
}

/** Where there is too little, whoever reads it wants to know what went wrong. */
const andFailed = (what: Text, { failed }: CopyFact): Text =>
  failed === undefined
    ? what
    : text(`${what.id}; percobaan terakhir gagal: ${failed.id}`, `${what.en}; the last attempt failed: ${failed.en}`);

function uncovered({ id, kind, reason }: NoBackup, site: SiteId): CoverageItem {
  return { target: id, kind, site, newestAge: null, rpo: null, oldest: null, state: "missing", reason };
}

const NO_REPORT = text("lokasi itu belum melaporkan cadangannya", "the site has not reported its copies");
const FOREIGN = text(
  "dijalankan pihak lain, yang belum melaporkan cadangannya",
  "run by others, who have not reported a copy",
);
const reported = (newest: string): Text =>
  text(
    `dijalankan pihak lain; cadangan terbaru yang dilaporkan: ${newest}`,
    `run by others; the newest copy that was reported: ${newest}`,
  );
const NONE = text("belum ada cadangan", "there is no copy");
const NO_TIME = text("waktu cadangan tidak terbaca", "the time of the copy cannot be read");
const NOT_RESTORED = text("cadangan tidak dapat dipulihkan", "the copy did not restore");
const NEVER_RESTORED = text("cadangan belum pernah dipulihkan", "no copy was ever restored");
const FROM_FUTURE = text(
  "cadangan terbaru bertanggal di masa depan: jam mundur",
  "the newest copy is dated in the future: a clock went back",
);
const late = (age: number, rpo: number): Text =>
  text(
    `cadangan terbaru berumur ${Math.round(age)} detik, paling lama ${rpo}`,
    `the newest copy is ${Math.round(age)} seconds old, at most ${rpo} are accepted`,
  );
