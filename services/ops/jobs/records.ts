/**
 * What `ops` keeps of its runs on its volume, besides the journal:
 *   ledger.jsonl           what each run came to, its evidence, how far archives reach
 *   reports/<run>.json     all that was told of it
 *   proofs/<copy>.json     what was there when a copy was made, for drills of it
 *   evidence/waiting       statements that the signer has not taken yet; evidence/refused: those that it never will
 * Whatever is cut off between two of these is done again by the next process, and comes to the same.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { SecureContextOptions } from "node:tls";
import { readIfThere, writeAtomically } from "../../../io/files.ts";
import { type Lines, openLines } from "../../../io/lines.ts";
import type { Copy, CopyList, Proof } from "../../backup/wire.ts";
import type { Peer } from "../config.ts";
import { drillFigures } from "./drills.ts";
import { type EndedRun, Ledger, type LedgerEvent, ledgerLine, parseLedger } from "./ledger.ts";
import { Spool } from "./spool.ts";
import { copyOf, type Ended, isWorthSigning, type Named, statementOf } from "./statements.ts";
import type { Outcome } from "./types.ts";

export interface RecordsOptions {
  readonly folder: string;
  readonly now: () => Date;
  readonly named: () => Named;
  readonly signer: () => { readonly peer: Peer; readonly tls: SecureContextOptions };
  readonly warn: (message: string) => void;
}

type CopyName = Pick<Copy, "id" | "target" | "class">;

const DAY_MS = 86_400_000;
const KEEP_REFUSED_MS = 60 * DAY_MS;

export class Records {
  readonly #options: RecordsOptions;
  readonly #lines: Lines;
  readonly ledger: Ledger;
  readonly spool: Spool;

  private constructor(options: RecordsOptions, lines: Lines, ledger: Ledger, spool: Spool) {
    this.#options = options;
    this.#lines = lines;
    this.ledger = ledger;
    this.spool = spool;
  }

  /** @throws the disk's error. */
  static async open(options: RecordsOptions): Promise<Records> {
    const { folder, now, warn, signer } = options;
    for (const name of ["reports", "proofs"]) await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
    const tidy = (text: string): string => {
      const { events, broken } = parseLedger(text);
      if (broken.length > 0)
        warn(`ledger.jsonl: lines ${broken.join(", ")} cannot be read; they do not count any more`);
      return Ledger.of(events).kept(now()).map(ledgerLine).join("");
    };
    const { lines, text } = await openLines(join(folder, "ledger.jsonl"), { tidy });
    const ledger = Ledger.of(parseLedger(text).events);
    const append = async (event: LedgerEvent): Promise<void> => {
      await lines.append(ledgerLine(event));
      ledger.apply(event);
    };
    const at = (): string => now().toISOString();
    const spool = await Spool.open({
      folder: join(folder, "evidence"),
      signer,
      isEnded: (run) => ledger.ended(run) !== undefined,
      isDone: (run) => ledger.signature(run) !== undefined || ledger.refusal(run) !== undefined,
      onSigned: (run, { id, digest }) => append({ event: "signed", at: at(), run, evidence: id, digest }),
      onRefused: (run, why) => {
        warn(`the signer refuses the statement of run ${run}: ${why}`);
        return append({ event: "refused", at: at(), run, why });
      },
    });
    return new Records(options, lines, ledger, spool);
  }

  /** What a run came to whose end is kept already. */
  settled(run: string): Outcome | undefined {
    return this.ledger.ended(run);
  }

  /** Keeps a run's end and has it signed: all of it is on disk when this resolves. The same end again changes nothing. */
  async settle(ended: Ended): Promise<void> {
    const { run, report, result } = ended;
    if (this.settled(run.id)) return;
    if (report?.report === "care" && report.archivedTo !== undefined && result === "succeeded")
      await this.#append({ event: "archived", at: ended.endedAt, target: run.target, to: report.archivedTo });
    if (!isWorthSigning(ended, this.ledger.lastCheck(run.target))) return;
    const name = `${run.id}.json`;
    const bytes = `${JSON.stringify(ended)}\n`;
    await writeAtomically(this.#path("reports", name), bytes);
    if (report?.report === "backup" && report.proof)
      await writeAtomically(this.#path("proofs", proofFile(report.copy)), JSON.stringify(report.proof));
    await this.spool.put(run.id, statementOf(ended, this.#options.named(), { name, bytes }));
    await this.#append({ event: "ended", at: ended.endedAt, ...endedRun(ended) });
    this.send();
  }

  /** Has what waits signed, beside what goes on. */
  send(): void {
    this.spool.send().catch((error: unknown) => {
      this.#options.warn(
        `statements cannot be handed to the signer: ${error instanceof Error ? error.message : error}`,
      );
    });
  }

  /** What was there when the copy was made; undefined where nobody knows any more. */
  async proofOf(copy: CopyName): Promise<Proof | undefined> {
    return this.#read<Proof>("proofs", proofFile(copy));
  }

  /** All that was told of a run; undefined where it is not kept. */
  async report(run: string): Promise<Ended | undefined> {
    return /^[A-Za-z0-9-]{1,64}$/.test(run) ? this.#read<Ended>("reports", `${run}.json`) : undefined;
  }

  /** Takes away reports and proofs that nobody can ask for any more. */
  async sweep({ copies, unknown }: CopyList): Promise<void> {
    const proofs = new Set(copies.map(proofFile));
    const complete = Object.keys(unknown).length === 0;
    await this.#removeOld("reports", DAY_MS, (name) => this.settled(name.replace(/\.json$/, "")) === undefined);
    if (complete) await this.#removeOld("proofs", DAY_MS, (name) => !proofs.has(name));
    await this.#removeOld("evidence/refused", KEEP_REFUSED_MS, () => true);
  }

  async close(): Promise<void> {
    await this.spool.close();
    await this.#lines.close();
  }

  async #append(event: LedgerEvent): Promise<void> {
    await this.#lines.append(ledgerLine(event));
    this.ledger.apply(event);
  }

  async #read<T>(folder: string, name: string): Promise<T | undefined> {
    const bytes = await readIfThere(this.#path(folder, name));
    return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString("utf8")) as T);
  }

  async #removeOld(folder: string, ageMs: number, isNeedless: (name: string) => boolean): Promise<void> {
    for (const name of await readdir(this.#path(folder))) {
      if (!isNeedless(name)) continue;
      const path = this.#path(folder, name);
      if (this.#options.now().getTime() - (await stat(path)).mtimeMs > ageMs) await rm(path, { force: true });
    }
  }

  #path(...parts: readonly string[]): string {
    return join(this.#options.folder, ...parts);
  }
}

/** Labels are an engine's own, and two servers may have the same one. */
function proofFile({ target, class: name, id }: CopyName): string {
  return `${createHash("sha256")
    .update(JSON.stringify([target, name ?? null, id]))
    .digest("hex")
    .slice(0, 32)}.json`;
}

function endedRun(ended: Ended): EndedRun {
  const { run, report, result, why, endedAt, seen } = ended;
  const copy = report?.report === "backup" || report?.report === "drill" ? report.copy : undefined;
  const id = copyOf(ended);
  return {
    ...{ run: run.id, target: run.target, action: run.action, startedAt: run.startedAt, endedAt, result, seen },
    ...(why ? { why } : {}),
    ...(copy?.class ? { class: copy.class } : {}),
    ...(id === undefined ? {} : { copy: id }),
    ...(copy ? { copyAt: copy.at } : {}),
    ...(run.choice ? { choice: run.choice } : {}),
    ...(report?.report === "drill" ? { drill: drillFigures(report) } : {}),
  };
}
