/** Runs as `ops` tells of them. Pure. */
import type { RunState } from "../../backup/wire.ts";
import type { PastRun } from "./history.ts";
import type { Run } from "./types.ts";
import type { RunView } from "./views.ts";

/** `state`: what its host last said of it. */
export function openView(run: Run, state: RunState | undefined, site: string): RunView {
  return {
    ...base(run, site),
    state: "running",
    endedAt: null,
    why: null,
    phase: state?.phase ?? null,
    doneBytes: state?.doneBytes ?? null,
    totalBytes: state?.totalBytes ?? null,
  };
}

export function pastView(run: PastRun, site: string): RunView {
  return {
    ...base(run, site),
    state: run.result,
    endedAt: run.endedAt,
    why: run.why ?? null,
    ...{ phase: null, doneBytes: null, totalBytes: null },
  };
}

function base({ id, job, target, action, startedAt, choice, backup }: Run, site: string) {
  return { id, site, job, target, action, startedAt, choice: choice ?? null, copy: backup ?? null };
}
