/** An engine in the drill room, of a database or an application: started, waited for until it takes questions, stopped. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Text } from "../../../model/types.ts";
import { afterRunning } from "../running-timer.ts";
import { NotRestored } from "./course.ts";
import type { Room } from "./room.ts";

export interface EngineOptions {
  readonly words: readonly string[];
  /** A line of its log by which it says that it takes questions. */
  readonly ready: RegExp;
  /** A line that tells why it ends, best first. */
  readonly telling: readonly RegExp[];
  /** What to do about such a line. */
  readonly advise: (line: string) => Text;
  /** Id of the copy that it runs on. */
  readonly what: string;
  /** Ends it cleanly, and at once. */
  readonly stopWith: { readonly cleanly: NodeJS.Signals; readonly atOnce: NodeJS.Signals };
  readonly signal: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** Added to the little that every program of the room gets; never a secret. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take until it is ready. Default: for as long as it says something. */
  readonly withinSeconds?: number;
}

export interface Engine {
  /** What needs it to run. @throws NotRestored with how it ended where it ended meanwhile: that says more than a connection that was lost. */
  readonly whileItRuns: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** Stops it cleanly and waits for its end. @throws NotRestored where it does not end well. */
  readonly stop: () => Promise<void>;
}

/** It says something while it replays: each file of the log, or every ten seconds how far it is. */
const SILENCE_MS = 10 * 60_000;
const STOP_MS = 5 * 60_000;
/** A lost connection is noticed before the end of the process that it led to. */
const END_NOTICED_MS = 2_000;
const KEPT_LINES = 200;
const LINE_LENGTH = 500;

/** @throws NotRestored with the telling line of its log where it ends, or says nothing for ten minutes, before it takes questions. */
export async function startEngine(room: Room, options: EngineOptions): Promise<Engine> {
  const { words, ready, stopWith, signal, onLine, env, withinSeconds } = options;
  signal.throwIfAborted();
  const child = room.start(words, env === undefined ? {} : { env }, stopWith.atOnce);
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const lines: string[] = [];
  const fault = (what: Text): NotRestored => new NotRestored(engineFault(options, lines, what));
  child.stdin.end();
  await new Promise<void>((resolve, reject) => {
    const silent = afterRunning(SILENCE_MS, () => settle(() => reject(fault(silentFor))));
    const late =
      withinSeconds === undefined
        ? undefined
        : afterRunning(withinSeconds * 1000, () => settle(() => reject(fault(notWithin(withinSeconds)))));
    const aborted = (): void => settle(() => reject(signal.reason as Error));
    function settle(outcome: () => void): void {
      silent.clear();
      late?.clear();
      signal.removeEventListener("abort", aborted);
      outcome();
    }
    signal.addEventListener("abort", aborted, { once: true });
    for (const input of [child.stderr, child.stdout])
      createInterface({ input }).on("line", (line) => {
        silent.refresh();
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        onLine?.(line);
        if (ready.test(line)) settle(resolve);
      });
    closed.then(
      ([code, name]) => settle(() => reject(fault(ended(code ?? name)))),
      (error: unknown) => settle(() => reject(error as Error)),
    );
  });
  return {
    whileItRuns: async (work) => {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        const end = await Promise.race([closed, pause(END_NOTICED_MS, undefined, { ref: false })]);
        if (end === undefined) throw error;
        throw new NotRestored(engineFault(options, lines, endedMeanwhile(end[0] ?? end[1])), { cause: error });
      }
    },
    stop: async () => {
      const late = afterRunning(STOP_MS, () => child.kill("SIGKILL"));
      child.kill(stopWith.cleanly);
      const [code, name] = await closed.finally(late.clear);
      if (code !== 0) throw fault(unclean(code ?? name));
    },
  };
}

type Ended = number | NodeJS.Signals | null;
const silentFor: Text = {
  id: "diam selama sepuluh menit saat dimulai",
  en: "said nothing for ten minutes while it was starting",
};
const notWithin = (seconds: number): Text => ({
  id: `belum siap dalam ${seconds} detik`,
  en: `was not ready within ${seconds} seconds`,
});
const ended = (how: Ended): Text => ({
  id: `berhenti (${how}) saat dimulai`,
  en: `ended (${how}) while it was starting`,
});
const endedMeanwhile = (how: Ended): Text => ({
  id: `berhenti (${how}) saat dibaca`,
  en: `ended (${how}) while it was read`,
});
const unclean = (how: Ended): Text => ({
  id: `tidak berhenti dengan baik (${how})`,
  en: `did not stop cleanly (${how})`,
});

/** What happened to it, the line of its log that says most, and what to do. */
export function engineFault(
  { words, telling, advise, what }: Pick<EngineOptions, "words" | "telling" | "advise" | "what">,
  lines: readonly string[],
  event: Text,
): Text {
  const program = words[0]?.split("/").at(-1) ?? "";
  const found = telling.map((one) => lines.findLast((line) => one.test(line))).find((line) => line !== undefined);
  const line = (found ?? lines.at(-1) ?? "").trim().slice(0, LINE_LENGTH);
  const advice = advise(line);
  return {
    id: `salinan ${what}: ${program} ${event.id}: ${line}: ${advice.id}`,
    en: `copy ${what}: ${program} ${event.en}: ${line}: ${advice.en}`,
  };
}
