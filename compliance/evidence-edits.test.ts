import { expect, test } from "vitest";
import { applyEvidenceEdits } from "./evidence-edits.ts";
import type { EvidenceEdit } from "./schema/breaking.ts";
import type { Seen } from "./seen.ts";

const now = new Date("2026-07-01T02:00:00Z");
const seen = (kind: Seen["kind"], about: string, observed: Seen["observed"] = {}): Seen => ({
  ...{ id: about, digest: "", kind, about, site: null, observed, inventory: null },
  observedAt: "2026-07-01T01:00:00.000Z",
});
const all = [
  seen("probe", "dc/gateway", { health: "ok" }),
  seen("probe", "drc/gateway", { health: "ok" }),
  seen("backup", "dc/postgresql:utama/1"),
  seen("backup", "dc/postgresql:utama-lama/1"),
  seen("attestation", "master-plan/induk", { date: "2026-06-01", expires: "2027-01-01" }),
];
const after = (...edits: EvidenceEdit[]) => applyEvidenceEdits(all, edits, now);
const abouts = (...edits: EvidenceEdit[]) => after(...edits).map(({ about }) => about);

test("a name means what begins with it and a slash; a star is any one part", () => {
  expect(abouts({ op: "remove", record: "backup", about: "dc/postgresql:utama" })).not.toContain(
    "dc/postgresql:utama/1",
  );
  expect(abouts({ op: "remove", record: "backup", about: "dc/postgresql:utama" })).toContain(
    "dc/postgresql:utama-lama/1",
  );
  expect(abouts({ op: "remove", record: "probe", about: "*/gateway" })).toHaveLength(3);
});

test("what is handed in stays as it was", () => {
  const before = structuredClone(all);
  after({ op: "replace", record: "probe", about: "dc/gateway", path: ["health"], value: "failing" });
  after({ op: "expire", record: "attestation", about: "master-plan" });
  expect(all).toEqual(before);
});

test("a document that ages was issued earlier; one that expires ended yesterday", () => {
  const [aged] = after({ op: "age", record: "attestation", about: "master-plan", seconds: 86_400 }).slice(-1);
  expect(aged).toMatchObject({ observedAt: "2026-06-30T01:00:00.000Z", observed: { date: "2026-05-31" } });
  const [expired] = after({ op: "expire", record: "attestation", about: "master-plan" }).slice(-1);
  expect(expired?.observed).toMatchObject({ expires: "2026-06-30" });
});

test("an edit that finds nothing proves nothing", () => {
  expect(() => after({ op: "remove", record: "drill", about: "dc" })).toThrow(/expected a record, received none/);
  expect(() => after({ op: "replace", record: "probe", about: "dc/gateway", path: ["well"], value: 1 })).toThrow(
    RangeError,
  );
});
