/** The follow-up of a finding on the command line's side: all errors at once, and nothing lost where no site answers. */
import { afterEach, describe, expect, test } from "vitest";
import { madeAssessment } from "../../compliance/testing/assessment.ts";
import { lab } from "../../compliance/testing/lab.ts";
import { outOfReach } from "../../io/errors.ts";
import type { SiteModel } from "../../model/types.ts";
import { parseFinding, type ToldFinding } from "../../services/ops/findings/told.ts";
import type { AskOps, OpsAnswer } from "../backup/ask-ops.ts";
import { chooseLanguage } from "../output/language.ts";
import { updateOf } from "../verbs/finding.ts";
import { findingsText, findingText } from "./render.ts";
import { commandOf, tellFinding } from "./tell.ts";
import { followUpOf } from "./words.ts";

const assessment = madeAssessment();
const [known] = assessment.findings;
if (known === undefined) throw new Error("expected a finding");
const { inventory } = lab();
const now = new Date("2026-07-01T02:00:00Z");
const said = { status: "Belum Sesuai", note: " cakram dipesan ", by: "kepala-infrastruktur" };
const updateWith = (options: object, id: string | undefined = known.id) =>
  updateOf({ ...said, ...options }, id, { assessment, inventory, now });

afterEach(() => chooseLanguage("id"));

test("the words of auditors are taken in any case", () => {
  const typed = ["Sesuai", "belum sesuai", "Belum-Ditindaklanjuti", "TIDAK DAPAT DITINDAKLANJUTI", "selesai", ""];
  expect(typed.map(followUpOf)).toEqual([
    ...["sesuai", "belum-sesuai", "belum-ditindaklanjuti", "tidak-dapat-ditindaklanjuti"],
    ...[undefined, undefined],
  ]);
});

test("what is told is what ops takes", () => {
  const { told, problems } = updateWith({});
  expect(problems).toEqual([]);
  expect(told).toMatchObject({ finding: known.id, word: "belum-sesuai", note: "cakram dipesan", by: said.by });
  expect(parseFinding(JSON.stringify(told))).toEqual(told);
});

test("every error is told at once", () => {
  const { told, problems } = updateWith({ status: "selesai", note: " ", by: "kepala-infrastruktr" }, `${known.id}x`);
  expect(told).toBeUndefined();
  expect(problems.map(({ path, hint }) => [path, hint?.en])).toEqual([
    ["<finding>", `did you mean "${known.id}"?`],
    ["--status", undefined],
    ["--note", undefined],
    ["--by", 'did you mean "kepala-infrastruktur"?'],
  ]);
  expect(updateOf({}, undefined, { assessment, inventory, now }).problems).toHaveLength(4);
});

describe("telling", () => {
  const sites = [{ id: "dc" }, { id: "drc" }] as SiteModel[];
  const told = updateWith({}).told as ToldFinding;
  const answers = (by: Readonly<Record<string, OpsAnswer | Error>>, asked: string[] = []): AskOps => {
    return async ({ id }, words, stdin) => {
      expect([words, JSON.parse(stdin ?? "")]).toEqual([["finding"], told]);
      asked.push(id);
      const answer = by[id];
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("not expected");
      return answer;
    };
  };
  const json = (value: unknown): OpsAnswer => ({ code: 0, text: JSON.stringify(value) });
  const away = (site: string) => outOfReach({ id: `${site} diam`, en: `${site} is silent` });

  test("one site that takes it is enough", async () => {
    const asked: string[] = [];
    const ask = answers({ dc: json({ id: "dc-x/7", waits: false, why: null }) }, asked);
    expect(await tellFinding(ask, sites, told, "")).toEqual({ site: "dc", id: "dc-x/7", waits: false, why: null });
    expect(asked).toEqual(["dc"]);
  });

  test("the other is asked where one is away, refuses or does not know the question", async () => {
    const drc = json({ id: null, waits: true, why: "signer away" });
    for (const dc of [
      away("dc"),
      { code: 2, text: "note: expected" },
      json({ id: null, waits: false, why: "refused" }),
    ])
      expect(await tellFinding(answers({ dc, drc }), sites, told, "")).toMatchObject({ site: "drc", waits: true });
  });

  test("where none takes it, why not is told of each, and what to type again", async () => {
    const ask = answers({ dc: away("dc"), drc: { code: 2, text: "note: expected" } });
    const error = await tellFinding(ask, sites, told, "lumbung finding update x").catch((one: unknown) => one);
    expect(error).toMatchObject({ exitCode: 3, hint: { en: expect.stringContaining("lumbung finding update x") } });
    expect(error).toMatchObject({
      text: { en: "this follow-up is NOT recorded; nothing has changed:\n  dc is silent\n  drc: note: expected" },
    });
  });

  test("a bug is not taken for an absence", async () => {
    await expect(tellFinding(answers({ dc: new TypeError("bug") }), sites, told, "")).rejects.toThrow("bug");
  });
});

test("the command that is said back can be typed", () => {
  expect(commandOf(["lumbung", "--note", "it's done", "a/b.c"])).toBe("lumbung --note 'it'\\''s done' a/b.c");
});

test.each(["id", "en"] as const)("the table and the page name each finding and its history: %s", (language) => {
  chooseLanguage(language);
  const list = findingsText(assessment.findings);
  for (const { id, condition } of assessment.findings) {
    expect(list).toContain(`${id} `);
    expect(list).toContain(condition[language]);
  }
  for (const finding of assessment.findings) {
    const page = findingText(finding);
    for (const part of ["condition", "criteria", "cause", "effect", "recommendation"] as const)
      expect(page).toContain(finding[part][language]);
    for (const { at, by, note } of finding.history)
      for (const told of [at, by, note[language]]) expect(page).toContain(told);
  }
  expect(findingsText([])).toContain(language === "id" ? "tidak ada temuan" : "no findings");
});
