/**
 * Checks a whole store of evidence: every signature, every place, every link, and by counter-signed heads what is no longer there.
 * One pass in the order of the records' names; linear. Pure.
 */
import { type ChainRecord, openRecord } from "./chain.ts";
import { Digests } from "./digests.ts";
import { sha256 } from "./dsse.ts";
import { headIn, type SeenHead } from "./heads.ts";
import type { KeyRing } from "./keys.ts";
import type { Broken } from "./reasons.ts";
import * as say from "./reasons.ts";
import type { StoredRecord } from "./store.ts";
import { parseRecordId, parseWriter, recordId } from "./writer.ts";

export interface VerifyOptions {
  readonly region: string;
  readonly keys: KeyRing;
  /** Site whose store it is: what it lacks of its own chain was cut off, what it lacks of another's was not copied. Default: all was cut off. */
  readonly site?: string;
  /** Heads that are known from elsewhere, for example from a printed report. Default none. */
  readonly heads?: readonly SeenHead[];
}

/** The design's shape, and what each chain consists of. */
export interface Verification {
  readonly records: number;
  readonly verified: number;
  readonly broken: readonly Broken[];
  readonly chains: readonly ChainSummary[];
}

export interface ChainSummary {
  readonly writer: string;
  readonly site: string;
  readonly records: number;
  /** Number of the last record. */
  readonly last: number;
  /** SHA-256 of the last record's bytes, in hex. */
  readonly digest: string;
  /** When that record was signed, by the signer's clock; null where it is not right in itself. ISO 8601. */
  readonly recordedAt: string | null;
  /** The farthest head that another site counter-signed; null where none did. What came after it can be cut off unseen. */
  readonly counterSigned: SeenHead | null;
}

/** One chain as far as it was read. */
interface ChainState {
  readonly digests: Digests;
  /** Number of the last record that was right in itself, so that what follows can be held against it. */
  sound: number;
  /** When that one was signed. */
  recordedAt: string | null;
}

/** Takes records one after another, and then says what is wrong. */
export class Verifier {
  readonly #options: VerifyOptions;
  readonly #chains = new Map<string, ChainState>();
  readonly #broken: Broken[] = [];
  readonly #brokenIds = new Set<string>();
  readonly #heads: SeenHead[];
  #records = 0;
  #taken = 0;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#heads = [...(options.heads ?? [])];
  }

  /**
   * The record, if it is right in itself; what comes later can still show that it was replaced, so `finish` has the last word.
   * @throws RangeError where a chain's records do not come in order of their numbers.
   */
  take({ id, bytes, versions = 1 }: StoredRecord): ChainRecord | undefined {
    this.#records += 1;
    const place = parseRecordId(id);
    if (place === undefined) {
      this.#name(id, "not-a-record", say.NOT_A_RECORD);
      return undefined;
    }
    const { writer, sequence } = place;
    const chain = this.#chainOf(writer);
    const { digests } = chain;
    if (sequence <= digests.last) {
      throw new RangeError(`verify: expected a number after ${digests.last} of ${writer}, received ${sequence}`);
    }
    if (sequence > digests.last + 1) this.#gap(writer, digests.last + 1, sequence - 1);
    const before = digests.get(sequence - 1);
    digests.add(sequence, sha256(bytes));
    if (versions > 1) this.#name(id, "overwritten", say.overwritten(versions));
    const record = this.#sound(id, bytes);
    if (record === undefined) return undefined;
    this.#link(record, chain, before);
    chain.sound = sequence;
    chain.recordedAt = record.statement.recordedAt;
    const head = headIn(record.statement);
    if (head !== undefined) this.#heads.push(head);
    return record;
  }

  /** What was found. Nothing can be taken after it. */
  finish(): Verification {
    this.#judgeHeads();
    const broken = [...this.#broken].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    return {
      records: this.#records,
      verified: this.#records - this.#taken,
      broken,
      chains: [...this.#chains]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([name, chain]) => this.#summary(name, chain)),
    };
  }

  /** By chain, for comparison with another store. */
  get digests(): ReadonlyMap<string, Digests> {
    return new Map([...this.#chains].map(([writer, { digests }]) => [writer, digests]));
  }

  /** The record, if it is right in itself and where it says. */
  #sound(id: string, bytes: Uint8Array): ChainRecord | undefined {
    const opened = openRecord(bytes, this.#options.keys);
    if (typeof opened === "string") {
      this.#name(id, opened, say.FAULTS[opened]);
      return undefined;
    }
    const { region } = opened.statement;
    if (opened.id === id && region === this.#options.region) return opened;
    this.#name(id, "wrong-place", say.wrongPlace(`${region}/${opened.id}`));
    return undefined;
  }

  /** Against the record before, where that one is right in itself: otherwise it is that one that is named. */
  #link({ id, statement }: ChainRecord, chain: ChainState, before: string | undefined): void {
    const { writer, sequence, previous, kind } = statement;
    if (sequence === 1) {
      if (previous !== null || kind !== "chain-start") this.#name(id, "no-beginning", say.NO_BEGINNING);
    } else if (before !== undefined && chain.sound === sequence - 1 && previous !== before) {
      this.#name(recordId(writer, sequence - 1), "replaced", say.replaced(sequence));
    }
  }

  #judgeHeads(): void {
    const beyond = new Map<string, SeenHead>();
    for (const head of this.#heads) {
      const { writer, sequence, digest } = head;
      const digests = this.#chains.get(writer)?.digests;
      if (sequence > (digests?.last ?? 0)) {
        if (sequence > (beyond.get(writer)?.sequence ?? 0)) beyond.set(writer, head);
        continue;
      }
      const there = digests?.get(sequence);
      const id = recordId(writer, sequence);
      if (there !== undefined && there !== digest && !this.#brokenIds.has(id))
        this.#name(id, "rewritten", say.rewritten(head));
    }
    for (const [writer, head] of beyond) this.#tail(writer, head);
  }

  #tail(writer: string, head: SeenHead): void {
    const from = (this.#chains.get(writer)?.digests.last ?? 0) + 1;
    const site = parseWriter(writer)?.site ?? writer;
    const { site: here = site } = this.#options;
    if (site === here) this.#absent(writer, from, "cut-tail", say.cutTail(from, head));
    else this.#absent(writer, from, "not-copied", say.notCopied(from, site, head));
  }

  #gap(writer: string, from: number, to: number): void {
    this.#absent(writer, from, "missing", say.missing(from, to));
  }

  #chainOf(writer: string): ChainState {
    const known = this.#chains.get(writer);
    if (known !== undefined) return known;
    const made = { digests: new Digests(), sound: 0, recordedAt: null };
    this.#chains.set(writer, made);
    return made;
  }

  #summary(writer: string, { digests, sound, recordedAt }: ChainState): ChainSummary[] {
    const site = parseWriter(writer)?.site ?? writer;
    const others = this.#heads.filter((head) => head.writer === writer && head.by !== site);
    const counterSigned = others.reduce<SeenHead | null>(
      (best, head) => (head.sequence >= (best?.sequence ?? 0) ? head : best),
      null,
    );
    const { count, last } = digests;
    const at = sound === last ? recordedAt : null;
    return [{ writer, site, records: count, last, digest: digests.get(last) ?? "", recordedAt: at, counterSigned }];
  }

  /** A record that was taken is broken. */
  #name(id: string, code: Broken["code"], reason: Broken["reason"]): void {
    this.#broken.push({ id, code, reason });
    if (!this.#brokenIds.has(id)) this.#taken += 1;
    this.#brokenIds.add(id);
  }

  /** Records that are not there are broken, too, but were never taken. */
  #absent(writer: string, from: number, code: Broken["code"], reason: Broken["reason"]): void {
    this.#broken.push({ id: recordId(writer, from), code, reason });
  }
}

/** Checks all records of one store. They come in order of their names, as every store lists them. */
export async function verify(
  records: AsyncIterable<StoredRecord> | Iterable<StoredRecord>,
  options: VerifyOptions,
): Promise<Verification> {
  const verifier = new Verifier(options);
  for await (const record of records) verifier.take(record);
  return verifier.finish();
}

/** Records of one number that differ between two stores, though each is right in its own: somebody used a number twice. */
export function forks(
  a: ReadonlyMap<string, Digests>,
  b: ReadonlyMap<string, Digests>,
  where: string,
  broken: readonly Broken[] = [],
): Broken[] {
  const named = new Set(broken.map(({ id }) => id));
  const found: Broken[] = [];
  for (const [writer, digests] of a) {
    const others = b.get(writer);
    for (const [sequence, digest] of others === undefined ? [] : digests) {
      const other = others?.get(sequence);
      const id = recordId(writer, sequence);
      if (other !== undefined && other !== digest && !named.has(id))
        found.push({ id, code: "fork", reason: say.fork(where) });
    }
  }
  return found;
}
