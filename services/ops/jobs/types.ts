/** What is run when, and what was run. Times are ISO 8601 in UTC, durations seconds. */
import type { RepositoryClass } from "../../../model/derive/backup-repositories.ts";
import type { BackupTarget, Text } from "../../../model/types.ts";

/** Largest first: what stands before another of the same repository holds all that the other would have added. */
export const backupActions = ["full", "differential", "incremental"] as const;
export type BackupAction = (typeof backupActions)[number];
export type Action = BackupAction | "archive-check" | "extend-locks" | "expire" | "prune" | "read-data" | "drill";

/** Local times of the region: `atSeconds` counts from local midnight. */
export type Schedule =
  | { readonly kind: "every"; readonly seconds: number; readonly atSeconds: number }
  /** On the first day of each month, or of each year. */
  | { readonly kind: "monthly" | "yearly"; readonly atSeconds: number };

export interface Job {
  /** `<target>/<action>`, with the repository's class for those that have one. */
  readonly id: string;
  /** Id of a backup target; for drills each run chooses its own, and this is `*`. */
  readonly target: string;
  readonly action: Action;
  readonly engine: BackupTarget["engine"];
  readonly class?: RepositoryClass;
  readonly schedule: Schedule;
}

/** For all targets: a drill takes one of them at a time. */
export const ANY = "*";

/** Which backup a drill restores. */
export const drillChoices = ["newest", "oldest", "random"] as const;
export type DrillChoice = (typeof drillChoices)[number];

/** What a run was told besides its job. */
export interface RunDetail {
  readonly choice?: DrillChoice;
  /** Id of the backup that a drill restores. */
  readonly backup?: string;
  /** Which slice of the repository is read, from 1. */
  readonly slice?: number;
  /** Of a drill of a database: the moment to which it restores. */
  readonly until?: string;
}

export interface Run extends RunDetail {
  readonly id: string;
  readonly job: string;
  readonly target: string;
  readonly action: Action;
  /** When it was due. */
  readonly slot: string;
  readonly startedAt: string;
}

/** How a run ended that was seen to its end. */
export interface Outcome {
  readonly result: Exclude<Result, "interrupted">;
  /** Why it failed. */
  readonly why?: Text;
}

export type Result = "succeeded" | "failed" | "interrupted";

/** A line of the journal. `started` is on disk before anything is done, `ended` after all of it is. */
export type JournalEvent =
  | ({ readonly event: "started"; readonly at: string } & Omit<Run, "startedAt">)
  | {
      readonly event: "ended";
      readonly at: string;
      readonly id: string;
      readonly result: Result;
      readonly why?: Text;
    }
  /** The clock went back: what was run after `at` does not stand for what is due then. */
  | { readonly event: "clock-back"; readonly at: string; readonly from: string };
