import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { envelopeBytes, keyIdOf, seal } from "../../evidence/dsse.ts";
import { planDigest } from "../engine/plan.ts";
import { type Holder, holder, rosterOf, type Signing, signedBy } from "../engine/testing/signed.ts";
import { examplePlan } from "../engine/testing/world.ts";
import { type ApprovalStatement, approvalOf, readApproval } from "./approval.ts";
import { type Judging, judgeApprovals } from "./judge.ts";
import { REASONS } from "./reasons.ts";
import { readRoster } from "./roster.ts";
import { requestText, verdictText } from "./words.ts";

const now = new Date("2026-03-01T03:00:00.000Z");
const planned = examplePlan();
const override = examplePlan({ runbook: "failover", needs: "override" });
const [head, secretary, infra, stranger] = [
  "kepala-diskominfo",
  "penyetuju-peralihan",
  "kepala-infrastruktur",
  "orang-luar",
].map((role) => holder(role)) as [Holder, Holder, Holder, Holder];
const clerk = holder("admin-hukum", ["approve"]);
const headAgain = holder("kepala-diskominfo");
const roster = rosterOf(head, secretary, infra, clerk, headAgain);

const judging = (plan = planned, more: Partial<Judging> = {}): Judging => ({
  ...{ plan, epoch: plan.epoch, roster, now, used: new Set<string>() },
  ...more,
});
const sign = (who: Holder, plan = planned, more: Partial<Signing> = {}) => signedBy(who, plan, { now, ...more });
const reasonsOf = (file: Uint8Array, more: Partial<Judging> = {}, plan = planned) =>
  judgeApprovals([file], judging(plan, more)).refused.flatMap(({ reasons }) => reasons);

describe("how many", () => {
  test("one key for planned work", () => {
    const { accepted, enough, needed } = judgeApprovals([sign(head)], judging());
    expect({ enough, needed }).toEqual({ enough: true, needed: 1 });
    expect(accepted).toMatchObject([
      { role: "kepala-diskominfo", keyid: keyIdOf(head.key), plan: planDigest(planned), decision: "planned" },
    ]);
    expect(judgeApprovals([], judging()).enough).toBe(false);
  });
  test("two keys of two roles for an override", () => {
    const both = [sign(head, override), sign(secretary, override)];
    expect(judgeApprovals(both, judging(override))).toMatchObject({ enough: true, needed: 2, refused: [] });
    expect(judgeApprovals(both.slice(1), judging(override)).enough).toBe(false);
  });
  test("no key twice, also with another number", () => {
    const verdict = judgeApprovals([sign(head, override), sign(head, override)], judging(override));
    expect(verdict).toMatchObject({ enough: false, refused: [{ index: 1, reasons: ["key-twice"] }] });
  });
  test("no role twice, also with another key", () => {
    const verdict = judgeApprovals([sign(head, override), sign(headAgain, override)], judging(override));
    expect(verdict).toMatchObject({ enough: false, refused: [{ index: 1, reasons: ["role-twice"] }] });
  });
  test("one that does not count takes nobody's place", () => {
    const late = sign(head, override, { now: new Date(now.getTime() - 7_200_000) });
    expect(judgeApprovals([late, sign(head, override), sign(secretary, override)], judging(override)).enough).toBe(
      true,
    );
  });
});

describe("what does not count, each with its reason", () => {
  const says = (change: Partial<ApprovalStatement>) => sign(head, planned, { says: change });
  test.each<[string, Uint8Array, Partial<Judging>]>([
    ["unreadable", Buffer.from("{}"), {}],
    ["unreadable", Buffer.concat([sign(head), Buffer.from("\n")]), {}],
    ["unknown-key", sign(stranger), {}],
    ["other-plan", says({ plan: "0".repeat(64) }), {}],
    ["other-runbook", says({ runbook: "failover" }), {}],
    ["other-region", says({ region: "lamandau" }), {}],
    ["other-epoch", says({ epoch: 6 }), {}],
    ["other-epoch", sign(head), { epoch: 8 }],
    ["other-decision", says({ decision: "override" }), {}],
    ["expired", sign(head), { now: new Date(now.getTime() + 3_600_000) }],
    ["not-yet", sign(head), { now: new Date(now.getTime() - 120_001) }],
    ["too-long", says({ expiresAt: "2026-03-02T03:00:00.001Z" }), {}],
  ])("%s", (reason, file, more) => {
    expect(reasonsOf(file, more)).toEqual([reason]);
  });
  test("the last second, and a clock a little ahead, do count", () => {
    expect(reasonsOf(sign(head), { now: new Date(now.getTime() + 3_599_999) })).toEqual([]);
    expect(reasonsOf(sign(head), { now: new Date(now.getTime() - 120_000) })).toEqual([]);
    expect(reasonsOf(says({ expiresAt: "2026-03-02T03:00:00.000Z" }))).toEqual([]);
  });
  test("replayed: its number began a run before, or is handed in twice", () => {
    const file = sign(head, planned, { random: Buffer.alloc(16, 7) });
    expect(reasonsOf(file, { used: new Set(["07".repeat(16)]) })).toEqual(["replayed"]);
    expect(judgeApprovals([file, file], judging()).refused).toMatchObject([
      { index: 1, reasons: ["replayed", "key-twice"] },
    ]);
  });
  test("forged: any byte of the payload or of the signature, and another's name on it", () => {
    const { payload, signatures, ...rest } = JSON.parse(sign(head).toString());
    const other = {
      ...rest,
      payload: Buffer.from(Buffer.from(payload, "base64").toString().replace('"epoch":7', '"epoch":8')).toString(
        "base64",
      ),
      signatures,
    };
    expect(reasonsOf(envelopeBytes(other))).toEqual(["forged"]);
    const renamed = { ...rest, payload, signatures: [{ ...signatures[0], keyid: keyIdOf(secretary.key) }] };
    expect(reasonsOf(envelopeBytes(renamed))).toEqual(["forged"]);
  });
  test("a genuine signature over something else", () => {
    expect(reasonsOf(envelopeBytes(seal(Buffer.from('{"a":1}'), head.key)))).toEqual(["not-an-approval"]);
    expect(reasonsOf(envelopeBytes(seal(Buffer.from("no JSON"), head.key)))).toEqual(["not-an-approval"]);
    expect(reasonsOf(says({ nonce: "1" }))).toEqual(["not-an-approval"]);
  });
  test("a genuine signature over an approval that is written otherwise, or is of another type", () => {
    const bytes = Buffer.from(JSON.parse(sign(head).toString()).payload, "base64").toString();
    const others = [
      bytes.replace("/approval/v1", "/run/v1"),
      bytes.replace('"epoch":7', '"epoch": 7'),
      bytes.replace('"epoch":7', '"epoch":7,"extra":1'),
    ];
    for (const other of others) {
      expect(other).not.toBe(bytes);
      expect(reasonsOf(envelopeBytes(seal(Buffer.from(other), head.key)))).toEqual(["not-an-approval"]);
    }
    expect(reasonsOf(envelopeBytes(seal(Buffer.from(bytes), head.key)))).toEqual([]);
  });
  test("a role that may approve planned work alone", () => {
    expect(reasonsOf(sign(clerk))).toEqual([]);
    expect(reasonsOf(sign(clerk, override), {}, override)).toEqual(["may-not"]);
  });
  test("all reasons at once, of all approvals, in words of both languages", () => {
    const all = says({ region: "langsa", epoch: 1, expiresAt: "2026-02-01T00:00:00.000Z" });
    const verdict = judgeApprovals([all, sign(stranger)], judging());
    expect(verdict.refused.map(({ reasons }) => reasons)).toEqual([
      ["other-region", "other-epoch", "expired"],
      ["unknown-key"],
    ]);
    const { id, en } = verdictText(verdict);
    for (const code of verdict.refused.flatMap(({ reasons }) => reasons)) {
      expect(id).toContain(REASONS[code].id);
      expect(en).toContain(REASONS[code].en);
    }
    expect(en).toContain("approvals that count: 0, needed: 1");
  });
});

describe("what is signed", () => {
  test("reads back, and says what it is for", () => {
    const approval = approvalOf(planned, { now, random: Buffer.alloc(16, 255) });
    const { payload } = JSON.parse(sign(head, planned, { random: Buffer.alloc(16, 255) }).toString());
    expect(readApproval(Buffer.from(payload, "base64"))).toEqual(approval);
    expect(requestText(planned, approval).en).toContain(planDigest(planned));
    expect(requestText(planned, approval).id.match(/tidak ada jalan kembali/g)).toHaveLength(1);
  });
  test("never longer than a day, and never without its random number", () => {
    const random = Buffer.alloc(16);
    for (const goodForSeconds of [0, -1, Number.NaN, 86_401])
      expect(() => approvalOf(planned, { now, random, goodForSeconds })).toThrow(/goodForSeconds: expected/);
    expect(() => approvalOf(planned, { now, random: Buffer.alloc(8) })).toThrow(/expected 16 bytes/);
  });
});

test("a roster's faults, all at once; such entries are not on it", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = (key: typeof publicKey) => key.export({ type: "spki", format: "pem" }).toString();
  const { entry } = head;
  const { roster: read, faults } = readRoster([
    entry,
    { ...secretary.entry, publicKey: entry.publicKey },
    { ...infra.entry, publicKey: pem(publicKey) },
    { ...infra.entry, publicKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() },
    { ...infra.entry, publicKey: stranger.key.export({ type: "pkcs8", format: "pem" }).toString() },
    { ...clerk.entry, role: "", may: [] },
  ]);
  expect(faults.map(({ path }) => path)).toEqual([
    ...["roster[1].publicKey", "roster[2].publicKey", "roster[3].publicKey", "roster[4].publicKey"],
    ...["roster[5].role", "roster[5].may"],
  ]);
  expect([...read.values()].map(({ role }) => role)).toEqual([entry.role]);
  // Past what every such key begins with.
  const secret = stranger.key.export({ type: "pkcs8", format: "pem" }).toString().split("\n")[1]?.slice(24, 36) ?? "";
  expect(secret).toHaveLength(12);
  expect(JSON.stringify(faults)).not.toContain(secret);
  expect(faults[3]?.received).toBe('"PRIVATE KEY"');
});
