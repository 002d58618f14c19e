/**
 * The site's own chain. A record is on disk before anybody hears of it; one append at a time. A chain that is damaged, or another
 * key's, is left as it is and a new one begun, whose first record says so.
 */
import type { KeyObject } from "node:crypto";
import { append, type ChainRecord, chainStart, emptyChain, type Head, type StartReason } from "../../evidence/chain.ts";
import { keyIdOf } from "../../evidence/dsse.ts";
import { headIn, type SeenHead } from "../../evidence/heads.ts";
import type { KeyRing } from "../../evidence/keys.ts";
import type { Observed } from "../../evidence/statement.ts";
import { beganAt, byBeginning, parseWriter, writerName } from "../../evidence/writer.ts";
import type { Clock } from "../../io/clock.ts";
import type { EvidenceFolder } from "../../io/evidence-folder.ts";
import { type Tail, tailOf } from "./tail.ts";
import { TOOL } from "./tool.ts";

export interface LedgerOptions {
  readonly folder: EvidenceFolder;
  readonly region: string;
  readonly site: string;
  readonly key: KeyObject;
  readonly keys: KeyRing;
  readonly clock: Clock;
  /** How many of the last records are looked at when it is opened. Default 2000: some tenths of a second. */
  readonly lookBack?: number;
  /** Why the former chain may have had an end that is not here, so that none of its numbers may be given again. Default: it has not. */
  readonly restored?: string;
}

export interface Ledger {
  readonly writer: string;
  /** Why a new chain was begun when this was opened; undefined where the former one goes on. */
  readonly begun?: { readonly reason: StartReason; readonly before?: Head & { readonly problem?: string } };
  last(): ChainRecord;
  /** The newest heads of others that this chain counter-signed, by writer, as far as it was looked back. */
  seen(): ReadonlyMap<string, SeenHead>;
  /** Signs, and returns when it is on disk. @throws the disk's error; then nothing was promised. */
  append(observed: Observed): Promise<ChainRecord>;
}

const LOOK_BACK = 2000;

/** Goes on with the site's last chain, or begins a new one. @throws the disk's error. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { folder, region, site, key, keys, lookBack = LOOK_BACK, restored } = options;
  await folder.sweep();
  const former = await lastWriter(folder, site);
  if (former === undefined) return begin(options, "founded", undefined);
  const tail = await tailOf(folder, former, keys, region, lookBack);
  const problem = tail.problem ?? restored;
  const before = { ...tail.head, ...(problem === undefined ? {} : { problem }) };
  if (tail.problem !== undefined) return begin(options, "damaged", before);
  if (restored !== undefined) return begin(options, "restored", before);
  const own = keyIdOf(key).startsWith(parseWriter(former)?.keyPrefix ?? "?");
  return own ? keep(options, former, tail) : begin(options, "key-rotated", before);
}

/** Of those that have a record: a folder without one was never spoken of. */
async function lastWriter(folder: EvidenceFolder, site: string): Promise<string | undefined> {
  const own = (await folder.writers()).filter((writer) => parseWriter(writer)?.site === site);
  for (const writer of byBeginning(own).reverse()) if ((await folder.numbers(writer)).length > 0) return writer;
  return undefined;
}

async function begin(options: LedgerOptions, reason: StartReason, before: (Head & { problem?: string }) | undefined) {
  const { key, site, clock } = options;
  // A clock that was set back must not make the new chain look older than the former.
  const least = before === undefined ? 0 : beganAt(before.writer).getTime() + 1;
  const began = new Date(Math.max(clock.now().getTime(), least));
  const writer = writerName(site, keyIdOf(key), began);
  const ledger = keep(options, writer, { head: emptyChain(writer), records: [] });
  await ledger.append(chainStart(site, reason, before, TOOL, clock.now()));
  return { ...ledger, begun: { reason, ...(before === undefined ? {} : { before }) } };
}

function keep(options: LedgerOptions, writer: string, tail: Tail): Ledger {
  const { folder, region, key, keys, clock } = options;
  const seen = new Map<string, SeenHead>();
  let { head } = tail;
  let last = tail.records.at(-1);
  let certain = true;
  let queue: Promise<unknown> = Promise.resolve();
  for (const record of tail.records) note(record);

  function note(record: ChainRecord): void {
    const told = record.statement.kind === "head" ? headIn(record.statement) : undefined;
    if (told !== undefined) seen.set(told.writer, told);
    head = record.head;
    last = record;
  }

  /** After a failure nobody knows whether the record is there: what is on disk counts. */
  async function lookAgain(): Promise<void> {
    const { records, problem } = await tailOf(folder, writer, keys, region, LOOK_BACK);
    if (problem !== undefined) throw new Error(`chain ${writer}: ${problem}`);
    for (const record of records) note(record);
    certain = true;
  }

  async function add(observed: Observed): Promise<ChainRecord> {
    if (!certain) await lookAgain();
    const record = append(head, observed, { region, key, now: clock.now() });
    certain = false;
    await folder.put(record.id, record.bytes);
    certain = true;
    note(record);
    return record;
  }

  return {
    writer,
    last: () => {
      if (last === undefined) throw new Error(`chain ${writer}: it has no record yet`);
      return last;
    },
    seen: () => seen,
    append: (observed) => {
      const result = queue.then(() => add(observed));
      queue = result.catch(() => undefined);
      return result;
    },
  };
}
