/** Has the repository host and the drill room do the scheduler's runs, and sees each to its end. */
import type { BackupTarget, Text, WholeApplication } from "../../../model/types.ts";
import type { Copy, Proof, RunOrder, RunState } from "../../backup/wire.ts";
import type { SiteState } from "../status.ts";
import { Away } from "./call.ts";
import { type Host, Refused } from "./host.ts";
import { JobFault } from "./job-fault.ts";
import { restoredOf } from "./restored-from.ts";
import type { Effects } from "./scheduler.ts";
import type { Ended } from "./statements.ts";
import type { Action, Job, Outcome, Run } from "./types.ts";

/** What is out of reach, and a site's state that is not known, is asked for again for so long. */
export const PATIENCE_SECONDS = 60;
export const POLL_SECONDS = 1;

export interface Performing {
  readonly repository: () => Host;
  /** Undefined where this site has no drill room. */
  readonly drillRoom: () => Host | undefined;
  readonly siteState: () => SiteState;
  readonly slices: () => number;
  readonly engineOf: (target: string) => BackupTarget["engine"] | undefined;
  /** What of a target is restored as a whole; undefined where it is no application. */
  readonly applicationOf: (target: string) => Pick<WholeApplication, "database" | "files"> | undefined;
  /** The copies that there are of a target, oldest first. */
  readonly copiesOf: (target: string) => readonly Copy[];
  readonly proofOf: (copy: Copy) => Promise<Proof | undefined>;
  /** What a run came to whose end is kept already. */
  readonly settled: (run: string) => Outcome | undefined;
  /** Keeps an end, on disk when it resolves. */
  readonly settle: (ended: Ended) => Promise<void>;
  readonly onProgress: (state: RunState) => void;
  /** Told after each end that is kept. */
  readonly onEnd: (ended: Ended) => void;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  /** Aborts when this process is told to end: what runs goes on without it. */
  readonly signal: AbortSignal;
  /** Rejects when that aborts. */
  readonly pause: (seconds: number) => Promise<void>;
}

export function performer(told: Performing): Pick<Effects, "perform" | "goesOn" | "follow" | "clean"> {
  return {
    perform: (run, job) =>
      seen(run, told, async () => {
        const order = await orderOf(run, job, told);
        const host = hostOf(run, told);
        await patiently(told, () => host.begin(order));
        return ending(run, host, told);
      }),
    goesOn: async (run) =>
      told.settled(run.id) !== undefined || (await knownHostOf(run, told)?.state(run.id)) !== undefined,
    follow: async (run) => told.settled(run.id) ?? seen(run, told, () => ending(run, hostOf(run, told), told)),
    clean: async (run) => knownHostOf(run, told)?.remove(run.id),
  };
}

/** Keeps how it ended, whether a host said so or nobody could. @throws where this process ends before, and where its disk keeps nothing. */
async function seen(run: Run, told: Performing, work: () => Promise<RunState>): Promise<Outcome> {
  const ended = await work().then(
    (state): Ended => ofState(run, state, told),
    (error: unknown): Ended => {
      if (told.signal.aborted) throw error;
      return { run, endedAt: told.now().toISOString(), seen: false, result: "failed", why: reasonOf(error) };
    },
  );
  await told.settle(ended);
  told.onEnd(ended);
  const { result, why } = ended;
  return { result, ...(why ? { why } : {}) };
}

function ofState(run: Run, { state, endedAt, why, report }: RunState, { now }: Performing): Ended {
  return {
    run,
    endedAt: endedAt ?? now().toISOString(),
    seen: true,
    result: state === "succeeded" ? "succeeded" : "failed",
    ...(why ? { why } : {}),
    ...(report ? { report } : {}),
  };
}

function reasonOf(error: unknown): Text {
  if (error instanceof JobFault || error instanceof Away || error instanceof Refused) return error.text;
  const plain = error instanceof Error ? error.message : String(error);
  return { id: plain, en: plain };
}

function knownHostOf({ action }: Pick<Run, "action">, { repository, drillRoom }: Performing): Host | undefined {
  // Who prunes is another identity than who writes, and that one is the drill room's.
  return action === "drill" || action === "prune" ? drillRoom() : repository();
}

function hostOf(run: Pick<Run, "action">, told: Performing): Host {
  const host = knownHostOf(run, told);
  if (host) return host;
  throw new JobFault({ id: "situs ini tidak punya ruang latihan", en: "this site has no drill room" });
}

/** Asks until it ended. @throws JobFault where it ended with its host; of a drill, what it left is taken away before. */
async function ending(run: Run, host: Host, told: Performing): Promise<RunState> {
  for (;;) {
    const state = await patiently(told, () => host.state(run.id)).catch((error: unknown) =>
      cleaned(run, host, told, error),
    );
    if (state === undefined) return cleaned(run, host, told, new JobFault(HOST_ENDED(host)));
    told.onProgress(state);
    if (state.state !== "running") return state;
    await told.pause(POLL_SECONDS);
  }
}

/** A drill that was lost sight of may have left people's data in the drill room. @throws `error`, with what else went wrong. */
async function cleaned(run: Run, host: Host, told: Performing, error: unknown): Promise<never> {
  if (run.action !== "drill" || told.signal.aborted) throw error;
  const why = reasonOf(error);
  await patiently(told, () => host.remove(run.id)).catch((left: unknown) => {
    if (told.signal.aborted) throw left;
    const also = reasonOf(left);
    throw new JobFault({
      id: `${why.id}; dan sisanya belum dibersihkan: ${also.id}`,
      en: `${why.en}; and what it left is not cleaned: ${also.en}`,
    });
  });
  throw error;
}

const HOST_ENDED = ({ name }: Host): Text => ({
  id: `${name} berakhir selagi pekerjaan itu berjalan; dicoba lagi dengan sendirinya`,
  en: `${name} ended while it ran; it is tried again by itself`,
});

/** Asks again while nobody answers. @throws Away when that goes on for too long, and at once whatever else went wrong. */
async function patiently<T>({ monotonicMs, pause }: Performing, work: () => Promise<T>): Promise<T> {
  const from = monotonicMs();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Away) || monotonicMs() - from >= PATIENCE_SECONDS * 1000) throw error;
    }
    await pause(POLL_SECONDS);
  }
}

/** What reads data that are in use: from the standby's own servers, or from the primary's. */
const READS_DATA: readonly Action[] = ["full", "differential", "incremental", "archive-check"];

/** @throws JobFault where the site's state is not known, or the copy is not there any more. */
async function orderOf(run: Run, job: Job, told: Performing): Promise<RunOrder> {
  const { id, target, action, slice, choice, until } = run;
  const state = READS_DATA.includes(action) ? await knownState(told) : told.siteState();
  // A drill's job is for all targets; each of its runs takes one, with its own engine.
  const restored = action === "drill" ? await restoredOf(run, told) : {};
  const engine = restored.engine ?? job.engine;
  const repository = job.class ?? restored.copy?.class;
  return {
    ...{ id, target, action, engine, standby: state === "standby" },
    ...(repository ? { class: repository } : {}),
    ...(slice === undefined ? {} : { slice, slices: told.slices() }),
    ...(choice ? { choice } : {}),
    ...(until === undefined ? {} : { until }),
    ...restored,
  };
}

/** Right after a start nothing was asked yet. */
async function knownState({ siteState, monotonicMs, pause }: Performing): Promise<"active" | "standby"> {
  const from = monotonicMs();
  for (;;) {
    const state = siteState();
    if (state === "active" || state === "standby") return state;
    if (monotonicMs() - from >= PATIENCE_SECONDS * 1000) throw new JobFault(STATE_UNKNOWN(state));
    await pause(POLL_SECONDS);
  }
}

const STATE_UNKNOWN = (state: SiteState): Text => ({
  id: `keadaan situs ini ${state}, bukan active atau standby: lihat \`lumbung status\`; dicoba lagi dengan sendirinya`,
  en: `the state of this site is ${state}, not active or standby: see \`lumbung status\`; it is tried again by itself`,
});
