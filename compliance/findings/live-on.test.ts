import { describe, expect, test } from "vitest";
import { text } from "../../model/text.ts";
import type { Assessment, Finding } from "../assessment.ts";
import type { Seen } from "../seen.ts";
import { asRead, assessLab, labEvidence } from "../testing/lab.ts";
import type { FindingUpdate } from "./live-on.ts";

const ID = "bak.restorable/newest-drill-passed";
const DAY_MS = 86_400_000;
const start = Date.parse("2026-07-01T02:00:00Z");

/** Evidence made for this day, with a drill that failed or went well, or without any. */
function evidenceOn(day: number, drill: "failed" | "well" | "none"): Seen[] {
  const moved = labEvidence().map((one) => ({
    ...one,
    observedAt: new Date(Date.parse(one.observedAt) + day * DAY_MS).toISOString(),
  }));
  const isIt = ({ kind, about }: Seen): boolean => kind === "drill" && about.startsWith("dc/postgresql:utama/");
  if (drill === "none") return moved.filter((one) => !isIt(one));
  if (drill === "well") return moved;
  return moved.map((one) =>
    isIt(one) ? { ...one, observed: { result: "succeeded", report: { passed: false } } } : one,
  );
}

function on(day: number, drill: "failed" | "well" | "none", previous?: Assessment, updates: FindingUpdate[] = []) {
  return assessLab({
    now: new Date(start + day * DAY_MS),
    evidence: asRead(evidenceOn(day, drill)),
    updates,
    ...(previous ? { previous } : {}),
  });
}

const found = ({ findings }: Assessment): Finding | undefined => findings.find(({ id }) => id === ID);
const words = (assessment: Assessment): string[] => found(assessment)?.history.map(({ word }) => word) ?? [];

describe("a finding", () => {
  const first = on(0, "failed");

  test("opens with everything that an auditor asks for, and is due in 60 days", () => {
    expect(found(first)).toMatchObject({
      duty: "bak.restorable",
      kind: "not-met",
      openedAt: "2026-07-01T02:00:00.000Z",
      due: "2026-08-30",
      overdue: false,
      closedAt: null,
      followUp: "belum-ditindaklanjuti",
      population: { failing: 1, which: ["dc/postgresql:utama"] },
    });
    for (const part of ["condition", "criteria", "cause", "effect", "recommendation"] as const)
      expect({ part, said: found(first)?.[part].id !== "" && found(first)?.[part].en !== "" }).toEqual({
        part,
        said: true,
      });
  });

  test("keeps its identity, its age and its history while it stands, and becomes overdue after its last day", () => {
    expect(found(on(60, "failed", first))).toMatchObject({ openedAt: found(first)?.openedAt, overdue: false });
    const late = on(61, "failed", first);
    expect(found(late)).toMatchObject({ openedAt: found(first)?.openedAt, overdue: true, reopened: 0 });
    expect(words(late)).toEqual(["belum-ditindaklanjuti"]);
  });

  test("does not close because nobody looks any more", () => {
    expect(found(on(5, "none", first))).toMatchObject({ closedAt: null, followUp: "belum-ditindaklanjuti" });
  });

  test("closes when evidence shows it, reopens when it returns, and tells all of it", () => {
    const shut = on(5, "well", first);
    expect(found(shut)).toMatchObject({ closedAt: "2026-07-06T02:00:00.000Z", followUp: "sesuai" });
    expect(found(shut)?.history.at(-1)?.evidence).not.toBeNull();
    const still = on(6, "well", shut);
    expect(found(still)?.closedAt).toBe("2026-07-06T02:00:00.000Z");
    const again = on(7, "failed", still);
    expect(found(again)).toMatchObject({
      closedAt: null,
      reopened: 1,
      openedAt: "2026-07-08T02:00:00.000Z",
      due: "2026-09-06",
    });
    expect(words(again)).toEqual(["belum-ditindaklanjuti", "sesuai", "belum-ditindaklanjuti"]);
    expect(again.changes).toMatchObject({ reopened: [ID], opened: [] });
    expect(shut.changes?.closed).toContain(ID);
  });

  test("takes the words of people, once; nobody says Sesuai of what is still seen", () => {
    const update = (word: FindingUpdate["word"], at: string): FindingUpdate => ({
      finding: ID,
      at,
      word,
      by: "kepala-infrastruktur",
      note: "cakram diganti",
    });
    const one = [update("belum-sesuai", "2026-07-02T00:00:00Z")];
    const told = on(2, "failed", first, one);
    expect(words(told)).toEqual(["belum-ditindaklanjuti", "belum-sesuai"]);
    expect(words(on(3, "failed", told, one))).toEqual(["belum-ditindaklanjuti", "belum-sesuai"]);
    expect(words(on(3, "failed", told, [update("sesuai", "2026-07-03T00:00:00Z")])).at(-1)).toBe("belum-sesuai");
    expect(
      found(on(3, "failed", told, [update("tidak-dapat-ditindaklanjuti", "2026-07-03T00:00:00Z")]))?.followUp,
    ).toBe("tidak-dapat-ditindaklanjuti");
  });

  test("that is not there, or a word that auditors do not use, is told", () => {
    const update = {
      finding: "nothing/here",
      at: "2026-07-02T00:00:00Z",
      by: "x",
      note: "",
      word: "selesai" as "sesuai",
    };
    expect(on(0, "well", undefined, [update]).problems.map(({ code, path }) => `${path} ${code}`)).toEqual([
      "updates[0].finding unknown-finding",
      "updates[0].word unknown-word",
    ]);
  });
});

describe("a signed word about a finding", () => {
  const signed = (day: number, observed: Record<string, string>, about = ID): Seen => ({
    ...{ id: `dc-x/${day}`, digest: "d".repeat(64), kind: "follow-up", about, site: "dc", inventory: null, observed },
    observedAt: new Date(start + day * DAY_MS).toISOString(),
  });
  const onWith = (day: number, seen: readonly Seen[], previous?: Assessment) =>
    assessLab({
      now: new Date(start + day * DAY_MS),
      evidence: asRead([...evidenceOn(day, "failed"), ...seen]),
      ...(previous ? { previous } : {}),
    });
  const said = { word: "belum-sesuai", by: "kepala-infrastruktur", note: "cakram dipesan" };

  test("is part of its history, with the record that says it, once", () => {
    const first = on(0, "failed");
    const told = onWith(2, [signed(1, said)], first);
    expect(found(told)).toMatchObject({ followUp: "belum-sesuai" });
    expect(found(told)?.history.at(-1)).toEqual({
      ...{ at: "2026-07-02T02:00:00.000Z", word: "belum-sesuai", by: "kepala-infrastruktur" },
      note: text("cakram dipesan", "cakram dipesan"),
      evidence: { id: "dc-x/1", digest: "d".repeat(64) },
    });
    expect(words(onWith(3, [signed(1, said)], told))).toEqual(["belum-ditindaklanjuti", "belum-sesuai"]);
  });

  test("counts where no assessment of before was kept: the finding was there by then", () => {
    expect(found(onWith(9, [signed(1, said)]))).toMatchObject({
      ...{ openedAt: "2026-07-02T02:00:00.000Z", due: "2026-08-31", followUp: "belum-sesuai" },
    });
  });

  test("that lacks something says nothing, and is a problem by the record's name", () => {
    const { problems, findings } = onWith(2, [signed(1, { word: "beres", by: "" })]);
    expect(problems.map(({ path, code }) => `${path} ${code}`)).toEqual([
      "dc-x/1.word unknown-word",
      "dc-x/1.by updated-by-nobody",
    ]);
    expect(findings.find(({ id }) => id === ID)?.history).toHaveLength(1);
  });
});

test("a finding about evidence stays open while evidence cannot be read", () => {
  const broken = [{ id: "x/1", code: "signature", reason: text("diubah", "altered") }];
  const first = assessLab({ evidence: asRead(labEvidence(), { broken }) });
  const finding = (assessment: Assessment) => assessment.findings.find(({ id }) => id === "evidence/signature");
  const away = assessLab({ previous: first, evidence: asRead([]), unreachable: text("mati", "off") });
  expect(finding(away)?.closedAt).toBeNull();
  expect(finding(assessLab({ previous: first }))?.closedAt).not.toBeNull();
});
