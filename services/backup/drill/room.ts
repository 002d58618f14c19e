/** What a drill works in: a scratch folder that is empty before and after, and the processes that were started in it. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, readlink, rm, stat, statfs } from "node:fs/promises";
import { join, sep } from "node:path";
import { paths } from "../config.ts";
import { type ProcessOptions, start, stopGroup } from "../process.ts";
import { WorkFault } from "../work.ts";

/** What a copy needs besides itself: logs that are replayed, and what an engine writes. */
const SPACE_FACTOR = 1.2;
const LISTED = 20;
/** After what `stopGroup` gives a process before it kills it. */
const ENDED_MS = 30_000;

interface Started {
  readonly program: string;
  /** Ends it at once. */
  readonly stopWith: NodeJS.Signals;
}

export class Room {
  readonly folder: string;
  readonly #children = new Map<ChildProcess, Started>();

  constructor(folder: string = paths.scratch) {
    this.folder = folder;
  }

  /** A path in the room. */
  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Starts a program that belongs to the room: `stopWith` is the signal that ends it at once, with its children. */
  start(words: readonly string[], options: ProcessOptions, stopWith: NodeJS.Signals): ReturnType<typeof start> {
    const child = start(words, options);
    this.#children.set(child, { program: words[0] ?? "", stopWith });
    child.once("close", () => this.#children.delete(child));
    return child;
  }

  /** @throws WorkFault with how much is needed and how much is there. */
  async requireSpace(copyBytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    const needed = Math.ceil(copyBytes * SPACE_FACTOR);
    const free = bavail * bsize;
    if (free >= needed) return;
    throw new WorkFault({
      id: `${this.folder}: perlu ${mebibytes(needed)} MiB untuk memulihkan salinan ini, tersedia ${mebibytes(free)} MiB: perbesar tempat latihan`,
      en: `${this.folder}: ${mebibytes(needed)} MiB are needed to restore this copy, ${mebibytes(free)} MiB are free: give the drill room more space`,
    });
  }

  /** Ends every process of the room and takes everything out of the folder, which stays. @throws where something can't be taken away. */
  async empty(): Promise<void> {
    await Promise.all([...this.#children].map(([child, started]) => endAtOnce(child, started)));
    const names = await readdir(this.folder);
    await Promise.all(names.map((name) => rm(join(this.folder, name), { recursive: true, force: true })));
  }

  /** What is in the room: paths of files, and processes that are ours or work in the folder. Empty where nothing is. */
  async left(): Promise<string[]> {
    const ours = [...this.#children].map(([{ pid }, { program }]) => `process ${pid}: ${program}`);
    const others = await processesIn(this.folder);
    const names = await readdir(this.folder, { recursive: true });
    const files = names.slice(0, LISTED).map((name) => join(this.folder, name));
    const more = names.length > LISTED ? [`${this.folder}: ${names.length - LISTED} more`] : [];
    return [...new Set([...ours, ...others]), ...files, ...more];
  }

  /** Bytes of the files below a folder of the room; 0 where it does not exist. */
  async bytesOf(...names: readonly string[]): Promise<number> {
    return bytesBelow(this.path(...names));
  }
}

const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);

async function endAtOnce(child: ChildProcess, { program, stopWith: name }: Started): Promise<void> {
  const ended = once(child, "close", { signal: AbortSignal.timeout(ENDED_MS) });
  stopGroup(child, name);
  await ended.catch((cause: unknown) => {
    throw new Error(`process ${child.pid} (${program}): expected it to end within ${ENDED_MS / 1000} s of ${name}`, {
      cause,
    });
  });
}

/** An engine's children can outlive it; all of them work in its data folder. */
async function processesIn(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Of another user's process, and of one that just ended, nothing can be said.
      const place = await readlink(`/proc/${pid}/cwd`).catch(() => "");
      return place === folder || place.startsWith(folder + sep) ? [`process ${pid} in ${place}`] : [];
    }),
  );
  return found.flat();
}

/** Files come and go while they are counted: those that went count nothing. */
async function bytesBelow(folder: string): Promise<number> {
  const entries = await unlessGone(readdir(folder, { withFileTypes: true }), []);
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return bytesBelow(path);
      return entry.isFile()
        ? await unlessGone(
            stat(path).then(({ size }) => size),
            0,
          )
        : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function unlessGone<Value>(asked: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return otherwise;
    throw error;
  }
}
