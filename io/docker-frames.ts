/** What the engine's raw streams carry: frames of 8 bytes head (stream, 0, 0, 0, length big-endian) and a body. */

export interface Frame {
  /** 1: standard output; 2: standard error. */
  readonly stream: number;
  readonly body: Buffer;
}

/** The frames as they come; one that is cut off at the end is left out. */
export async function* framesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame, void, void> {
  let pending: Buffer[] = [];
  let held = 0;
  let needed = HEAD;
  for await (const chunk of chunks) {
    pending.push(Buffer.from(chunk));
    held += chunk.length;
    if (held < needed) continue;
    let bytes = Buffer.concat(pending);
    while (bytes.length >= HEAD) {
      needed = HEAD + bytes.readUInt32BE(4);
      if (bytes.length < needed) break;
      yield { stream: bytes[0] ?? 0, body: bytes.subarray(HEAD, needed) };
      bytes = bytes.subarray(needed);
      needed = HEAD;
    }
    [pending, held] = [[bytes], bytes.length];
  }
}

const HEAD = 8;

/** The lines of some bytes in UTF-8, without their line feeds; what comes after the last one is a line if it is not empty. */
export async function* linesOf(bodies: AsyncIterable<Buffer>): AsyncGenerator<string, void, void> {
  let rest: Buffer[] = [];
  for await (const body of bodies) {
    let from = 0;
    for (let at = body.indexOf(LINE_FEED); at !== -1; at = body.indexOf(LINE_FEED, from)) {
      yield Buffer.concat([...rest, body.subarray(from, at)]).toString("utf8");
      [rest, from] = [[], at + 1];
    }
    if (from < body.length) rest.push(body.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString("utf8");
}

const LINE_FEED = 10;
