import { createPublicKey, verify as verifySignature } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical.ts";
import { append, emptyChain, openRecord } from "./chain.ts";
import { Digests } from "./digests.ts";
import { envelopeBytes, keyIdOf, preAuthEncoding, readEnvelope, seal, sha256 } from "./dsse.ts";
import { headIn, judgeHead } from "./heads.ts";
import { KINDS, kindOf, predicateTypeOf } from "./kinds.ts";
import { problemsOf, readStatement, statementBytes } from "./statement.ts";
import { MadeChain, newSite, observation, REGION, ringOf } from "./testing/made.ts";
import { byBeginning, parseRecordId, parseWriter, recordId, writerName } from "./writer.ts";

const dc = newSite("dc");

describe("canonical JSON", () => {
  test("members in order of name, no space (RFC 8785)", () => {
    expect(canonicalJson({ b: [1, "é\n", null], a: { "10": true, "9": -0 }, "€": 1e21 })).toBe(
      '{"a":{"10":true,"9":0},"b":[1,"é\\n",null],"€":1e+21}',
    );
  });
  test.each([[undefined], [Number.NaN], [() => 1], ["\ud800"], [{ a: undefined }], [new Date(0)], [1n]])(
    "%s is refused",
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    },
  );
  test("property: it reads back as the same value and writes the same text", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        fc.pre(!/\\ud[89a-f]/i.test(JSON.stringify(plain)));
        const text = canonicalJson(plain);
        expect(JSON.parse(text)).toEqual(plain);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe("envelope", () => {
  test("the encoding of the DSSE protocol's own example", () => {
    expect(preAuthEncoding("http://example.com/HelloWorld", Buffer.from("hello world")).toString()).toBe(
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
    expect(preAuthEncoding("é", Buffer.from("é")).toString()).toBe("DSSEv1 2 é 2 é");
  });
  test("the key's name is the SHA-256 of its public half, and the signature is plain Ed25519", () => {
    const payload = Buffer.from('{"a":1}');
    const envelope = seal(payload, dc.key);
    const publicKey = createPublicKey(dc.key);
    expect(envelope.signatures[0].keyid).toBe(sha256(publicKey.export({ type: "spki", format: "der" })));
    expect(keyIdOf(publicKey)).toBe(keyIdOf(dc.key));
    const sig = Buffer.from(envelope.signatures[0].sig, "base64");
    expect(verifySignature(null, preAuthEncoding(envelope.payloadType, payload), publicKey, sig)).toBe(true);
    expect(readEnvelope(envelopeBytes(envelope))).toEqual(envelope);
  });
  test("base64 that decodes to the same bytes is not the same record", () => {
    const text = envelopeBytes(seal(Buffer.from("abcd"), dc.key)).toString();
    expect(text).toContain('"YWJjZA=="');
    expect(readEnvelope(Buffer.from(text.replace("YWJjZA==", "YWJjZB==")))).toBeUndefined();
    expect(readEnvelope(Buffer.from(` ${text}`))).toBeUndefined();
  });
});

describe("statement", () => {
  const { statement } = new MadeChain(dc).grow(2).records[1] ?? {};
  if (statement === undefined) throw new Error("no record");
  test("is an in-toto Statement v1", () => {
    const said = JSON.parse(statementBytes(statement).toString());
    expect(said).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      predicateType: "https://lumbung.example/evidence/state/v1",
      subject: [{ name: "dc/postgres-utama", digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } }],
      predicate: { commit: "5f5b72f", writer: dc.writer, sequence: 2, tool: { name: "lumbung" } },
    });
    expect(readStatement(statementBytes(statement))).toEqual(statement);
  });
  test.each([
    ["sequence", { sequence: 0 }],
    ["writer", { writer: "dc" }],
    ["previous", { previous: "abc" }],
    ["observedAt", { observedAt: "yesterday" }],
    ["subject", { subject: [] }],
    ["inventory", { inventory: "short" }],
  ])("with a wrong %s it is none", (_, wrong) => {
    expect(readStatement(statementBytes({ ...statement, ...wrong }))).toBeUndefined();
  });
  test("nor is anything that is written in another way, or of an unknown kind", () => {
    const text = statementBytes(statement).toString();
    expect(readStatement(Buffer.from(text.replace(",", ", ")))).toBeUndefined();
    expect(readStatement(Buffer.from(text.replace("/state/v1", "/state/v9")))).toBeUndefined();
    expect(readStatement(Buffer.from("[".repeat(100_000)))).toBeUndefined();
  });
  test("every problem of an observation is told, each with its path", () => {
    expect(problemsOf(observation("x"))).toEqual([]);
    expect(problemsOf({ kind: "nonsense" }).map((problem) => problem.split(":")[0])).toEqual([
      ...["kind", "subject", "observed", "observedAt", "commit", "inventory", "tool"],
    ]);
  });
});

test("every kind has both languages and a type that leads back to it", () => {
  for (const [kind, { id, en }] of Object.entries(KINDS)) {
    expect(id && en && id !== en).toBe(true);
    expect(kindOf(predicateTypeOf(kind as keyof typeof KINDS))).toBe(kind);
  }
});

test("names of writers and records lead back to their parts, whatever the site is called", () => {
  const began = new Date("2026-11-25T16:07:22.123Z");
  const name = writerName("serdang-bedagai-2", "3f2a9c01b2d4ffff", began);
  expect(name).toBe("serdang-bedagai-2-3f2a9c01b2d4-20261125T160722123Z");
  expect(parseWriter(name)).toEqual({
    site: "serdang-bedagai-2",
    keyPrefix: "3f2a9c01b2d4",
    began: "20261125T160722123Z",
  });
  expect(parseRecordId(recordId(name, 17))).toEqual({ writer: name, sequence: 17 });
  expect(["x/0000000001", `${name}/17`, `${name}/0000000000`, `${name}/0000000001.json`].map(parseRecordId)).toEqual(
    Array(4).fill(undefined),
  );
  const later = writerName("dc", "000000000000", new Date("2026-11-25T16:07:22.124Z"));
  expect(byBeginning([later, name])).toEqual([name, later]);
});

test("a chain takes only the key that it is named after", () => {
  const other = newSite("drc");
  expect(() =>
    append(emptyChain(dc.writer), observation("x"), { region: REGION, key: other.key, now: new Date(0) }),
  ).toThrow(/expected the key that it is named after/);
});

test("a head is told by the record that carries it, and judged against the one before", () => {
  const [here, there] = [new MadeChain(dc).grow(4), new MadeChain(newSite("drc"))];
  const seen = headIn(there.see(here).statement);
  expect(seen).toMatchObject({ writer: dc.writer, sequence: 4, by: "drc", digest: here.records[3]?.head.digest });
  const head = (sequence: number, digest = "a".repeat(64)) => ({ writer: dc.writer, sequence, digest });
  expect([undefined, head(3), head(4), head(5), head(4, "b".repeat(64))].map((one) => judgeHead(one, head(4)))).toEqual(
    ["new", "new", "same", "behind", "fork"],
  );
  expect(headIn(here.records[1]?.statement ?? there.see(here).statement)).toBeUndefined();
});

test("a record opens by its own key alone", () => {
  const record = new MadeChain(dc).records[0];
  expect(openRecord(record?.bytes ?? Buffer.alloc(0), ringOf(dc))).toEqual(record);
  expect(openRecord(record?.bytes ?? Buffer.alloc(0), ringOf(newSite("dc")))).toBe("unknown-key");
});

test("property: digests are found by number", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 300 }), (numbers) => {
      const digests = new Digests();
      for (const number of [...numbers].sort((a, b) => a - b)) digests.add(number, sha256(String(number)));
      for (const number of numbers) expect(digests.get(number)).toBe(sha256(String(number)));
      expect(digests.get(5001)).toBeUndefined();
      expect([digests.count, digests.last]).toEqual([numbers.length, Math.max(0, ...numbers)]);
    }),
  );
});
