/** Drills as people and other programmes read them. Pure. */
import type { BackupKind, Text } from "../../../model/types.ts";
import type { DrillReport } from "../../backup/wire.ts";
import type { DrillFigures, EndedRun, Ledger, Signature } from "./ledger.ts";
import type { Ended } from "./statements.ts";
import type { DrillChoice } from "./types.ts";

/** One line of a list of drills (design.md, section 6). Seconds; null where it did not come so far. */
export interface DrillItem {
  readonly id: string;
  readonly site: string;
  readonly target: string;
  readonly kind: BackupKind | null;
  /** Id of the copy that was restored. */
  readonly backup: string | null;
  readonly choice: DrillChoice | null;
  readonly startedAt: string;
  readonly passed: boolean;
  readonly proven: DrillFigures["proven"];
  /** To find, fetch, restore and replay it. */
  readonly restoreSeconds: number | null;
  readonly proofSeconds: number | null;
  /** How old the restored data were when the drill began: what a loss at that moment would have taken. */
  readonly rpo: number | null;
  /** Until the engine took questions on the restored data. */
  readonly rto: number | null;
  readonly compared: number;
  readonly differing: number;
  /** Name of the signed record; null: it waits for the signer, or was refused. */
  readonly evidence: string | null;
  readonly why: Text | null;
}

/** All that is known of one drill. */
export interface DrillRecord {
  readonly id: string;
  readonly region: string;
  readonly site: string;
  readonly target: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly passed: boolean;
  readonly why: Text | null;
  readonly choice: DrillChoice | null;
  readonly until: string | null;
  readonly evidence: Signature | null;
  /** Null where nobody could be asked how it went. */
  readonly report: DrillReport | null;
}

export function drillFigures({ seconds, compared, rtoSeconds, proven, restoredTo }: DrillReport): DrillFigures {
  const { find, fetch, restore, replay, prove } = seconds;
  return {
    proven,
    restoreSeconds: find + fetch + restore + replay,
    proofSeconds: prove,
    rto: rtoSeconds,
    restoredTo,
    compared: compared.length,
    differing: compared.filter(({ same }) => !same).length,
  };
}

/** Newest first. */
export function drillItems(
  ledger: Ledger,
  site: string,
  kindOf: (target: string) => BackupKind | undefined,
): DrillItem[] {
  return [...ledger.drills].reverse().map((run) => drillItem(run, site, kindOf(run.target), ledger.signature(run.run)));
}

function drillItem(
  run: EndedRun,
  site: string,
  kind: BackupKind | undefined,
  signature: Signature | undefined,
): DrillItem {
  const { drill } = run;
  return {
    id: run.run,
    site,
    target: run.target,
    kind: kind ?? null,
    backup: run.copy ?? null,
    choice: run.choice ?? null,
    startedAt: run.startedAt,
    passed: run.result === "succeeded",
    proven: drill?.proven ?? "nothing",
    restoreSeconds: drill?.restoreSeconds ?? null,
    proofSeconds: drill?.proofSeconds ?? null,
    rpo: drill === undefined ? null : secondsBetween(drill.restoredTo, run.startedAt),
    rto: drill?.rto ?? null,
    compared: drill?.compared ?? 0,
    differing: drill?.differing ?? 0,
    evidence: signature?.id ?? null,
    why: run.why ?? null,
  };
}

/** Null where a time cannot be read: a drill that failed early may have none. */
function secondsBetween(from: string, to: string): number | null {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return Number.isFinite(seconds) ? seconds : null;
}

export function drillRecord(
  { run, report, result, why, endedAt }: Ended,
  region: string,
  site: string,
  signature: Signature | undefined,
): DrillRecord {
  return {
    ...{ id: run.id, region, site, target: run.target, startedAt: run.startedAt, endedAt },
    passed: result === "succeeded",
    why: why ?? null,
    choice: run.choice ?? null,
    until: run.until ?? null,
    evidence: signature ?? null,
    report: report?.report === "drill" ? report : null,
  };
}
