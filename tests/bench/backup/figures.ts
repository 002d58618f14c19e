/** Figures of backups from what was measured: medians against medians of rounds that took turns. */
import { type Figure, figureOf } from "../figure.ts";
import { median } from "../statistics.ts";

/** Seconds of each round. */
export interface RestoreSamples {
  readonly drill: readonly number[];
  readonly plain: readonly number[];
  /** What was restored. */
  readonly bytes: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

const RESTORE_BOUND = 0.9;
const PROOF_BOUND = 1.2;
const BESIDE_BOUND = 0.9;

/** Rates: what the drill restores in a second against what the same program does that somebody types. */
export function restoreFigure(
  what: "postgresql" | "files",
  program: string,
  { drill, plain, bytes, detail }: RestoreSamples,
): Figure {
  return figureOf({
    name: `backup.restore.${what}`,
    value: bytes / median(drill),
    unit: "bytes/s",
    floor: bytes / median(plain),
    against: `plain ${program} in the same room, same settings and priority`,
    bound: RESTORE_BOUND,
    least: true,
    detail: { bytes, drill, plain, ...detail },
  });
}

/** Nobody has said how many times faster it must be: it is stated. */
export function parallelFigure(
  parallel: readonly number[],
  baseBackup: readonly number[],
  { restoredBytes, copiedBytes }: { readonly restoredBytes: number; readonly copiedBytes: number },
): Figure {
  return figureOf({
    name: "backup.restore.parallel",
    value: restoredBytes / median(parallel),
    unit: "bytes/s",
    floor: copiedBytes / median(baseBackup),
    against: "one pg_basebackup of the running primary",
    bound: null,
    least: true,
    detail: { processes: 4, restoredBytes, copiedBytes, parallel, baseBackup },
  });
}

/** Seconds of each round. */
export interface ProofSamples {
  readonly prove: readonly number[];
  readonly scan: readonly number[];
  readonly amcheck: readonly number[];
}

export function proofFigure({ prove, scan, amcheck }: ProofSamples, detail: Readonly<Record<string, unknown>>): Figure {
  const floors = scan.map((seconds, round) => seconds + (amcheck[round] ?? Number.NaN));
  return figureOf({
    name: "backup.proof",
    value: median(prove),
    unit: "s",
    floor: median(floors),
    against: "COPY | sha256sum of every table + pg_amcheck, by hand on the same copy",
    bound: PROOF_BOUND,
    detail: { prove, scan, amcheck, ...detail },
  });
}

/** Transactions per second of each round. */
export interface BesideSamples {
  readonly beside: readonly number[];
  readonly alone: readonly number[];
}

export function besideFigure({ beside, alone }: BesideSamples, detail: Readonly<Record<string, unknown>>): Figure {
  return figureOf({
    name: "backup.drill-beside",
    value: median(beside),
    unit: "transactions/s",
    floor: median(alone),
    against: "pgbench on the primary without a drill at the recovery site",
    bound: BESIDE_BOUND,
    least: true,
    detail: { beside, alone, ...detail },
  });
}
