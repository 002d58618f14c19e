import { describe, expect, test } from "vitest";
import { keyIdOf } from "./dsse.ts";
import { headText, mergeHeads, type PublishedHead, parseHead } from "./published.ts";
import { MadeChain, newSite } from "./testing/made.ts";

const [dc, drc] = [newSite("dc"), newSite("drc")];
const chain = new MadeChain(dc).grow(9);
const at = (number: number): PublishedHead => {
  const head = chain.records[number - 1]?.head;
  return { writer: dc.writer, sequence: number, digest: head?.digest ?? "", keyid: keyIdOf(dc.key) };
};
const other: PublishedHead = { writer: drc.writer, sequence: 4, digest: "b".repeat(64), keyid: keyIdOf(drc.key) };

describe("the text of a head", () => {
  test("names writer, number, digest and key, and is read back as it was", () => {
    const text = headText(at(7));
    expect(text).toBe(`v=lumbung1 writer=${dc.writer} number=7 sha256=${at(7).digest} key=${keyIdOf(dc.key)}`);
    expect(parseHead(text)).toEqual(at(7));
  });
  test("fits into one string of a TXT record, or is refused", () => {
    const long = (length: number) => headText({ ...at(7), writer: dc.writer.replace("dc", "d".repeat(length)) });
    expect(Buffer.byteLength(long(40))).toBeLessThanOrEqual(255);
    expect(() => long(60)).toThrow("expected 255 bytes at most, received 26");
  });
  test.each([
    ["something else", "v=spf1 -all"],
    ["another version", headText(at(7)).replace("lumbung1", "lumbung2")],
    ["number 0", headText(at(7)).replace("number=7", "number=0")],
    ["more behind it", `${headText(at(7))} x`],
    ["no writer", headText(at(7)).replace(dc.writer, "dc")],
    ["half a digest", headText(at(7)).replace(at(7).digest, "ab")],
    ["a key that is not the writer's", headText({ ...at(7), keyid: "0".repeat(64) })],
  ])("with %s is none of ours", (_, text) => {
    expect(parseHead(text)).toBeUndefined();
  });
});

describe("merged with what is published", () => {
  test("a chain that grew is published anew, whichever server says how much of it", () => {
    expect(mergeHeads([at(9), other], [at(3), at(5)])).toEqual({
      heads: [at(9), other].sort((a, b) => (a.writer < b.writer ? -1 : 1)),
      ahead: [],
    });
    expect(mergeHeads([at(9)], [at(9)])).toEqual({ heads: [at(9)], ahead: [] });
    expect(mergeHeads([at(9)], [])).toEqual({ heads: [at(9)], ahead: [] });
  });
  test("a chain that was cut never takes its published head back, and is named", () => {
    expect(mergeHeads([at(6)], [at(9), at(4)])).toEqual({ heads: [at(9)], ahead: [at(9)] });
  });
  test("a chain that is gone as a whole stays published, and is named", () => {
    expect(mergeHeads([other], [at(2)])).toMatchObject({ ahead: [at(2)] });
    expect(mergeHeads([other], [at(2)]).heads).toHaveLength(2);
  });
  test("a number that says something else now keeps what was published, and is named", () => {
    const anew = { ...at(9), digest: "c".repeat(64) };
    expect(mergeHeads([anew], [at(9)])).toEqual({ heads: [at(9)], ahead: [at(9)] });
  });
});
