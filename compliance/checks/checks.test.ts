import { expect, test } from "vitest";
import { catalogue } from "../testing/catalogue.ts";
import { CHECKS, checkProblems, rollUps } from "./index.ts";

test("every declared check is written, unless its part is not built, and every written one is declared", () => {
  expect(checkProblems(catalogue())).toEqual([]);
});

test("a check that is not written and one that no duty names are told, each with its place", () => {
  const written = [...Object.keys(CHECKS), ...Object.keys(rollUps)];
  const without = written.filter((id) => id !== "site.drc/recovery-site-declared");
  expect(
    checkProblems(catalogue(), [...without, "site.drc/nobody-asks"]).map(({ code, path }) => [code, path]),
  ).toEqual([
    ["check-missing", "duties/site.drc.yaml: shown[0].by"],
    ["check-without-duty", "compliance/checks: site.drc/nobody-asks"],
  ]);
});
