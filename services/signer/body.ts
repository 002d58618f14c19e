/** The body of a request, bounded. */
import type { IncomingMessage } from "node:http";

/** A statement of more than this belongs into a file, of which the statement names the digest. */
export const MAX_BODY_BYTES = 256 * 1024;

/** Undefined where it is larger. */
export async function bodyOf(incoming: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
