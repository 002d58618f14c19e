import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { append } from "./chain.ts";
import { envelopeBytes, seal } from "./dsse.ts";
import { keyRing } from "./keys.ts";
import { statementBytes } from "./statement.ts";
import type { StoredRecord } from "./store.ts";
import { MadeChain, newSite, observation, REGION, ringOf, stored } from "./testing/made.ts";
import { forks, Verifier, verify } from "./verify.ts";
import { recordId } from "./writer.ts";

const [dc, drc] = [newSite("dc"), newSite("drc")];
const keys = ringOf(dc, drc);
const chain = new MadeChain(dc).grow(12);
const other = new MadeChain(drc).grow(3);
other.see(chain);
chain.see(other);
chain.grow(15);
const whole = stored(chain.records, other.records);
const id = (sequence: number): string => recordId(dc.writer, sequence);

const check = (records: readonly StoredRecord[], site?: string) =>
  verify(records, { region: REGION, keys, ...(site === undefined ? {} : { site }) });
const found = async (records: readonly StoredRecord[], site?: string) =>
  (await check(records, site)).broken.map((broken) => `${broken.id} ${broken.code}`);
const altered = (sequence: number, change: (bytes: Buffer) => Buffer | undefined): StoredRecord[] =>
  whole.map((record) =>
    record.id === id(sequence) ? { ...record, bytes: change(Buffer.from(record.bytes)) ?? record.bytes } : record,
  );
const without = (...sequences: readonly number[]): StoredRecord[] =>
  whole.filter((record) => !sequences.map(id).includes(record.id));

test("a whole store verifies, and says how far each chain is counter-signed", async () => {
  const { records, verified, broken, chains } = await check(whole);
  expect({ records, verified, broken }).toEqual({ records: 19, verified: 19, broken: [] });
  expect(
    chains.map(({ site, last, counterSigned }) => [site, last, counterSigned?.by, counterSigned?.sequence]),
  ).toEqual([
    ["dc", 15, "drc", 12],
    ["drc", 4, "dc", 4],
  ]);
});

describe("each mutation is found and named", () => {
  const payloadOf = (bytes: Buffer) =>
    JSON.parse(bytes.toString()) as { payload: string; signatures: [{ keyid: string; sig: string }] };
  test("an altered payload", async () => {
    const changed = altered(5, (bytes) => {
      const envelope = payloadOf(bytes);
      const said = Buffer.from(envelope.payload, "base64").toString().replace("number 5", "number 6");
      return Buffer.from(JSON.stringify({ ...envelope, payload: Buffer.from(said).toString("base64") }));
    });
    expect(await found(changed)).toEqual([`${id(5)} signature`]);
  });
  test("an altered signature", async () => {
    const changed = altered(5, (bytes) => {
      const envelope = payloadOf(bytes);
      const sig = Buffer.from(envelope.signatures[0].sig, "base64");
      sig[0] = (sig[0] ?? 0) ^ 1;
      return Buffer.from(
        JSON.stringify({ ...envelope, signatures: [{ ...envelope.signatures[0], sig: sig.toString("base64") }] }),
      );
    });
    expect(await found(changed)).toEqual([`${id(5)} signature`]);
  });
  test("bytes that no signature covers", async () => {
    expect(await found(altered(5, (bytes) => Buffer.concat([bytes, Buffer.from("\n")])))).toEqual([
      `${id(5)} unreadable`,
    ]);
    expect(await found(altered(15, (bytes) => bytes.subarray(0, 40)))).toEqual([`${id(15)} unreadable`]);
    expect(await found(altered(5, () => Buffer.alloc(0)))).toEqual([`${id(5)} unreadable`]);
  });
  test("a key that nobody knows, also under the name of a known one", async () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const statement = chain.records[4]?.statement;
    if (statement === undefined) throw new Error("no record");
    const forged = seal(statementBytes({ ...statement, observed: { detail: "forged" } }), privateKey);
    expect(await found(altered(5, () => envelopeBytes(forged)))).toEqual([`${id(5)} unknown-key`]);
    const [{ keyid }] = seal(statementBytes(statement), dc.key).signatures;
    const named = { ...forged, signatures: [{ ...forged.signatures[0], keyid }] as const };
    expect(await found(altered(5, () => envelopeBytes(named)))).toEqual([`${id(5)} signature`]);
  });
  test("the other site's key in this site's chain", async () => {
    const statement = chain.records[4]?.statement;
    if (statement === undefined) throw new Error("no record");
    expect(await found(altered(5, () => envelopeBytes(seal(statementBytes(statement), drc.key))))).toEqual([
      `${id(5)} wrong-writer`,
    ]);
  });
  test("records that are gone from the middle, and the first", async () => {
    expect(await found(without(5))).toEqual([`${id(5)} missing`]);
    expect(await found(without(5, 6, 7, 10))).toEqual([`${id(10)} missing`, `${id(5)} missing`].sort());
    expect(await found(without(1))).toEqual([`${id(1)} missing`]);
    const [{ reason } = { reason: undefined }] = (await check(without(5, 6, 7))).broken;
    expect(reason).toEqual({ id: "hilang: nomor 5 sampai 7", en: "missing: numbers 5 to 7" });
  });
  test("records that are swapped, moved or repeated", async () => {
    const [five, six] = [chain.records[4]?.bytes, chain.records[5]?.bytes];
    const swapped = whole.map((one) =>
      one.id === id(5)
        ? { ...one, bytes: six ?? one.bytes }
        : one.id === id(6)
          ? { ...one, bytes: five ?? one.bytes }
          : one,
    );
    expect(await found(swapped)).toEqual([`${id(5)} wrong-place`, `${id(6)} wrong-place`]);
    expect(
      await found([...whole, { id: id(16), bytes: five ?? Buffer.alloc(0) }].sort((a, b) => (a.id < b.id ? -1 : 1))),
    ).toEqual([`${id(16)} wrong-place`]);
  });
  test("a tail that was cut off behind a counter-signed head", async () => {
    expect(await found(without(11, 12, 13, 14, 15))).toEqual([`${id(11)} cut-tail`]);
    const [{ reason } = { reason: undefined }] = (await check(without(11, 12, 13, 14, 15))).broken;
    expect(reason?.en).toContain("numbers 11 to 12 are not there, but drc saw them at 2026-03-01T00:00:03");
    expect(await found(whole.filter((record) => !record.id.startsWith(dc.writer)))).toEqual([`${id(1)} cut-tail`]);
  });
  test("before the last counter-signed head nothing is hidden, behind it a cut is not seen: the summary says how far", async () => {
    const { broken, chains } = await check(without(14, 15));
    expect(broken).toEqual([]);
    expect(chains[0]?.counterSigned?.sequence).toBe(12);
  });
  test("what a lost site had not copied", async () => {
    expect(await found(without(11, 12, 13, 14, 15), "drc")).toEqual([`${id(11)} not-copied`]);
    const [{ reason } = { reason: undefined }] = (await check(without(11, 12, 13, 14, 15), "drc")).broken;
    expect(reason?.id).toContain("nomor 11 sampai 12 ada di dc");
  });
  test("a head on paper is as good", async () => {
    const last = chain.records[14]?.head;
    const heads = [
      { writer: dc.writer, sequence: 15, digest: last?.digest ?? "", by: "drc", at: "2026-03-02T00:00:00Z" },
    ];
    const cut = await verify(without(14, 15), { region: REGION, keys, heads });
    expect(cut.broken.map(({ id: name, code }) => `${name} ${code}`)).toEqual([`${id(14)} cut-tail`]);
  });
  test("an overwritten record in a store that keeps all versions: the first counts", async () => {
    const twice = whole.map((record) => (record.id === id(5) ? { ...record, versions: 2 } : record));
    expect(await found(twice)).toEqual([`${id(5)} overwritten`]);
    expect((await check(twice)).verified).toBe(18);
  });
  test("a stranger in the folder, and another region's record", async () => {
    expect(await found([...whole, { id: "zz/notes.txt", bytes: Buffer.from("hello") }])).toEqual([
      "zz/notes.txt not-a-record",
    ]);
    const { broken } = await verify(whole, { region: "langsa", keys });
    expect(broken).toHaveLength(19);
    expect(broken.every(({ code }) => code === "wrong-place")).toBe(true);
  });
});

describe("whoever holds the key is found by the chain and by the heads", () => {
  const at = (sequence: number) => chain.records[sequence - 1];
  const forged = (sequence: number) =>
    append(at(sequence - 1)?.head ?? { writer: dc.writer, sequence: 0, digest: null }, observation("forged"), {
      region: REGION,
      key: dc.key,
      now: new Date("2026-03-01T01:00:00Z"),
    });
  test("one record made anew", async () => {
    expect(await found(altered(5, () => Buffer.from(forged(5).bytes)))).toEqual([`${id(5)} replaced`]);
  });
  test("the whole rest of the chain made anew", async () => {
    const anew = new MadeChain(dc);
    for (let number = 2; number <= 15; number += 1) anew.add(observation(`other ${number}`));
    expect(await found(stored(anew.records, other.records))).toEqual([`${id(12)} rewritten`]);
  });
  test("a first record that is no beginning", async () => {
    const record = append({ writer: dc.writer, sequence: 0, digest: null }, observation("first"), {
      region: REGION,
      key: dc.key,
      now: new Date("2026-03-01T00:00:00Z"),
    });
    expect(await found(stored([record]))).toEqual([`${id(1)} no-beginning`]);
  });
  test("two stores that tell one number differently", () => {
    const [here, there] = [new Verifier({ region: REGION, keys }), new Verifier({ region: REGION, keys })];
    for (const record of whole) here.take(record);
    for (const record of altered(15, () => Buffer.from(forged(15).bytes))) there.take(record);
    expect([...here.finish().broken, ...there.finish().broken]).toEqual([]);
    expect(forks(here.digests, there.digests, "drc")).toEqual([
      expect.objectContaining({
        id: id(15),
        code: "fork",
        reason: expect.objectContaining({ en: expect.stringContaining("drc") }),
      }),
    ]);
    expect(forks(here.digests, here.digests, "drc")).toEqual([]);
  });
});

test("a record that comes out of order is a bug of the store's", async () => {
  await expect(check([...stored(chain.records)].reverse())).rejects.toThrow(/expected a number after 15/);
});

test("a key of another kind is refused", () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  expect(() =>
    keyRing([{ site: "dc", publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() }]),
  ).toThrow(/expected Ed25519, received ec/);
});

test("property: any set of changed, removed and swapped records is found, each by name, and nothing else is", async () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(numbers, fc.integer({ min: 0, max: 6 }), fc.nat(), async (chosen, split, where) => {
      const [removed, flipped] = [chosen.slice(0, split), chosen.slice(split)];
      const records = without(...removed).map((record) => {
        if (!flipped.map(id).includes(record.id)) return record;
        const bytes = Buffer.from(record.bytes);
        const at = where % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        return { ...record, bytes };
      });
      const { broken, verified } = await check(records);
      const gaps = removed.filter((number) => !removed.includes(number - 1));
      expect(broken.map((one) => one.id)).toEqual([...gaps, ...flipped].map(id).sort());
      expect(verified).toBe(whole.length - removed.length - flipped.length);
    }),
    { numRuns: 150 },
  );
});

test("property: one bit anywhere in a record is noticed", async () => {
  const target = whole.find((record) => record.id === id(7));
  const length = target?.bytes.length ?? 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: length * 8 - 1 }), async (bit) => {
      const changed = altered(7, (bytes) => {
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return bytes;
      });
      expect((await check(changed)).broken.map((one) => one.id)).toEqual([id(7)]);
    }),
    { numRuns: 200 },
  );
});

test("four thousand records in one pass", async () => {
  const long = stored(new MadeChain(dc).grow(4000).records);
  expect(await check(long)).toMatchObject({ records: 4000, verified: 4000, broken: [] });
});
