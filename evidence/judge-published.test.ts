import { expect, test } from "vitest";
import { keyIdOf } from "./dsse.ts";
import { judgePublished, type ReadStore } from "./judge-published.ts";
import type { PublishedHead } from "./published.ts";
import type { StoredRecord } from "./store.ts";
import { MadeChain, newSite, REGION, ringOf, stored } from "./testing/made.ts";
import { Verifier } from "./verify.ts";

const [dc, drc] = [newSite("dc"), newSite("drc")];
const chain = new MadeChain(dc).grow(8);
const other = new MadeChain(drc).grow(3);
const at = (number: number): PublishedHead => {
  const head = chain.records[number - 1]?.head;
  return { writer: dc.writer, sequence: number, digest: head?.digest ?? "", keyid: keyIdOf(dc.key) };
};
const store = (site: string | null, ...chains: readonly (readonly StoredRecord[])[]): ReadStore => {
  const verifier = new Verifier({ region: REGION, keys: ringOf(dc, drc) });
  for (const record of stored(...chains)) verifier.take(record);
  return { site, digests: verifier.digests };
};
const whole = chain.records;

test("a chain that is as long as what is published of it, or longer, agrees", () => {
  for (const number of [1, 7, 8])
    expect(judgePublished([at(number)], [store("dc", whole)])).toEqual({ agreed: 1, broken: [], unknown: [] });
});

test("a copy that lags is no cut, where the site that wrote the chain has it", () => {
  const stores = [store("drc", whole.slice(0, 5), other.records), store("dc", whole)];
  expect(judgePublished([at(8)], stores)).toEqual({ agreed: 1, broken: [], unknown: [] });
});

test("a head that not even its own site has is a cut, which names the first that is missing", () => {
  const { agreed, broken } = judgePublished([at(8)], [store("dc", whole.slice(0, 6)), store("drc", whole.slice(0, 5))]);
  expect([agreed, broken.map(({ id, code }) => `${id} ${code}`)]).toEqual([0, [`${dc.writer}/0000000007 cut`]]);
  expect(broken[0]?.reason.en).toBe("cut: DNS publishes a head of number 8, and this chain ends at 6");
});

test("a chain that is gone as a whole is a cut at its first number", () => {
  expect(judgePublished([at(8)], [store("dc", other.records)]).broken).toMatchObject([
    { id: `${dc.writer}/0000000001` },
  ]);
});

test("a number of another content is a cut, wherever it is read", () => {
  const anew = { ...at(5), digest: "c".repeat(64) };
  const { broken } = judgePublished([anew], [store("drc", whole)]);
  expect(broken.map(({ id, code }) => `${id} ${code}`)).toEqual([`${dc.writer}/0000000005 cut`]);
  expect(broken[0]?.reason.en).toContain("cccc");
});

test("a number that was taken out of the middle is a cut there", () => {
  const without = whole.filter(({ id }) => !id.endsWith("5"));
  expect(judgePublished([at(5)], [store("dc", without)]).broken).toMatchObject([{ id: `${dc.writer}/0000000005` }]);
});

test("where the site that wrote the chain was not read, what its copy lacks is unknown: neither agreed nor cut", () => {
  const { agreed, broken, unknown } = judgePublished([at(8)], [store("drc", whole.slice(0, 5))]);
  expect([agreed, broken]).toEqual([0, []]);
  expect(unknown).toMatchObject([
    { id: `${dc.writer}/0000000008`, reason: { en: expect.stringContaining("unknown") } },
  ]);
});
