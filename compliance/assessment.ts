/**
 * The one document that an assessment makes (D12). Every rendering is a pure function of it, so that all show the same figures.
 * Plain JSON: canonical JSON can write it, and what is absent is null. Times are ISO 8601 with offset, dates `YYYY-MM-DD`, digests
 * SHA-256 in hex, ages and limits seconds. Texts are in the region's own words, in both languages.
 */
import type { Kind } from "../evidence/kinds.ts";
import type { RegulationId, Text } from "../model/types.ts";
import type { AreaId } from "./schema/areas.ts";
import type { CitationKind } from "./schema/articles.ts";
import type { DocumentKind } from "./schema/documents.ts";
import type { ProfileId } from "./schema/duty.ts";
import type { Responsible } from "./schema/offices.ts";
import type { Vocabulary } from "./schema/terms.ts";
import type { Severity } from "./severity.ts";

export const ASSESSMENT_SCHEMA = "lumbung.assessment/1";

/** D11, from the best to the worst as a table shows them. */
export const statuses = [
  "satisfied",
  "attested",
  "waived",
  "not-applicable",
  "unknown",
  "expired",
  "not-satisfied",
] as const;
export type Status = (typeof statuses)[number];

/** `not-asked`: the duty is not shown this way. `expired`: a document or a policy ended. */
export const answerStates = ["met", "not-met", "expired", "unknown", "not-applicable", "not-asked"] as const;
export type AnswerState = (typeof answerStates)[number];

export const answerKinds = ["designed", "running", "attested"] as const;
export type AnswerKind = (typeof answerKinds)[number];

export interface Assessment {
  readonly schema: typeof ASSESSMENT_SCHEMA;
  readonly region: AssessedRegion;
  /** The regulations that bind it, in the order of the catalogue. */
  readonly regulations: readonly AssessedRegulation[];
  /** The region's words for an agency, its head, and so on; the common ones where more than one regulation binds it. */
  readonly vocabulary: Vocabulary;
  /** When it was assessed, by the clock that was handed in. */
  readonly at: string;
  /** What is assessed is how things stood at `to`; changes and runs are told from `from` on. */
  readonly period: { readonly from: string; readonly to: string };
  readonly commit: string | null;
  /** Digest of the model that follows from the inventory, as evidence names it. */
  readonly inventory: string;
  /** All of the catalogue, in its order; those that do not bind say why. */
  readonly duties: readonly DutyResult[];
  readonly totals: Totals;
  /** Open ones by priority, then closed ones by the time they were closed. */
  readonly findings: readonly Finding[];
  readonly waivers: readonly WaiverResult[];
  readonly documents: readonly DocumentResult[];
  /** By date: which duty turns red on which day if nobody acts. */
  readonly calendar: readonly CalendarEntry[];
  readonly evidence: EvidenceAnnex;
  /** Bad input: none of it stopped the rest. */
  readonly problems: readonly InputProblem[];
  readonly method: Method;
  /** Null where there is no previous assessment. */
  readonly changes: Changes | null;
}

export interface AssessedRegion {
  readonly id: string;
  readonly name: string;
  readonly government: string;
  readonly domain: string;
  readonly timezone: string;
  /** A trial region, and data that are invented. */
  readonly lab: boolean;
  readonly example: boolean;
  readonly sites: readonly { readonly id: string; readonly name: string; readonly designation: string }[];
  /** Head of the paper that reports and letters are printed on. Absent where nobody said: then they bear the government's name alone. */
  readonly letterhead?: AssessedLetterhead;
}

export interface AssessedLetterhead {
  /** Name of the agency that runs the data centre. */
  readonly office: string;
  /** Where letters are dated, the seat of the government. */
  readonly seat: string;
  /** Address, telephone, mail, site, as far as they are declared. */
  readonly lines: readonly string[];
}

export interface AssessedRegulation {
  readonly profile: ProfileId;
  readonly id: RegulationId;
  /** For example `Peraturan Bupati Lamandau 37/2018`. */
  readonly title: Text;
  readonly about: Text;
  readonly inForce: string;
}

export interface DutyResult {
  readonly id: string;
  readonly area: AreaId;
  readonly title: Text;
  readonly explanation: Text;
  readonly remedy: Text;
  readonly binds: boolean;
  /** Null where it does not bind. */
  readonly severity: Severity | null;
  /** By regulation; empty where it does not bind. */
  readonly articles: readonly ArticleResult[];
  readonly responsible: { readonly role: Responsible; readonly title: Text };
  readonly status: Status;
  /** Why the status is what it is; empty where it is satisfied or attested. */
  readonly reasons: readonly Text[];
  readonly answers: Readonly<Record<AnswerKind, Answer>>;
  /** One for each way in which the duty is shown, in the order of the catalogue: the answers sum them up. */
  readonly ways: readonly WayResult[];
  /** What its ways beyond the text come to: they never make a duty of a regulation red. Null where it has none. */
  readonly practice: AnswerState | null;
  /** What the answers say against each other; null where they agree. */
  readonly disagreement: Text | null;
  /** Id of the waiver that holds today, or null. */
  readonly waiver: string | null;
  /** Latest date of those regulations that set one, and whether a policy moved it. */
  readonly deadline: { readonly date: string; readonly passed: boolean } | null;
  readonly exceptions: readonly { readonly id: string; readonly rule: Text; readonly condition: Text }[];
}

export interface ArticleResult {
  readonly regulation: RegulationId;
  /** `pasal 10 ayat (4)`, `article 10 paragraph (4)`. */
  readonly text: Text;
  /** `10(4)` */
  readonly short: string;
  readonly kind: CitationKind;
}

/** How many things were spoken of, looked at and found failing. Never satisfied where nothing is spoken of. */
export interface Population {
  readonly spokenOf: number;
  readonly lookedAt: number;
  readonly failing: number;
  /** Names of the failing ones, the first `MOST_WHICH` of them. */
  readonly which: readonly string[];
  /** Names of those that were not looked at or of which nothing is known, as many at most. */
  readonly unknown: readonly string[];
}

/** So many names are listed at most; the figures count all. */
export const MOST_WHICH = 50;

export interface Answer {
  readonly state: AnswerState;
  /** Summed over the ways of this kind that a regulation asks for. */
  readonly population: Population;
  readonly reasons: readonly Text[];
  readonly evidence: readonly EvidenceRef[];
}

export interface WayResult extends Answer {
  readonly way: AnswerKind;
  /** Id of the check, or kind of document. */
  readonly by: string;
  /** Weighs as practice: beyond the text. */
  readonly practice: boolean;
  /** Oldest evidence that counts; null where it reads none. */
  readonly freshSeconds: number | null;
  /** Until when the answer holds if nothing new comes: the first of its evidence or documents to end. Null where nothing ends. */
  readonly holdsUntil: string | null;
}

export interface EvidenceRef {
  /** Id of the record, or `documents/<id>` for a document of the inventory. */
  readonly id: string;
  readonly digest: string;
}

export interface Tally extends Readonly<Record<Status, number>> {
  /** Duties that are counted: those that bind, whether applicable or not. */
  readonly population: number;
}

export interface Totals {
  /** Of every duty that binds. */
  readonly all: Tally;
  /** Duties of the catalogue that do not bind the region: no part of any other figure. */
  readonly notBinding: number;
  readonly bySeverity: Readonly<Record<Severity, Tally>>;
  readonly byArea: Readonly<Record<AreaId, Tally>>;
  /** Things that duties speak of, over all answers of duties that bind. */
  readonly things: { readonly spokenOf: number; readonly lookedAt: number; readonly failing: number };
  readonly openFindings: number;
}

/** The words of auditors for what became of a finding, used as they are. */
export const followUps = {
  sesuai: { id: "Sesuai", en: "Sesuai (in accordance)" },
  "belum-sesuai": { id: "Belum Sesuai", en: "Belum Sesuai (not yet in accordance)" },
  "belum-ditindaklanjuti": { id: "Belum Ditindaklanjuti", en: "Belum Ditindaklanjuti (not yet followed up)" },
  "tidak-dapat-ditindaklanjuti": {
    id: "Tidak Dapat Ditindaklanjuti",
    en: "Tidak Dapat Ditindaklanjuti (cannot be followed up)",
  },
} as const satisfies Readonly<Record<string, Text>>;
export type FollowUp = keyof typeof followUps;

/** `not-met`, `expired`: a way says no. `practice`: one beyond the text does. `disagreement`: the answers differ. `evidence`: some does not count. */
export type FindingKind = "not-met" | "expired" | "practice" | "disagreement" | "evidence";

export interface Finding {
  /** The same from run to run: `<duty>/<what>`, for example `site.apart/no-shared-hazard`, `evidence/other-region`. */
  readonly id: string;
  readonly kind: FindingKind;
  /** Null where it is about evidence and no single duty. */
  readonly duty: string | null;
  readonly severity: Severity;
  /** What is so. */
  readonly condition: Text;
  /** What should be so: the article. */
  readonly criteria: Text;
  readonly cause: Text;
  readonly effect: Text;
  readonly recommendation: Text;
  readonly priority: Priority;
  readonly owner: { readonly role: string; readonly title: Text };
  /** First seen, of its present opening. */
  readonly openedAt: string;
  /** 60 days later. */
  readonly due: string;
  readonly overdue: boolean;
  /** Null while it is open. */
  readonly closedAt: string | null;
  /** How often it came back after it was closed. */
  readonly reopened: number;
  /** The last word of the history. */
  readonly followUp: FollowUp;
  /** In order of time; at least one entry. */
  readonly history: readonly FollowUpEntry[];
  readonly population: Population;
  readonly evidence: readonly EvidenceRef[];
}

export interface Priority {
  /** 1 comes first. */
  readonly rank: 1 | 2 | 3;
  readonly cost: "low" | "medium" | "high";
  readonly benefit: "low" | "medium" | "high";
  readonly risk: "low" | "medium" | "high";
}

export interface FollowUpEntry {
  readonly at: string;
  readonly word: FollowUp;
  /** A role, or `lumbung` where an assessment says it. */
  readonly by: string;
  readonly note: Text;
  readonly evidence: EvidenceRef | null;
}

/** `expired`: its last day has passed, or cannot be read. `refused`: something that it needs is missing. `unneeded`: the duty is met without it. */
export type WaiverState = "in-force" | "unneeded" | "expired" | "refused";

export interface WaiverResult {
  readonly id: string;
  readonly duty: string;
  readonly justification: string;
  readonly approver: string;
  /** As it is written; its last day counts. */
  readonly expires: string;
  readonly state: WaiverState;
  readonly reasons: readonly Text[];
}

/** `not-yet`: its date lies ahead. `altered`: the file's digest differs. `nobodys`: no owner that the region declares. `refused`: something else is missing. */
export type DocumentState = "in-force" | "not-yet" | "expired" | "altered" | "nobodys" | "refused";

export interface DocumentResult {
  readonly id: string;
  readonly kind: DocumentKind | null;
  readonly title: string;
  readonly number: string;
  readonly date: string;
  readonly expires: string;
  readonly owner: string;
  readonly duties: readonly string[];
  readonly state: DocumentState;
  /** Null where no file is named. */
  readonly file: string | null;
  readonly digest: string | null;
  readonly reasons: readonly Text[];
}

/** `finding-due`: a finding's 60 days end. `evidence`: what a running answer rests on becomes too old. */
export type CalendarKind = "document" | "waiver" | "evidence" | "deadline" | "finding-due" | "decree";

export interface CalendarEntry {
  /** In the region's time. */
  readonly date: string;
  readonly kind: CalendarKind;
  readonly duty: string;
  readonly severity: Severity;
  /** What ends, for example a document's number. */
  readonly what: Text;
  readonly becomes: Status;
}

export interface EvidenceAnnex {
  /** Records that were read, and those that verified. */
  readonly records: number;
  readonly verified: number;
  /** False where no store could be reached; then `reason` says which and why. */
  readonly reachable: boolean;
  readonly reason: Text | null;
  /** Those that an answer cites, in order of their ids. */
  readonly cited: readonly CitedEvidence[];
  readonly broken: readonly { readonly id: string; readonly code: string; readonly reason: Text }[];
  /** Where each chain ends, to hold against the printed and the published heads. */
  readonly heads: readonly {
    readonly writer: string;
    readonly site: string;
    readonly last: number;
    readonly digest: string;
    readonly counterSigned: { readonly by: string; readonly sequence: number; readonly at: string } | null;
  }[];
}

export interface CitedEvidence extends EvidenceRef {
  readonly kind: Kind | "document";
  readonly about: string;
  readonly at: string;
  readonly site: string | null;
  /** Duties that cite it. */
  readonly duties: readonly string[];
}

export interface InputProblem {
  readonly code: string;
  /** Where the datum stands, for example `waivers[2].expires`. */
  readonly path: string;
  readonly message: Text;
  readonly expected: Text;
  readonly received: string;
  readonly hint: Text | null;
}

export interface Method {
  /** How many duties bind, how many of their ways have a check, and what was not examined, with the reason. */
  readonly ways: number;
  readonly examined: number;
  readonly notExamined: readonly { readonly duty: string; readonly by: string; readonly reason: Text }[];
  /** Every thing of a population is looked at; nothing is sampled unless it says so here. */
  readonly sampling: Text;
  readonly notes: readonly Text[];
}

export interface Changes {
  readonly since: string;
  readonly inventory: string;
  readonly commit: string | null;
  readonly duties: readonly { readonly id: string; readonly before: Status; readonly after: Status }[];
  readonly opened: readonly string[];
  readonly reopened: readonly string[];
  readonly closed: readonly string[];
}
