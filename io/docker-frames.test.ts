import { describe, expect, it } from "vitest";
import { type Frame, framesOf, linesOf } from "./docker-frames.ts";

function frame(stream: 1 | 2, text: string): Buffer {
  const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const shown = ({ stream, body }: Frame) => `${stream} ${body}`;

describe("framesOf", () => {
  const bytes = Buffer.concat([
    frame(2, "e"),
    frame(1, "äh"),
    frame(1, ""),
    frame(2, "x".repeat(40)),
    Buffer.from([1, 0, 0]),
  ]);
  it.each([1, 3, 8, 9, 1000])(
    "parts the streams in pieces of %s bytes, and leaves out what is cut off",
    async (size) => {
      const frames = await all(framesOf(inPieces(bytes, size)));
      expect(frames.map(shown)).toEqual(["2 e", "1 äh", "1 ", `2 ${"x".repeat(40)}`]);
    },
  );
  it("waits for a body that is cut off in the middle", async () => {
    expect(await all(framesOf(inPieces(frame(1, "abc").subarray(0, 10), 2)))).toEqual([]);
  });
});

describe("linesOf", () => {
  it.each([1, 2, 5, 100])("in pieces of %s bytes", async (size) => {
    expect(await all(linesOf(inPieces(Buffer.from("satu\n\ndüa\ntiga"), size)))).toEqual(["satu", "", "düa", "tiga"]);
    expect(await all(linesOf(inPieces(Buffer.from("satu\n"), size)))).toEqual(["satu"]);
  });
});
