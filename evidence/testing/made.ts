/** For tests only: keys, chains and stores made in memory. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { append, type ChainRecord, chainStart, emptyChain, type Head } from "../chain.ts";
import { keyIdOf } from "../dsse.ts";
import { headSeen } from "../heads.ts";
import { type KeyRing, keyRing, type PublicEvidenceKey } from "../keys.ts";
import { type Observed, observedSubject } from "../statement.ts";
import type { StoredRecord } from "../store.ts";
import { writerName } from "../writer.ts";

export const REGION = "lab";
export const BEGAN = new Date("2026-03-01T00:00:00.000Z");
const TOOL = { name: "lumbung", version: "0.1.0" };

export interface Site {
  readonly site: string;
  readonly key: KeyObject;
  readonly publicKey: PublicEvidenceKey;
  readonly writer: string;
}

export function newSite(site: string): Site {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  return {
    site,
    key: privateKey,
    publicKey: { site, publicKey: pem },
    writer: writerName(site, keyIdOf(privateKey), BEGAN),
  };
}

export function ringOf(...sites: readonly Site[]): KeyRing {
  return keyRing(sites.map(({ publicKey }) => publicKey));
}

export function observation(detail: string): Observed {
  const observed = { detail };
  return {
    kind: "state",
    subject: [observedSubject("dc/postgres-utama", observed)],
    observed,
    observedAt: "2026-03-01T07:00:00+07:00",
    commit: "5f5b72f",
    inventory: "a".repeat(64),
    tool: TOOL,
  };
}

/** A site's chain that grows by what it is told. */
export class MadeChain {
  readonly records: ChainRecord[] = [];
  readonly #site: Site;
  #head: Head;

  constructor(site: Site, writer = site.writer) {
    this.#site = site;
    this.#head = emptyChain(writer);
    this.add(chainStart(site.site, "founded", undefined, TOOL, BEGAN));
  }

  add(observed: Observed): ChainRecord {
    const now = new Date(BEGAN.getTime() + this.records.length * 1000);
    const record = append(this.#head, observed, { region: REGION, key: this.#site.key, now });
    this.#head = record.head;
    this.records.push(record);
    return record;
  }

  /** Until the chain has so many records. */
  grow(length: number): this {
    while (this.records.length < length) this.add(observation(`number ${this.records.length + 1}`));
    return this;
  }

  /** Counter-signs another chain's last record. */
  see(other: MadeChain): ChainRecord {
    const last = other.records.at(-1);
    if (last === undefined) throw new Error("an empty chain has no head");
    return this.add(headSeen(last, TOOL, new Date(BEGAN.getTime() + this.records.length * 1000)));
  }
}

/** As a store lists them: in order of name. */
export function stored(...chains: readonly (readonly StoredRecord[])[]): StoredRecord[] {
  return chains
    .flat()
    .map(({ id, bytes }) => ({ id, bytes }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
