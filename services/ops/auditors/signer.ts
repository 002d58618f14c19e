/** What an auditor is told of evidence, read from the site's own signer, which has copies of the other site's records too. */
import type { SecureContextOptions } from "node:tls";
import { type ChainRecord, openRecord } from "../../../evidence/chain.ts";
import { sha256 } from "../../../evidence/dsse.ts";
import type { KeyRing } from "../../../evidence/keys.ts";
import { FAULTS, wrongPlace } from "../../../evidence/reasons.ts";
import type { StoredRecord } from "../../../evidence/store.ts";
import { recordId } from "../../../evidence/writer.ts";
import type { Text } from "../../../model/types.ts";
import type { ChainEnd, Heads, Line } from "../../signer/shapes.ts";
import type { Peer } from "../config.ts";
import { Away, call } from "../jobs/call.ts";

/** One line of a list of evidence. */
export interface EvidenceItem {
  readonly id: string;
  /** SHA-256 of the record's bytes, in hex. */
  readonly digest: string;
  readonly kind: string | null;
  readonly recordedAt: string | null;
  readonly observedAt: string | null;
  readonly subject: readonly { readonly name: string }[];
  /** Why it does not open; null where it does. */
  readonly fault: Text | null;
}

/** How the signer is asked. @throws Away where it gives no answer */
export interface EvidenceStore {
  readonly chains: () => Promise<readonly ChainEnd[]>;
  /** In order of number, after `after`, `limit` at most. */
  readonly records: (writer: string, after: number, limit: number) => Promise<readonly StoredRecord[]>;
}

export function signerStore(peer: Peer, tls: SecureContextOptions): EvidenceStore {
  const get = async (path: string): Promise<string> => {
    const { status, text } = await call(peer, tls, { method: "GET", path });
    if (status === 200) return text;
    throw new Away(peer, { id: `menjawab ${status}`, en: `answered ${status}` });
  };
  return {
    chains: async () => {
      const { chains, copies } = JSON.parse(await get("/heads")) as Heads;
      return [...chains, ...copies];
    },
    records: async (writer, after, limit) => {
      const said = await get(`/records?writer=${encodeURIComponent(writer)}&after=${after}&limit=${limit}`);
      if (said === "") return [];
      return said.split("\n").map((line) => {
        const { id, content } = JSON.parse(line) as Line;
        return { id, bytes: Buffer.from(content, "base64") };
      });
    },
  };
}

/** As `evidence list` tells it. */
export function itemOf({ id, bytes }: StoredRecord, keys: KeyRing): EvidenceItem {
  const record = openRecord(bytes, keys);
  const digest = sha256(bytes);
  if (typeof record === "string")
    return { id, digest, kind: null, recordedAt: null, observedAt: null, subject: [], fault: FAULTS[record] };
  const { kind, recordedAt, observedAt, subject } = record.statement;
  return {
    ...{ id, digest, kind, recordedAt, observedAt, subject: subject.map(({ name }) => ({ name })) },
    fault: record.id === id ? null : wrongPlace(record.id),
  };
}

/** One record; undefined: there is none of this name. */
export async function recordOf(
  store: EvidenceStore,
  writer: string,
  number: number,
): Promise<StoredRecord | undefined> {
  const found = await store.records(writer, number - 1, 1);
  return found.find(({ id }) => id === recordId(writer, number));
}

const PAGE = 100;
/** Some three months of a site: an assessment is made once a month. */
const FARTHEST = 6000;

/** The newest assessment that stands in evidence; what was looked through is not looked through again. */
export class NewestCheck {
  #newest: ChainRecord | undefined;
  /** By writer, the last number that was looked at. */
  readonly #seen = new Map<string, number>();

  /** @throws Away as the store. */
  async find(store: EvidenceStore, keys: KeyRing, region: string): Promise<ChainRecord | undefined> {
    for (const { writer, sequence } of await store.chains()) {
      const from = Math.max(this.#seen.get(writer) ?? 0, sequence - FARTHEST);
      const found = await newestIn(store, { writer, from, to: sequence }, keys, region);
      if (found && timeOf(found) > timeOf(this.#newest)) this.#newest = found;
      this.#seen.set(writer, sequence);
    }
    return this.#newest;
  }
}

const timeOf = (record: ChainRecord | undefined): number =>
  record === undefined ? Number.NEGATIVE_INFINITY : Date.parse(record.statement.observedAt);

interface Range {
  readonly writer: string;
  /** Without it. */
  readonly from: number;
  /** With it. */
  readonly to: number;
}

/** From the end of a chain backwards, a page at a time. */
async function newestIn(
  store: EvidenceStore,
  { writer, from, to }: Range,
  keys: KeyRing,
  region: string,
): Promise<ChainRecord | undefined> {
  for (let end = to; end > from; end -= PAGE) {
    const after = Math.max(from, end - PAGE);
    for (const { id, bytes } of [...(await store.records(writer, after, end - after))].reverse()) {
      const record = openRecord(bytes, keys);
      if (typeof record === "string" || record.id !== id) continue;
      if (record.statement.kind === "check" && record.statement.region === region) return record;
    }
  }
  return undefined;
}
