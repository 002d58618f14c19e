/** A run that is carried out elsewhere, on this terminal: steps, time left, and in the end the report or the one screen. Leaving it stops nothing. */
import { setTimeout as pause } from "node:timers/promises";
import { LumbungError } from "../../io/errors.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { type RunState, stateOf } from "../../runbooks/engine/state.ts";
import { failureScreen } from "../../runbooks/report/screen.ts";
import { sheetOf } from "../../runbooks/report/sheet.ts";
import { reportText } from "../../runbooks/report/text.ts";
import { OUTCOMES } from "../../runbooks/report/words.ts";
import type { RunView } from "../../services/ops/runbooks/views.ts";
import type { Exposed } from "../../services/ops/status.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { language, say } from "../output/language.ts";
import { colour } from "../output/table.ts";
import { look } from "./ask.ts";

export interface Following {
  readonly ask: AskOps;
  readonly model: Model;
  readonly site: SiteModel;
  /** Default 1. */
  readonly pollSeconds?: number;
  /** Default: standard error. */
  readonly tell?: (line: string) => void;
}

/** An `ops` that restarts is back by then; the run is not, and that is told. */
const SILENT_MS = 90_000;

/** @returns what the run came to. @throws LumbungError (3) where `ops` stays silent: the run may go on all the same. */
export async function follow(run: string, following: Following): Promise<RunView & Exposed> {
  const { pollSeconds = 1, tell = (line) => void process.stderr.write(`${line}\n`) } = following;
  const shown = new Set<string>();
  let silentSince: number | undefined;
  for (;;) {
    try {
      const view = await look<RunView & Exposed>(following.ask, following.site, run);
      silentSince = undefined;
      for (const line of newLines(stateOf(view.events), shown)) tell(line);
      if (view.refused !== null && !shown.has(view.refused)) {
        shown.add(view.refused);
        tell(`! ${view.refused}`);
      }
      if (!view.running) return view;
    } catch (error) {
      if (!(error instanceof LumbungError) || error.exitCode !== 3) throw error;
      silentSince ??= performance.now();
      if (performance.now() - silentSince > SILENT_MS) throw error;
    }
    await pause(pollSeconds * 1000);
  }
}

/** What was not told yet: each step as it begins, with the time that is left, and as it ends. */
export function newLines(state: RunState, shown: Set<string>): string[] {
  const lines: string[] = [];
  const once = (key: string, line: string): void => {
    if (shown.has(key)) return;
    shown.add(key);
    lines.push(line);
  };
  const total = state.steps.length;
  for (const [index, { step, outcome, attempts, begunAt, endedAt }] of state.steps.entries()) {
    const title = `${index + 1}/${total} ${say(step.title)}`;
    if (attempts > 0 && begunAt !== undefined)
      once(`${step.id} ${attempts}`, `${colour("dim", "·", process.stderr)} ${title}${leftText(state, index)}`);
    if (outcome === "done") {
      const seconds =
        begunAt && endedAt ? ` (${Math.round((Date.parse(endedAt) - Date.parse(begunAt)) / 1000)} s)` : "";
      once(`${step.id} done`, `${colour("green", "✓", process.stderr)} ${title}${seconds}`);
    }
    if (outcome === "skipped" || outcome === "undone")
      once(`${step.id} ${outcome}`, `${colour("yellow", "–", process.stderr)} ${title}: ${say(OUTCOMES[outcome])}`);
    if (outcome === "failed") once(`${step.id} failed ${attempts}`, `${colour("red", "✗", process.stderr)} ${title}`);
  }
  return lines;
}

function leftText({ steps }: RunState, from: number): string {
  const seconds = steps.slice(from).reduce((sum, { step }) => sum + step.expectedSeconds, 0);
  return say({ id: `, kira-kira ${seconds} s lagi`, en: `, about ${seconds} s left` });
}

/** The report of a run that ended, or the screen of one that did not; and its exit code. */
export function ending({ report, events, seen, evidence }: RunView, { model }: Pick<Following, "model">) {
  const zone = model.region.timezone;
  if (report.result === "succeeded" || report.result === "aborted")
    return {
      text: reportText(sheetOf(report, model.region, { evidence, heads: [] }), language(), zone),
      code: report.result === "succeeded" ? 0 : 1,
    };
  return { text: `${failureScreen(stateOf(events), seen, language(), zone)}\n`, code: 1 };
}
