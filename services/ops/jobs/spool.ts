/** Statements that wait for the signer, a file each, sent in order. What was made of a run is sent once. */
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { SecureContextOptions } from "node:tls";
import type { Observed } from "../../../evidence/statement.ts";
import { flushFolder, writeAtomically } from "../../../io/files.ts";
import type { Signed } from "../../signer/shapes.ts";
import type { Peer } from "../config.ts";
import { Away, call } from "./call.ts";

export interface SpoolOptions {
  /** Holds `waiting/` and `refused/`. */
  readonly folder: string;
  readonly signer: () => { readonly peer: Peer; readonly tls: SecureContextOptions };
  /** Whether the run's end is in the ledger: a statement of one that is not is made again, so it waits. */
  readonly isEnded: (run: string) => boolean;
  /** Whether it was signed, or refused for good, before. */
  readonly isDone: (run: string) => boolean;
  /** On disk when it resolves. */
  readonly onSigned: (run: string, signed: Pick<Signed, "id" | "digest">) => Promise<void>;
  readonly onRefused: (run: string, why: string) => Promise<void>;
}

/** Less than a container is given to stop: what was signed is noted before. */
const SEND_SECONDS = 5;
const NAME = /^(\d{10})-([A-Za-z0-9-]{1,64})\.json$/;

export class Spool {
  readonly #options: SpoolOptions;
  /** Names of files, in order. */
  #names: string[];
  #fault: string | undefined;
  #closing = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: SpoolOptions, names: string[]) {
    this.#options = options;
    this.#names = names;
  }

  /** @throws the disk's error. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const { waiting, refused } = foldersOf(options);
    for (const folder of [waiting, refused]) await mkdir(folder, { recursive: true, mode: 0o700 });
    const spool = new Spool(options, []);
    for (const name of (await readdir(waiting)).sort()) {
      const run = NAME.exec(name)?.[2];
      // Signed, and killed before its file was gone; or half written, and killed.
      if (run === undefined || options.isDone(run)) await rm(join(waiting, name));
      else spool.#names.push(name);
    }
    return spool;
  }

  /** How many wait. */
  get length(): number {
    return this.#names.length;
  }

  /** Why the first that waits is not signed yet; undefined: it was not tried, or went well. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Puts a run's statement at the end, on disk when it resolves; the one that is there already is written anew, in its place. */
  put(run: string, statement: Observed): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#names.find((name) => NAME.exec(name)?.[2] === run);
      const number = Number(this.#names.at(-1)?.slice(0, 10) ?? 0) + 1;
      const name = before ?? `${String(number).padStart(10, "0")}-${run}.json`;
      await writeAtomically(join(foldersOf(this.#options).waiting, name), `${JSON.stringify(statement)}\n`);
      if (before === undefined) this.#names.push(name);
    });
  }

  /** Sends what waits, in order, until the signer is away. Never throws for that. */
  send(): Promise<void> {
    return this.#inTurn(() => this.#send());
  }

  /** Resolves when nothing is being sent any more; what waits stays. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#turn;
  }

  async #send(): Promise<void> {
    const { isEnded } = this.#options;
    for (const name of [...this.#names]) {
      if (this.#closing) return;
      const run = NAME.exec(name)?.[2] ?? "";
      if (!isEnded(run)) continue;
      try {
        await this.#sendOne(name, run);
        this.#fault = undefined;
      } catch (error) {
        if (!(error instanceof Away)) throw error;
        this.#fault = error.message;
        return;
      }
    }
  }

  async #sendOne(name: string, run: string): Promise<void> {
    const { signer, onSigned, onRefused } = this.#options;
    const { waiting, refused } = foldersOf(this.#options);
    const path = join(waiting, name);
    const { peer, tls } = signer();
    const body = await readFile(path, "utf8");
    const answer = await call(peer, tls, { method: "POST", path: "/statements", body, timeoutSeconds: SEND_SECONDS });
    if (answer.status === 201) {
      await onSigned(run, JSON.parse(answer.text) as Signed);
      await rm(path);
    } else if (answer.status === 400 || answer.status === 413) {
      // It will never take this one, and what comes after must not wait for it.
      await onRefused(run, answer.text);
      await rename(path, join(refused, name));
      await flushFolder(refused);
    } else {
      const line = `${answer.status}: ${answer.text.split("\n")[0] ?? ""}`;
      throw new Away(peer, { id: `menjawab ${line}`, en: `answers ${line}` });
    }
    this.#names = this.#names.filter((one) => one !== name);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

const foldersOf = ({ folder }: SpoolOptions) => ({
  waiting: join(folder, "waiting"),
  refused: join(folder, "refused"),
});
