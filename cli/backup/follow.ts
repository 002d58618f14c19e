/** Has a site's `ops` begin runs out of turn, one after the other, and follows each to its end. What began goes on without us. */
import { setTimeout as pause } from "node:timers/promises";
import { LumbungError } from "../../io/errors.ts";
import type { SiteModel, Text } from "../../model/types.ts";
import type { Asked } from "../../services/ops/jobs/ask-for.ts";
import type { RunDetailView } from "../../services/ops/jobs/views.ts";
import { say } from "../output/language.ts";
import { type Step, step } from "../output/progress.ts";
import type { AskOps } from "./ask-ops.ts";
import { Rate } from "./rate.ts";

export interface Wanted {
  readonly site: SiteModel;
  readonly asked: Asked;
}

export interface NotBegun {
  readonly site: string;
  readonly target: string;
  readonly why: Text;
}

export interface Followed {
  readonly runs: readonly RunDetailView[];
  readonly notBegun: readonly NotBegun[];
  /** Sites that could not be asked, or not any more; what had begun there goes on. */
  readonly silent: readonly LumbungError[];
}

export interface Following {
  readonly ask: AskOps;
  readonly title: (wanted: Wanted) => Text;
  /** Default 2; an archive's check, which comes every few minutes, is over by then. */
  readonly pollSeconds?: number;
  /** How long a target that is busy is waited for. Default 900: a backup or a reading of its repository may be under way. */
  readonly busySeconds?: number;
}

export async function followAll(wanted: readonly Wanted[], following: Following): Promise<Followed> {
  const runs: RunDetailView[] = [];
  const notBegun: NotBegun[] = [];
  const silent = new Map<string, LumbungError>();
  for (const one of wanted) {
    if (silent.has(one.site.id)) continue;
    try {
      runs.push(await step(say(following.title(one)), (shown) => follow(one, following, shown)));
    } catch (error) {
      if (error instanceof Failed) runs.push(error.run);
      else if (error instanceof NeverBegun) notBegun.push(error.outcome);
      else if (error instanceof LumbungError && error.exitCode === 3) silent.set(one.site.id, error);
      else throw error;
    }
  }
  return { runs, notBegun, silent: [...silent.values()] };
}

/** Thrown, so that the line of progress ends with a cross. */
class Failed extends Error {
  override readonly name = "Failed";
  readonly run: RunDetailView;

  constructor(run: RunDetailView) {
    super(run.why?.en ?? run.state);
    this.run = run;
  }
}

class NeverBegun extends Error {
  override readonly name = "NeverBegun";
  readonly outcome: NotBegun;

  constructor(outcome: NotBegun) {
    super(outcome.why.en);
    this.outcome = outcome;
  }
}

async function follow(wanted: Wanted, following: Following, shown: Step): Promise<RunDetailView> {
  const id = await begun(wanted, following, shown);
  const { pollSeconds = 2 } = following;
  const rate = new Rate();
  for (;;) {
    const run = await look(wanted, id, following);
    if (run.state === "succeeded") return run;
    if (run.state !== "running") throw new Failed(run);
    shown.note(rate.told(run, performance.now() / 1000));
    await pause(pollSeconds * 1000);
  }
}

async function begun({ site, asked }: Wanted, following: Following, shown: Step): Promise<string> {
  const { ask, pollSeconds = 2, busySeconds = 900 } = following;
  const until = performance.now() + busySeconds * 1000;
  for (;;) {
    const { code, text } = await ask(site, ["run"], JSON.stringify(asked));
    if (code === 0) return (JSON.parse(text) as { readonly id: string }).id;
    const why = whyOf(text);
    if (code === 2 || performance.now() >= until) throw new NeverBegun({ site: site.id, target: asked.target, why });
    shown.note(say(why));
    await pause(pollSeconds * 1000);
  }
}

/** `{ why }`, `{ problems }`, or a line. */
function whyOf(text: string): Text {
  try {
    const { why, problems = [] } = JSON.parse(text) as { readonly why?: Text; readonly problems?: readonly Text[] };
    const all = why ? [why] : problems;
    return { id: all.map((one) => one.id).join("; "), en: all.map((one) => one.en).join("; ") };
  } catch {
    return { id: text, en: text };
  }
}

/** An `ops` that is being restarted (`lumbung up`) knows the run again when it is back. */
const RESTART_MS = 90_000;

async function look({ site, asked }: Wanted, id: string, { ask, pollSeconds = 2 }: Following): Promise<RunDetailView> {
  const until = performance.now() + RESTART_MS;
  for (;;) {
    try {
      const { code, text } = await ask(site, ["watch", id, "0"]);
      if (code === 0) return JSON.parse(text.split("\n").at(-1) ?? "") as RunDetailView;
      // Its journal is gone with its volume: nobody can tell how it went.
      throw new NeverBegun({ site: site.id, target: asked.target, why: { id: text, en: text } });
    } catch (error) {
      if (!(error instanceof LumbungError) || performance.now() >= until) throw error;
    }
    await pause(pollSeconds * 1000);
  }
}
