/** One round with the other site's signer: copies what it has and we have not, and has our head counter-signed when that is due. */
import { type ChainRecord, openRecord } from "../../evidence/chain.ts";
import type { KeyRing } from "../../evidence/keys.ts";
import { AlreadyThere } from "../../evidence/store.ts";
import { parseRecordId, parseWriter } from "../../evidence/writer.ts";
import type { Clock } from "../../io/clock.ts";
import type { EvidenceFolder } from "../../io/evidence-folder.ts";
import type { ChainEnd, Heads, Line } from "./shapes.ts";

/** What is asked of the other; over the network, or in a test without. */
export interface PeerSigner {
  heads(): Promise<Pick<Heads, "chains" | "copies">>;
  records(writer: string, after: number, limit: number): Promise<readonly Line[]>;
  /** Our last record. @throws where the other refuses to counter-sign it. */
  counterSign(bytes: Uint8Array): Promise<void>;
}

export interface CopyOptions {
  readonly region: string;
  readonly keys: KeyRing;
  readonly folder: EvidenceFolder;
}

export interface ExchangeOptions extends CopyOptions {
  readonly peerSite: string;
  readonly last: () => ChainRecord;
  readonly clock: Clock;
  readonly headSeconds: number;
}

/** Not the network's failure but the other's content: nothing that follows in that chain is copied. */
export class WrongCopy extends Error {
  override readonly name = "WrongCopy";
}

/** The other has more of the chain that we write than we have: our volume was put back to an earlier state. */
export class SetBack extends Error {
  override readonly name = "SetBack";
}

export interface Exchange {
  /** @throws the network's error, WrongCopy or SetBack. */
  round(peer: PeerSigner): Promise<{ readonly copied: number; readonly counterSigned: boolean }>;
}

const AT_ONCE = 200;

export function exchange(options: ExchangeOptions): Exchange {
  let dueMs = Number.NEGATIVE_INFINITY;
  return {
    round: async (peer) => {
      let copied = 0;
      const { chains, copies } = await peer.heads();
      requireNotSetBack(copies, options.last());
      for (const end of chains) copied += await copyChain(end, options.peerSite, peer, options);
      const counterSigned = options.clock.monotonicMs() >= dueMs;
      if (counterSigned) {
        await peer.counterSign(options.last().bytes);
        dueMs = options.clock.monotonicMs() + options.headSeconds * 1000;
      }
      return { copied, counterSigned };
    },
  };
}

/** Brings back what the other has of this site's chains and we have not: our volume was lost, or is an old one. Returns how many records. */
export async function takeBack(site: string, peer: PeerSigner, options: CopyOptions): Promise<number> {
  let copied = 0;
  for (const end of (await peer.heads()).copies) copied += await copyChain(end, site, peer, options);
  return copied;
}

function requireNotSetBack(copies: readonly ChainEnd[], { statement: { writer, sequence } }: ChainRecord): void {
  const theirs = copies.find((end) => end.writer === writer)?.sequence ?? 0;
  if (theirs > sequence)
    throw new SetBack(`${writer}: we have ${sequence} records, the other site has ${theirs} of them`);
}

async function copyChain(
  { writer, sequence }: ChainEnd,
  site: string,
  peer: PeerSigner,
  options: CopyOptions,
): Promise<number> {
  if (parseWriter(writer)?.site !== site) throw new WrongCopy(`chain ${writer} is not of ${site}`);
  // What is missing in the middle of our copy is filled again.
  const numbers = await options.folder.numbers(writer);
  const gap = numbers.findIndex((number, index) => number !== index + 1);
  const from = gap === -1 ? numbers.length : gap;
  let have = from;
  while (have < sequence) {
    const lines = await peer.records(writer, have, AT_ONCE);
    if (lines.length === 0) throw new WrongCopy(`chain ${writer}: told of ${sequence} records, got none after ${have}`);
    for (const line of lines) have = await take(line, writer, have + 1, options);
  }
  return have - from;
}

/** Only what is right in itself and comes next is kept: a copy must not spread what is wrong. */
async function take(line: Line, writer: string, next: number, { region, keys, folder }: CopyOptions): Promise<number> {
  const bytes = Buffer.from(line.content, "base64");
  const record = openRecord(bytes, keys);
  if (typeof record === "string") throw new WrongCopy(`${line.id}: ${record}`);
  const place = parseRecordId(record.id);
  if (
    record.id !== line.id ||
    record.statement.region !== region ||
    place?.writer !== writer ||
    place.sequence !== next
  )
    throw new WrongCopy(`${line.id}: expected number ${next} of ${writer}, received ${record.id}`);
  await folder.put(record.id, bytes).catch((error: unknown) => {
    throw error instanceof AlreadyThere ? new WrongCopy(error.message) : error;
  });
  return next;
}
