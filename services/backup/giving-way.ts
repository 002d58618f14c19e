/**
 * A drill gives way. The lowest priority alone leaves it whatever is idle, and on a machine that others keep busy its use of memory, disk and the
 * other half of a core is still felt by them: so while they need the machine it stands still for most of each second.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { type Processors, readProcesses, readProcessors, type Told, treeOf } from "./proc.ts";

export interface Rules {
  /** Above this share of the machine's processors, 0 to 1, others need it. */
  readonly othersShare: number;
  /** Processor seconds that a drill may use before it gives way: a small one is over by then. */
  readonly freeSeconds: number;
  /** How often is looked at what others use. */
  readonly everyMs: number;
  /** How much of that it stands still when they need the machine. */
  readonly standMs: number;
  /** How many times as long a drill may take for it. */
  readonly mostTimes: number;
  /** How much longer a drill may take for it. */
  readonly mostStandingMs: number;
}

/** It runs a quarter of the time. A backup of the same target, and at a site that runs one job at once any backup, waits for it: an hour more at most. */
export const RULES: Rules = {
  ...{ othersShare: 0.5, freeSeconds: 20 },
  ...{ everyMs: 1000, standMs: 750, mostTimes: 4, mostStandingMs: 3_600_000 },
};

/** What is known after a second. */
export interface Seen {
  /** Share of the machine's processors that others used in it, 0 to 1. */
  readonly othersShare: number;
  /** Processor seconds of the drill so far. */
  readonly usedSeconds: number;
  readonly stoodMs: number;
  readonly ranMs: number;
  /** Somebody waits for the drill's end, or what it is at cannot wait. */
  readonly hurried: boolean;
}

/** For how long of the next second the drill stands still. Pure. */
export function standFor({ othersShare, usedSeconds, stoodMs, ranMs, hurried }: Seen, rules: Rules = RULES): number {
  const { standMs, mostTimes, mostStandingMs } = rules;
  if (hurried || usedSeconds <= rules.freeSeconds || othersShare <= rules.othersShare) return 0;
  const most = Math.min(mostStandingMs, (mostTimes - 1) * ranMs);
  return Math.max(0, Math.min(standMs, most - stoodMs));
}

export interface GivingWayOptions {
  /** Whether somebody waits for the drill's end. Default: nobody does. */
  readonly awaited?: () => boolean;
  readonly rules?: Rules;
  /** For tests. Default: this machine's. */
  readonly processors?: () => Processors;
}

/** Of one drill: holds its programs, with all that they started, while it stands still. */
export class GivingWay {
  readonly #options: GivingWayOptions;
  readonly #roots = new Set<number>();
  readonly #begunMs = performance.now();
  /** Of this process and of children that ended: what there was before the drill. */
  readonly #usedBefore = secondsOfThis(readProcesses());
  #stoodMs = 0;
  #stoodSinceMs: number | undefined;
  #hurried = 0;
  #standing: { readonly ended: Promise<void>; readonly end: () => void } | undefined;

  constructor(options: GivingWayOptions = {}) {
    this.#options = options;
  }

  /** How long it stood still so far. */
  get stoodMs(): number {
    return this.#stoodMs + (this.#stoodSinceMs === undefined ? 0 : performance.now() - this.#stoodSinceMs);
  }

  /** A program that was started for the drill. */
  take(pid: number): void {
    this.#roots.add(pid);
  }

  /** A program that ended, or is to end and must run for that. */
  release(pid: number): void {
    if (this.#roots.delete(pid)) this.#goOn();
  }

  /** Does what must not be held up, as it has deadlines of its own. */
  async hurry<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#hurried += 1;
    this.#goOn();
    try {
      return await work();
    } finally {
      this.#hurried -= 1;
    }
  }

  /** Resolves when the drill does not stand still: for work of this process itself, which cannot be held. */
  async untilRunning(): Promise<void> {
    if (this.#standing === undefined) return;
    this.#stoodSinceMs ??= performance.now();
    await this.#standing.ended;
  }

  /** Does the work and gives way meanwhile. Whatever comes of it, nothing is held afterwards. */
  async during<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = new AbortController();
    const watching = this.#watch(done.signal);
    // It is awaited below; until then it must not count as unheeded.
    watching.catch(() => undefined);
    let value: Value;
    try {
      value = await current.run(this, work);
    } finally {
      done.abort();
      this.#goOn();
      await watching.catch(() => undefined);
    }
    await watching;
    return value;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { awaited = () => false, processors = readProcessors, rules = RULES } = this.#options;
    let before: Account = { ...processors(), counted: 0 };
    let standMs = 0;
    for (;;) {
      await pause(Math.max(0, rules.everyMs - standMs), signal);
      if (signal.aborted) return;
      const all = readProcesses();
      const { used, ...now } = { ...processors(), ...this.#used(all) };
      const stoodMs = this.stoodMs;
      standMs = standFor(
        {
          othersShare: othersShare(before, now),
          usedSeconds: used,
          stoodMs,
          ranMs: performance.now() - this.#begunMs - stoodMs,
          hurried: this.#hurried > 0 || awaited(),
        },
        rules,
      );
      before = now;
      if (standMs > 0) await this.#stand(standMs, all);
    }
  }

  /** Processor seconds of the drill, and those that count as busy: its programs run at the lowest priority, this process does not. */
  #used(all: readonly Told[]): { readonly used: number; readonly counted: number } {
    const own = secondsOfThis(all) - this.#usedBefore;
    const below = treeOf([...this.#roots], all);
    return {
      used: own + sum(below, ({ seconds }) => seconds),
      counted: own + sum(below, ({ systemSeconds }) => systemSeconds),
    };
  }

  async #stand(forMs: number, all: readonly Told[]): Promise<void> {
    const held: number[] = [];
    const early = new AbortController();
    const ended = new Promise<void>((resolve) => early.signal.addEventListener("abort", () => resolve()));
    this.#standing = {
      ended,
      end: () => {
        for (const pid of held) signalTo(pid, "SIGCONT");
        this.#stoodMs = this.stoodMs;
        this.#stoodSinceMs = undefined;
        this.#standing = undefined;
        early.abort();
      },
    };
    try {
      for (const { pid } of treeOf([...this.#roots], all)) if (signalTo(pid, "SIGSTOP")) held.push(pid);
      if (held.length > 0) this.#stoodSinceMs = performance.now();
      await pause(forMs, early.signal);
    } finally {
      this.#goOn();
    }
  }

  #goOn(): void {
    this.#standing?.end();
  }
}

interface Account extends Processors {
  /** Of what is busy, the drill's own. */
  readonly counted: number;
}

/** Pure. */
export function othersShare(before: Account, now: Account): number {
  const total = now.total - before.total;
  return total > 0 ? (now.busy - before.busy - (now.counted - before.counted)) / total : 0;
}

const current = new AsyncLocalStorage<GivingWay>();

/** Of the drill that this is done for; undefined where it is done for none. */
export const givingWay = (): GivingWay | undefined => current.getStore();

const sum = (all: readonly Told[], of: (one: Told) => number): number => all.reduce((total, one) => total + of(one), 0);

const secondsOfThis = (all: readonly Told[]): number => all.find(({ pid }) => pid === process.pid)?.seconds ?? 0;

/** @returns whether there was one that takes it. */
function signalTo(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
