/** Running an engine's program: words in, what it said out. A process that is told to stop takes its children along. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GivingWay, givingWay } from "./giving-way.ts";

export interface ProcessOptions {
  /** Added to the little that every process gets; never a secret, which is always a file. */
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Stops it, with its children; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Written to its standard input, which is then closed. */
  readonly stdin?: string | Readable;
  /** Takes its standard output instead of keeping it. */
  readonly stdout?: Writable;
  /** Told each line of standard error and, where it is kept, of standard output. */
  readonly onLine?: (line: string) => void;
}

export interface Said {
  readonly code: number;
  readonly stdout: string;
  /** The last lines of standard error. */
  readonly stderr: string;
}

/** A program that ended badly: its first two words, exit code and last line. */
export class ProcessError extends Error {
  override readonly name = "ProcessError";
  readonly said: Said;

  constructor(words: readonly string[], said: Said) {
    const last = [...said.stderr.split("\n"), ...said.stdout.split("\n")].filter((line) => line.trim() !== "");
    const telling = last.find((line) => /error|fatal/i.test(line)) ?? last.at(-1) ?? "";
    super(`${words[0]}: exit code ${said.code}: ${telling.trim().slice(0, 300)}`);
    this.said = said;
  }
}

/** What is kept of an output: more is nobody's to read. */
const KEEP_BYTES = 8 * 1024 * 1024;
const KEEP_LINES = 40;
const STOP_SECONDS = 20;

/** Runs a program to its end, whatever its exit code. @throws where it cannot be started, and the signal's reason. */
export async function run(words: readonly string[], options: ProcessOptions = {}): Promise<Said> {
  const { signal, stdin, stdout, onLine } = options;
  signal?.throwIfAborted();
  const child = start(words, options);
  const stop = (): void => stopGroup(child);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
    const said = { stdout: "", lines: [] as string[] };
    eachLine(child.stderr, (line) => {
      said.lines.push(line);
      if (said.lines.length > KEEP_LINES) said.lines.shift();
      onLine?.(line);
    });
    const copied = stdout === undefined ? undefined : pipeline(child.stdout, stdout);
    if (copied === undefined) {
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        if (said.stdout.length < KEEP_BYTES) said.stdout += chunk;
      });
      if (onLine) eachLine(child.stdout, onLine);
    }
    // A program that does not read to the end has its reasons, which its exit code tells.
    const fed = feed(child, stdin).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
    });
    const [[code, killedBy]] = await Promise.all([ended, copied, fed]);
    signal?.throwIfAborted();
    return { code: code ?? (killedBy === "SIGKILL" ? 137 : 143), stdout: said.stdout, stderr: said.lines.join("\n") };
  } catch (error) {
    stop();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** As `run`. @throws ProcessError besides, where its exit code is none of these. Default: 0. */
export async function must(
  words: readonly string[],
  options: ProcessOptions = {},
  codes: readonly number[] = [0],
): Promise<Said> {
  const said = await run(words, options);
  if (!codes.includes(said.code)) throw new ProcessError(words, said);
  return said;
}

/**
 * Does the work with every program that it starts at the lowest priority for processor and disk, and giving way: what serves people goes first. Only
 * ever set on programs, as a process cannot raise its own again, and a restore that somebody waits for must not be slow.
 */
export const atLowestPriority = <Value>(work: () => Promise<Value>, giving = new GivingWay()): Promise<Value> =>
  giving.during(work);

const LOWEST: readonly string[] = ["nice", "-n", "19", "ionice", "-c", "3"];

/** The words that are started: both programs become the one that follows them, so that process and signals stay its own. Pure. */
export const wordsAt = (words: readonly string[], at: "lowest" | undefined): readonly string[] =>
  at === "lowest" ? [...LOWEST, ...words] : words;

type Piped = ChildProcess & { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable };

/** Starts a program in a process group of its own and does not wait: who starts it stops it, with `stopGroup`. */
export function start(words: readonly string[], { env, folder }: ProcessOptions = {}): Piped {
  const giving = givingWay();
  const [program = "", ...rest] = wordsAt(words, giving && "lowest");
  const child = spawn(program, rest, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "/run", LC_ALL: "C.UTF-8", TZ: "UTC", ...env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  }) as Piped;
  const { pid } = child;
  if (giving !== undefined && pid !== undefined) {
    giving.take(pid);
    givers.set(child, giving);
    child.once("exit", () => giving.release(pid));
  }
  return child;
}

/** Who holds a program now and then. */
const givers = new WeakMap<ChildProcess, GivingWay>();

/** TERM to the whole group, KILL to what is left of it after 20 seconds, in which it is not held: one that stands still cannot end. */
export function stopGroup(child: ChildProcess, name: NodeJS.Signals = "SIGTERM"): void {
  signalGroup(child, name);
  if (child.pid !== undefined) givers.get(child)?.release(child.pid);
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_SECONDS * 1000);
  timer.unref();
  child.once("close", () => clearTimeout(timer));
}

function signalGroup({ pid, exitCode, signalCode }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function feed(child: Piped, stdin: ProcessOptions["stdin"]): Promise<void> {
  if (stdin === undefined || typeof stdin === "string") {
    child.stdin.on("error", () => {});
    child.stdin.end(stdin ?? "");
    return;
  }
  await pipeline(stdin, child.stdin);
}

function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split(/[\r\n]+/);
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") take(line);
  });
  stream.on("end", () => {
    if (rest !== "") take(rest);
  });
}
