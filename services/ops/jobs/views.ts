/** What `ops` says of its jobs: the shapes of its answers, which the command line reads. */

import type { BackupCoverage, CopyFact } from "../../../model/derive/backup-coverage.ts";
import type { RepositoryClass } from "../../../model/derive/backup-repositories.ts";
import type { SiteId, Text } from "../../../model/types.ts";
import type { Report } from "../../backup/wire.ts";
import type { DrillItem } from "./drills.ts";
import type { Signature } from "./ledger.ts";
import type { Action, DrillChoice, Result } from "./types.ts";

/** `GET /runs/<id>`, and the lists in `/jobs`. Sizes are bytes. */
export interface RunView {
  readonly id: string;
  readonly site: SiteId;
  readonly job: string;
  readonly target: string;
  readonly action: Action;
  readonly state: "running" | Result;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly why: Text | null;
  /** What is being done now. */
  readonly phase: Text | null;
  readonly doneBytes: number | null;
  readonly totalBytes: number | null;
  readonly choice: DrillChoice | null;
  /** Id of the copy that is restored. */
  readonly copy: string | null;
}

/** One run by itself: with what it told, and the record that says so. */
export interface RunDetailView extends RunView {
  readonly report: Report | null;
  readonly evidence: Signature | null;
}

export interface JobView {
  readonly id: string;
  readonly target: string;
  readonly action: Action;
  readonly class: RepositoryClass | null;
  /** When it is due next. */
  readonly next: string;
  readonly last: Pick<RunView, "id" | "target" | "state" | "endedAt" | "why"> | null;
}

/** `GET /jobs`. */
export interface JobsView {
  readonly region: string;
  readonly site: SiteId;
  readonly at: string;
  readonly jobs: readonly JobView[];
  readonly underWay: readonly RunView[];
  /** Newest first. */
  readonly last: readonly RunView[];
  /** Statements that wait for the signer, why the first does, and how many it refused for good. */
  readonly evidence: { readonly waiting: number; readonly why: string | null; readonly refused: number };
  /** When the repository host last listed its copies; null: not lately. */
  readonly copiesAt: string | null;
}

/** `GET /coverage`: of this site alone, with the facts from which that of the whole region is made. */
export interface CoverageView extends BackupCoverage {
  readonly site: SiteId;
  readonly at: string;
  readonly facts: readonly CopyFact[];
}

/** `GET /drills`. */
export interface DrillsView {
  readonly region: string;
  readonly site: SiteId;
  readonly items: readonly DrillItem[];
}
