/**
 * Heads as they are published in the region's zone (D10): one text a chain, so that a name server, its secondaries and every resolver's memory
 * hold against whoever cuts a chain later. A published head never goes back. Pure.
 */
import { isDigest } from "./fields.ts";
import { parseWriter } from "./writer.ts";

/** How far a chain reached, and by whose key. */
export interface PublishedHead {
  readonly writer: string;
  /** Of the last record. */
  readonly sequence: number;
  /** SHA-256 of the last record's bytes, in hex. */
  readonly digest: string;
  /** Name of the key that signed it: SHA-256 of its SPKI DER, in hex. */
  readonly keyid: string;
}

/** A TXT string holds no more bytes (RFC 1035 section 3.3). */
const MOST_BYTES = 255;
const TEXT = /^v=lumbung1 writer=(\S+) number=([1-9]\d{0,9}) sha256=(\S+) key=(\S+)$/;

/** @throws RangeError where a site's name is too long for it. */
export function headText({ writer, sequence, digest, keyid }: PublishedHead): string {
  const text = `v=lumbung1 writer=${writer} number=${sequence} sha256=${digest} key=${keyid}`;
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new RangeError(
      `head of ${writer}: expected ${MOST_BYTES} bytes at most, received ${Buffer.byteLength(text)}`,
    );
  return text;
}

/** The head in a text, or undefined where it is none of ours. */
export function parseHead(text: string): PublishedHead | undefined {
  const [, writer, number, digest, keyid] = TEXT.exec(text) ?? [];
  if (writer === undefined || !isDigest(digest) || !isDigest(keyid)) return undefined;
  const parts = parseWriter(writer);
  if (parts === undefined || !keyid.startsWith(parts.keyPrefix)) return undefined;
  return { writer, sequence: Number(number), digest, keyid };
}

export interface MergedHeads {
  /** What is to be published, in order of writer. */
  readonly heads: readonly PublishedHead[];
  /** Published before, and not in the chains as they are now: something was cut off or written anew. They stay published. */
  readonly ahead: readonly PublishedHead[];
}

/** @param known the chains as they are. @param published what name servers say, of one or several of them. */
export function mergeHeads(known: readonly PublishedHead[], published: readonly PublishedHead[]): MergedHeads {
  const merged = new Map<string, PublishedHead>();
  for (const head of published) {
    const before = merged.get(head.writer);
    if (before === undefined || head.sequence > before.sequence) merged.set(head.writer, head);
  }
  const ahead = new Map(merged);
  for (const head of known) {
    const there = merged.get(head.writer);
    if (there === undefined || head.sequence > there.sequence) merged.set(head.writer, head);
    else if (head.sequence < there.sequence || head.digest !== there.digest) continue;
    ahead.delete(head.writer);
  }
  const byWriter = (a: PublishedHead, b: PublishedHead): number => (a.writer < b.writer ? -1 : 1);
  return { heads: [...merged.values()].sort(byWriter), ahead: [...ahead.values()].sort(byWriter) };
}
