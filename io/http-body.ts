/** What a server answered, read whole and never without an end. */
import type { IncomingMessage } from "node:http";

/** @throws the connection's error, and where the body is larger than `maxBytes`; `what` begins that message. */
export function bodyOf(response: IncomingMessage, maxBytes: number, what: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) response.destroy(new Error(`${what} is larger than ${maxBytes} bytes`));
      chunks.push(chunk);
    });
    response.on("error", reject);
    response.on("end", () => resolve(Buffer.concat(chunks)));
  });
}
