/** A file of lines that only grows: a line is on disk when `append` resolves, and a power cut leaves at most its own last line half written. */
import { type FileHandle, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { flushFolder, isAbsence, readIfThere, writeAtomically } from "./files.ts";

export interface Lines {
  /** @param line with its line feed. @throws the disk's error: then the file is as before. */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

export interface LinesOptions {
  /** What of the text still counts: the file's new text. Asked at start, and whenever it has grown by `growBytes`. */
  readonly tidy: (text: string) => string;
  /** Default 4 MiB. */
  readonly growBytes?: number;
}

/** @returns the file, and its text after tidying. @throws the disk's error. */
export async function openLines(path: string, options: LinesOptions): Promise<{ lines: Lines; text: string }> {
  const text = await tidied(path, options);
  const lines = new LinesFile(path, options, await opened(path));
  return { lines, text };
}

async function tidied(path: string, { tidy }: LinesOptions): Promise<string> {
  const before = Buffer.from((await readIfThere(path)) ?? "").toString("utf8");
  const after = tidy(before);
  if (after !== before) await writeAtomically(path, after);
  return after;
}

interface Opened {
  readonly handle: FileHandle;
  size: number;
}

async function opened(path: string): Promise<Opened> {
  const isNew = await stat(path).then(
    () => false,
    (error: unknown) => {
      if (isAbsence(error)) return true;
      throw error;
    },
  );
  const handle = await open(path, "a", 0o600);
  if (isNew) await flushFolder(dirname(path));
  return { handle, size: (await handle.stat()).size };
}

class LinesFile implements Lines {
  readonly #path: string;
  readonly #options: LinesOptions;
  #file: Opened;
  #grown = 0;
  #torn = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string, options: LinesOptions, file: Opened) {
    this.#path = path;
    this.#options = options;
    this.#file = file;
  }

  append(line: string): Promise<void> {
    return this.#inTurn(() => this.#append(line));
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#file.handle.close());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #append(line: string): Promise<void> {
    const bytes = Buffer.from(line);
    const { handle, size } = this.#file;
    // What a full disk cut off must not run together with what is written next.
    if (this.#torn) await handle.truncate(size);
    this.#torn = true;
    await handle.appendFile(bytes);
    await handle.datasync();
    this.#torn = false;
    this.#file.size = size + bytes.length;
    this.#grown += bytes.length;
    if (this.#grown >= (this.#options.growBytes ?? 4 * 1024 * 1024)) await this.#tidy();
  }

  async #tidy(): Promise<void> {
    this.#grown = 0;
    await tidied(this.#path, this.#options);
    const before = this.#file.handle;
    this.#file = await opened(this.#path);
    await before.close();
  }
}
