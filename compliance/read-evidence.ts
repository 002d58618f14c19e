/** Records of one store, verified, as what they say. What does not verify counts as none, and is told. Pure. */
import { openRecord } from "../evidence/chain.ts";
import type { KeyRing } from "../evidence/keys.ts";
import type { StoredRecord } from "../evidence/store.ts";
import { type Verification, Verifier } from "../evidence/verify.ts";
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";
import { AHEAD_SECONDS, lookOf, type Seen, seenIn } from "./seen.ts";

export interface ReadEvidence extends Pick<Verification, "records" | "verified" | "chains"> {
  readonly seen: readonly Seen[];
  readonly broken: readonly BrokenEvidence[];
}

/** `code`: a reason of `evidence/reasons.ts`, or `other-region`. */
export interface BrokenEvidence {
  readonly id: string;
  readonly code: string;
  readonly reason: Text;
}

export interface EvidenceReaderOptions {
  readonly region: string;
  readonly keys: KeyRing;
  readonly site?: string;
  /** Of two looks at one thing (`lookOf`) the later one counts, if it is not of the future: only that one is kept, however many years are read. */
  readonly now: Date;
  /** Records of other stores, which are merged with this one: what these say already is not kept a second time. Default: none was read. */
  readonly before?: readonly ReadEvidence[];
}

/** Takes a store's records in order of their names. */
export class EvidenceReader {
  readonly #region: string;
  readonly #keys: KeyRing;
  readonly #verifier: Verifier;
  readonly #now: number;
  /** By what makes it one of its kind. */
  readonly #seen = new Map<string, Seen>();
  /** Digests of records that another store holds, byte for byte. */
  readonly #known: ReadonlySet<string>;
  /** Region that a record says it is of, where that is another. */
  readonly #foreign = new Map<string, string>();

  constructor(options: EvidenceReaderOptions) {
    this.#now = options.now.getTime();
    this.#known = new Set(options.before?.flatMap(({ seen }) => seen.map(({ digest }) => digest)));
    this.#region = options.region;
    this.#keys = options.keys;
    this.#verifier = new Verifier(options);
  }

  /** @throws RangeError as `Verifier.take`. */
  take(record: StoredRecord): void {
    const sound = this.#verifier.take(record);
    if (sound === undefined) this.#lookForRegion(record);
    else if (!this.#known.has(sound.head.digest ?? "")) for (const one of seenIn(sound)) this.#keep(one);
  }

  finish(): ReadEvidence {
    const { broken, ...rest } = this.#verifier.finish();
    const ids = new Set(broken.map(({ id }) => id));
    return {
      ...{ records: rest.records, verified: rest.verified, chains: rest.chains },
      seen: [...this.#seen.values()].filter(({ id }) => !ids.has(id)),
      broken: broken.map((one) => {
        const region = this.#foreign.get(one.id);
        return region === undefined ? one : { id: one.id, code: "other-region", reason: ofRegion(region) };
      }),
    };
  }

  /** Where the newest look is found broken in the end, the one before does not come back: unknown, rather than older than it was said to be. */
  #keep(one: Seen): void {
    const at = Date.parse(one.observedAt);
    const look = at <= this.#now + AHEAD_SECONDS * 1000 ? lookOf(one) : undefined;
    const key = look ?? `${one.id} ${one.about}`;
    const before = this.#seen.get(key);
    if (before === undefined || Date.parse(before.observedAt) <= at) this.#seen.set(key, one);
  }

  /** Only what was found wrong is opened a second time. */
  #lookForRegion({ id, bytes }: StoredRecord): void {
    const opened = openRecord(bytes, this.#keys);
    if (typeof opened !== "string" && opened.statement.region !== this.#region)
      this.#foreign.set(id, opened.statement.region);
  }
}

const ofRegion = (region: string): Text =>
  text(`bukti daerah lain: ${region}`, `evidence of another region: ${region}`);

/** Several stores as one: a record that two of them hold alike is there once. */
export function mergeEvidence(all: readonly ReadEvidence[]): ReadEvidence {
  const broken = new Map(all.flatMap((one) => one.broken.map((item) => [`${item.id} ${item.code}`, item])));
  const bad = new Set([...broken.values()].map(({ id }) => id));
  const seen = new Map<string, Seen>();
  for (const one of all)
    for (const item of one.seen) if (!bad.has(item.id)) seen.set(`${item.digest} ${item.about}`, item);
  const chains = new Map(
    [...all.flatMap((one) => one.chains)].sort((a, b) => a.last - b.last).map((chain) => [chain.writer, chain]),
  );
  return {
    records: all.reduce((sum, { records }) => sum + records, 0),
    verified: all.reduce((sum, { verified }) => sum + verified, 0),
    chains: [...chains.values()].sort((a, b) => (a.writer < b.writer ? -1 : 1)),
    seen: [...seen.values()],
    broken: [...broken.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

export const NO_EVIDENCE: ReadEvidence = { records: 0, verified: 0, chains: [], seen: [], broken: [] };
