/** What Prometheus hears of jobs, copies and drills. */
import { Counter, Gauge, type Registry } from "../../../io/metrics.ts";
import type { PastRun } from "./history.ts";
import type { EndedRun } from "./ledger.ts";
import type { Ended } from "./statements.ts";
import type { CoverageView, JobsView } from "./views.ts";

export interface JobsSeen {
  readonly jobs: JobsView;
  readonly coverage: CoverageView;
  readonly lastGood: readonly PastRun[];
  readonly drills: readonly EndedRun[];
}

export interface JobsExposition {
  /** Counts a run that ended. */
  count(ended: Ended, site: string): void;
  /** Takes the figures of now; undefined: nothing is known, and nothing lingers. */
  show(seen: JobsSeen | undefined): void;
}

export function createJobsExposition(registry: Registry): JobsExposition {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
    new Gauge({ name, help, labelNames, registers });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name, help, labelNames, registers });

  const runs = counter("lumbung_job_runs_total", "Runs that ended since ops started", [
    "target",
    "action",
    "result",
    "site",
  ]);
  const drills = counter("lumbung_drills_total", "Drills that ended since ops started", ["target", "result", "site"]);
  const lastSuccess = gauge("lumbung_job_last_success_timestamp_seconds", "When a run last did what it was to do", [
    "target",
    "action",
    "site",
  ]);
  const age = gauge("lumbung_backup_newest_age_seconds", "Age of the data in the newest copy", ["target", "site"]);
  const share = gauge(
    "lumbung_backup_coverage_share",
    "Share of what the site runs that has a fresh and restored copy",
    ["site"],
  );
  const targets = gauge("lumbung_backup_targets", "Targets by state of their copies (unknown: never read it as ok)", [
    "state",
    "site",
  ]);
  const elsewhere = gauge("lumbung_backup_elsewhere", "Targets that others run, which are no part of the share", [
    "site",
  ]);
  const passed = gauge("lumbung_drill_passed", "Whether the target's last drill restored what was in the copy", [
    "target",
    "site",
  ]);
  const restore = gauge("lumbung_drill_restore_seconds", "How long the target's last drill took to restore", [
    "target",
    "site",
  ]);
  const underWay = gauge("lumbung_jobs_under_way", "Runs that go on now", ["site"]);
  const waiting = gauge("lumbung_evidence_waiting", "Statements that wait for the signer", ["site"]);
  const refused = gauge("lumbung_evidence_refused", "Statements that the signer would not have", ["site"]);
  const gauges = [lastSuccess, age, share, targets, elsewhere, passed, restore, underWay, waiting, refused];

  return {
    count: ({ run, result }, site) => {
      runs.inc({ target: run.target, action: run.action, result, site });
      if (run.action === "drill")
        drills.inc({ target: run.target, result: result === "succeeded" ? "passed" : "failed", site });
    },
    show: (seen) => {
      for (const each of gauges) each.reset();
      if (seen === undefined) return;
      const { jobs, coverage } = seen;
      const { site } = jobs;
      for (const { target, action, endedAt } of seen.lastGood)
        lastSuccess.set({ target, action, site }, Date.parse(endedAt) / 1000);
      for (const { target, newestAge } of coverage.items) if (newestAge !== null) age.set({ target, site }, newestAge);
      if (coverage.share !== null) share.set({ site }, coverage.share);
      for (const state of ["ok", "late", "missing", "unknown"] as const)
        targets.set({ state, site }, coverage.items.filter((item) => item.state === state).length);
      elsewhere.set({ site }, coverage.elsewhere.length);
      for (const run of seen.drills) {
        passed.set({ target: run.target, site }, run.result === "succeeded" ? 1 : 0);
        if (run.drill) restore.set({ target: run.target, site }, run.drill.restoreSeconds);
      }
      underWay.set({ site }, jobs.underWay.length);
      waiting.set({ site }, jobs.evidence.waiting);
      refused.set({ site }, jobs.evidence.refused);
    },
  };
}
