import { expect, test } from "vitest";
import { append, chainStart, emptyChain } from "../evidence/chain.ts";
import { observedSubject } from "../evidence/statement.ts";
import { BEGAN, MadeChain, newSite, observation, ringOf, stored } from "../evidence/testing/made.ts";
import { EvidenceReader, mergeEvidence } from "./read-evidence.ts";

const NOW = new Date("2026-03-02T00:00:00Z");
const site = newSite("dc");
const keys = ringOf(site);

function read(records: Iterable<{ readonly id: string; readonly bytes: Uint8Array }>, region = "lab") {
  const reader = new EvidenceReader({ region, keys, now: NOW });
  for (const record of records) reader.take(record);
  return reader.finish();
}

const probe = {
  ...observation("probes"),
  kind: "probe" as const,
  observed: { region: "lab", site: "dc", items: { gateway: { health: "ok" }, "name:x.go.id": { gateway: true } } },
};
const attestation = {
  ...observation("paper"),
  kind: "attestation" as const,
  subject: [observedSubject("master-plan/induk", {})],
  observed: { kind: "master-plan", id: "induk" },
};

test("a record of probes says many things, each other one says one", () => {
  const chain = new MadeChain(site);
  chain.add(probe);
  chain.add(attestation);
  const { seen, verified, broken } = read(stored(chain.records));
  expect(seen.map(({ kind, about }) => `${kind} ${about}`)).toEqual([
    "chain-start dc/evidence",
    "probe dc/gateway",
    "probe dc/name:x.go.id",
    "attestation master-plan/induk",
  ]);
  expect({ verified, broken }).toEqual({ verified: 3, broken: [] });
});

test("what was altered says nothing, and is named", () => {
  const chain = new MadeChain(site);
  chain.add(probe);
  const records = stored(chain.records).map((record) => {
    if (!record.id.endsWith("2")) return record;
    const bytes = Buffer.from(record.bytes);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    return { ...record, bytes };
  });
  const { seen, broken } = read(records);
  expect(seen.map(({ kind }) => kind)).toEqual(["chain-start"]);
  expect(broken.map(({ id }) => id)).toEqual([chain.records[1]?.id]);
});

test("a record that was replaced says nothing, though each is right in itself", () => {
  const chain = new MadeChain(site).grow(2);
  const [first] = chain.records;
  const forged = append(first?.head ?? emptyChain(site.writer), probe, { region: "lab", key: site.key, now: BEGAN });
  chain.grow(3);
  const records = stored(chain.records).map((one) =>
    one.id === forged.id ? { id: one.id, bytes: forged.bytes } : one,
  );
  const { seen, broken } = read(records);
  expect(broken.map(({ code }) => code)).toEqual(["replaced"]);
  expect(seen.some(({ kind }) => kind === "probe")).toBe(false);
});

test("evidence of another region counts as none, and says of which", () => {
  const start = chainStart("dc", "founded", undefined, { name: "lumbung", version: "0.1.0" }, BEGAN);
  const record = append(emptyChain(site.writer), start, { region: "langsa", key: site.key, now: BEGAN });
  const { seen, broken } = read([{ id: record.id, bytes: record.bytes }]);
  expect(seen).toEqual([]);
  expect(broken).toMatchObject([{ code: "other-region", reason: { en: "evidence of another region: langsa" } }]);
});

test("what two stores hold alike is there once; what one of them finds broken counts nowhere", () => {
  const chain = new MadeChain(site);
  chain.add(probe);
  const here = read(stored(chain.records));
  expect(mergeEvidence([here, here]).seen).toEqual(here.seen);
  const bad = { id: chain.records[1]?.id ?? "", code: "overwritten", reason: { id: "", en: "" } };
  expect(mergeEvidence([here, { ...here, broken: [bad] }]).seen.map(({ kind }) => kind)).toEqual(["chain-start"]);
});

test("what another store says already is verified as well, and not kept a second time; what differs is", () => {
  const chain = new MadeChain(site);
  chain.add(probe);
  const here = read(stored(chain.records));
  const there = new EvidenceReader({ region: "lab", keys: ringOf(site), now: NOW, before: [here] });
  chain.add(attestation);
  for (const record of stored(chain.records)) there.take(record);
  const found = there.finish();
  expect(found).toMatchObject({ verified: 3, seen: [{ kind: "attestation" }] });
  expect(mergeEvidence([here, found]).seen).toEqual(read(stored(chain.records)).seen);
});

test("of looks at one thing the newest is kept, and beside it one of the future, which says nothing yet", () => {
  const chain = new MadeChain(site);
  const at = (observedAt: string, health: string) =>
    chain.add({ ...probe, observedAt, observed: { site: "dc", items: { gateway: { health } } } });
  at("2026-03-01T05:00:00Z", "first");
  at("2026-03-01T07:00:00+00:00", "second");
  // Later in the chain and earlier by the clock: with an offset.
  at("2026-03-01T13:30:00+07:00", "third");
  at("2026-03-05T00:00:00Z", "future");
  chain.add(attestation);
  chain.add(attestation);
  const { seen, records, verified } = read(stored(chain.records));
  expect(seen.filter(({ kind }) => kind === "probe").map(({ observed }) => observed)).toEqual([
    { health: "second" },
    { health: "future" },
  ]);
  expect(seen.filter(({ kind }) => kind === "attestation")).toHaveLength(2);
  expect({ records, verified }).toEqual({ records: 7, verified: 7 });
});

test("a copy that failed does not take the place of one that is there, and a later drill does", () => {
  const chain = new MadeChain(site);
  const tell = (kind: "backup" | "drill", copy: string, result: string, observedAt: string) =>
    chain.add({
      ...observation("job"),
      ...{ kind, observedAt, subject: [observedSubject(`dc/files:ppid/${copy}`, {})] },
      observed: { site: "dc", run: { action: kind === "drill" ? "drill" : "full" }, result },
    });
  tell("backup", "1", "succeeded", "2026-03-01T01:00:00Z");
  tell("backup", "2", "succeeded", "2026-03-01T02:00:00Z");
  tell("backup", "3", "failed", "2026-03-01T03:00:00Z");
  tell("drill", "1", "succeeded", "2026-03-01T04:00:00Z");
  tell("drill", "2", "failed", "2026-03-01T05:00:00Z");
  const { seen } = read(stored(chain.records));
  expect(seen.slice(1).map(({ kind, about }) => `${kind} ${about}`)).toEqual([
    "backup dc/files:ppid/2",
    "backup dc/files:ppid/3",
    "drill dc/files:ppid/2",
  ]);
});
