import { describe, expect, test } from "vitest";
import { assess } from "../../compliance/index.ts";
import { NO_EVIDENCE } from "../../compliance/read-evidence.ts";
import { STATUSES } from "../../compliance/render/words.ts";
import { madeAssessment } from "../../compliance/testing/assessment.ts";
import { catalogue } from "../../compliance/testing/catalogue.ts";
import { deriveModel } from "../../model/index.ts";
import { inventoryOf } from "../../model/testing/regions.ts";
import { chooseLanguage } from "../output/language.ts";
import { exitOf } from "../verbs/check.ts";
import { checkText } from "./render.ts";

const made = madeAssessment();

describe("exit code", () => {
  const mandatory = made.duties.find(({ severity }) => severity === "mandatory");
  const practice = made.duties.find(({ severity }) => severity !== "mandatory" && severity !== null);
  const exit = (status: (typeof made.duties)[number]["status"], reachable = true, duty = mandatory) =>
    exitOf({ duties: duty ? [{ ...duty, status }] : [], evidence: { ...made.evidence, reachable } });

  test("0 where each mandatory duty is met, attested, waived or does not apply", () => {
    for (const status of ["satisfied", "attested", "waived", "not-applicable"] as const) expect(exit(status)).toBe(0);
  });
  test("1 where one is not, or unknown though evidence was read", () => {
    for (const status of ["not-satisfied", "expired", "unknown"] as const) expect(exit(status)).toBe(1);
  });
  test("3 where all that is wrong is that evidence could not be read", () => {
    expect(exit("unknown", false)).toBe(3);
    expect(exit("not-satisfied", false)).toBe(1);
  });
  test("a duty that is not mandatory decides nothing", () => {
    expect(exit("not-satisfied", true, practice)).toBe(0);
  });
});

test.each(["id", "en"] as const)(
  "the table names every duty that binds, every figure and every problem: %s",
  (language) => {
    chooseLanguage(language);
    const told = checkText(made);
    for (const { id, binds } of made.duties) expect({ id, told: told.includes(`${id} `) }).toEqual({ id, told: binds });
    for (const words of Object.values(STATUSES)) expect(told).toContain(words[language]);
    for (const { path, message } of made.problems) expect(told).toContain(`${path}: ${message[language]}`);
    chooseLanguage("id");
  },
);

test("a region of which nothing can be reached is told with the reason", () => {
  const inventory = inventoryOf("langsa");
  const unreachable = { id: "penanda tangan tidak menjawab", en: "the signer does not answer" };
  const assessment = assess({
    ...{ catalogue: catalogue(), inventory, model: deriveModel(inventory), unreachable },
    ...{ evidence: NO_EVIDENCE, now: new Date("2026-07-01T02:00:00Z"), commit: null },
  });
  expect(checkText(assessment)).toContain("penanda tangan tidak menjawab");
  expect(exitOf(assessment)).not.toBe(0);
});
