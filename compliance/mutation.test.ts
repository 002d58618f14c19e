import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { labFiles } from "../model/testing/lab.ts";
import { runMutants } from "./mutation.ts";
import type { Duty } from "./schema/duty.ts";
import { all, NOW } from "./testing/lab.ts";
import { healthyEvidence } from "./testing/lab-evidence.ts";

const values = Object.fromEntries(labFiles.map(({ name, text }) => [name, parse(text)]));

/** Mutants of some duties only, which may be altered. */
function run(ids: readonly string[], alter: (duty: Duty) => Duty = (duty) => duty) {
  const catalogue = { ...all, duties: all.duties.map((duty) => (ids.includes(duty.id) ? alter(duty) : duty)) };
  // The others are assessed with them, but not broken.
  const others = catalogue.duties.map((duty) =>
    ids.includes(duty.id) ? duty : { ...duty, breaking: { kind: "site" as const, edit: [], follows: [] } },
  );
  const evidenceOf = (region: Parameters<Parameters<typeof runMutants>[0]["evidenceOf"]>[0]) =>
    healthyEvidence({ ...region, catalogue, now: NOW });
  const { mutants, redUnbroken } = runMutants({
    catalogue: { ...catalogue, duties: others },
    values,
    evidenceOf,
    now: NOW,
  });
  return { redUnbroken, fates: mutants.filter(({ duty }) => ids.includes(duty)) };
}

describe("a mutant", () => {
  test("of the inventory, of evidence and one that is refused are killed, and nothing is red where nothing was broken", () => {
    const { fates, redUnbroken } = run(["site.other-region", "bak.restorable", "net.ip"]);
    expect(redUnbroken).toEqual([]);
    expect(fates).toMatchObject([
      { duty: "site.other-region", fate: "killed", falseReds: [] },
      { duty: "net.ip", fate: "refused" },
      { duty: "bak.restorable", fate: "killed", falseReds: [] },
    ]);
  });

  test("that turns red what it does not list is a false red, by name", () => {
    const { fates } = run(["bak.restorable"], (duty) => ({ ...duty, breaking: { ...duty.breaking, follows: [] } }));
    expect(fates).toMatchObject([{ fate: "killed", falseReds: ["sec.cia"] }]);
  });

  test("that breaks another duty than its own survives; one that does not fit is told", () => {
    const edit = [{ op: "remove" as const, record: "attestation" as const, about: "master-plan" }];
    const strange = run(["site.drc"], (duty) => ({ ...duty, breaking: { kind: "evidence", edit, follows: [] } }));
    expect(strange.fates).toMatchObject([{ fate: "survived", falseReds: ["gov.master-plan"] }]);
    const misfit = run(["site.drc"], (duty) => ({
      ...duty,
      breaking: { kind: "evidence", edit: [{ op: "remove", record: "run", about: "nothing" }], follows: [] },
    }));
    expect(misfit.fates).toMatchObject([{ fate: "misfit" }]);
  });

  test("of a part that is not built, or of a running site, is not run, with the reason", () => {
    const { fates } = run(["mail.official", "net.routing"]);
    expect(fates.map(({ fate, reason }) => [fate, reason?.en])).toEqual([
      ["not-run", "needs a site that runs"],
      ["not-run", "official mail is not built yet"],
    ]);
  });
});

test("every duty with a designed or running check has a mutant that is killed, without a false red", () => {
  const { fates, redUnbroken } = run(all.duties.map(({ id }) => id));
  expect(redUnbroken).toEqual([]);
  const ran = fates.filter(({ fate }) => fate !== "not-run");
  expect(
    ran.filter(({ fate, falseReds }) => (fate !== "killed" && fate !== "refused") || falseReds.length > 0),
  ).toEqual([]);
  expect(ran.length).toBeGreaterThan(70);
}, 120_000);
