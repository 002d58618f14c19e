/** What can be done with a run that is not at its end: two or three things, each with its command. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { RunState, StepState } from "../engine/state.ts";

export interface Possible {
  readonly what: Text;
  readonly command: Text;
}

/** The step at which a run stands: the one that failed, or else the first that is not done. */
export function standingAt({ steps, failure }: RunState): StepState | undefined {
  return (
    steps.find(({ step }) => step.id === failure?.step) ??
    steps.find(({ outcome }) => outcome !== "done" && outcome !== "skipped")
  );
}

export function possibleOf(state: RunState): Possible[] {
  const { run, plan, aborting, beyondReturn } = state;
  const region = `--region ${plan.region}`;
  const at = standingAt(state);
  const same = (command: string): Text => text(command, command);
  const all: (Possible | false)[] = [
    {
      what: aborting
        ? text("lanjutkan pembatalan, sesudah sebabnya diatasi", "go on taking back, once the cause is gone")
        : text(
            "lanjutkan: sebabnya diatasi, atau langkah dikerjakan tangan",
            "resume: the cause is gone, or it was done by hand",
          ),
      command: same(`lumbung resume ${run} ${region}`),
    },
    !aborting &&
      at?.step.maySkip === true && {
        what: text("lewati langkah ini, lalu lanjutkan", "skip this step, then resume"),
        command: same(`lumbung skip ${run} ${at.step.id} ${region} --by … --reason "…"`),
      },
    !aborting && !beyondReturn
      ? {
          what: text("batalkan: yang sudah dikerjakan dikembalikan", "abort: what was done is taken back"),
          command: same(`lumbung abort ${run} ${region} --by … --reason "…"`),
        }
      : {
          what: text(
            "gantikan dengan prosedur lain: dua persetujuan",
            "put another runbook in its place: two approvals",
          ),
          command: text(
            `lumbung <prosedur> ${region} --supersedes ${run}`,
            `lumbung <runbook> ${region} --supersedes ${run}`,
          ),
        },
  ];
  return all.filter((one) => one !== false);
}
