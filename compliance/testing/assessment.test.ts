import { expect, test } from "vitest";
import { canonicalJson } from "../../evidence/canonical.ts";
import { answerStates, followUps, statuses } from "../assessment.ts";
import { madeAssessment } from "./assessment.ts";

test("the made assessment has every status, every state and every follow-up word, and canonical JSON can write it", () => {
  const made = madeAssessment();
  expect(new Set(made.duties.map(({ status }) => status))).toEqual(new Set(statuses));
  const states = made.duties.flatMap(({ answers }) => Object.values(answers).map(({ state }) => state));
  expect(new Set(states)).toEqual(new Set(answerStates));
  expect(new Set(made.findings.map(({ followUp }) => followUp))).toEqual(new Set(Object.keys(followUps)));
  expect(JSON.parse(canonicalJson(made))).toEqual(made);
});

test("totals add up to the duties that bind", () => {
  const { duties, totals } = madeAssessment();
  const { population, ...counts } = totals.all;
  expect(population + totals.notBinding).toBe(duties.length);
  expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(population);
  for (const part of [totals.bySeverity, totals.byArea]) {
    expect(Object.values(part).reduce((sum, tally) => sum + tally.population, 0)).toBe(population);
  }
});
