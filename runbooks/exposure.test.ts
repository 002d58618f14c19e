import { expect, test } from "vitest";
import type { SiteState } from "../services/ops/status.ts";
import { exposureText, type SiteNow } from "./exposure.ts";

const sites = (dc: SiteState, drc: SiteState): SiteNow[] => [
  { id: "dc", designation: "primary", state: dc },
  { id: "drc", designation: "recovery", state: drc },
];

test.each([
  ["active", "closed", /runs at dc alone, without a standby.*`lumbung recovery-lost`$/],
  ["active", "rebuilding", /runs at dc alone, without a standby/],
  ["closed", "active", /runs at drc alone, .*`lumbung failback --to dc`$/],
  ["active", "unknown", /runs at dc; UNKNOWN whether drc stands by.*`lumbung recovery-lost`$/],
  ["unknown", "standby", /^unknown where writes are accepted$/],
  ["closed", "standby", /^writes are accepted nowhere$/],
  ["active", "active", /^DANGER/],
] as const)("dc %s, drc %s", (dc, drc, expected) => {
  expect(exposureText(sites(dc, drc))?.en).toMatch(expected);
  expect(exposureText(sites(dc, drc))?.id).not.toBe("");
});

test("one active, the other standing by: nothing, unless sync is relaxed", () => {
  expect(exposureText(sites("active", "standby"))).toBeUndefined();
  expect(exposureText(sites("standby", "active"), ["postgresql:utama"])?.en).toMatch(
    /^sync is relaxed at drc \(postgresql:utama\)/,
  );
  expect(exposureText(sites("active", "closed"), ["postgresql:utama"])?.en).toMatch(
    /backups alone\. .*; sync is relaxed at dc/,
  );
  expect(exposureText([{ id: "dc", designation: "primary", state: "unknown" }])).toBeUndefined();
});

test("whoever does not know what a site is declared to be names no command", () => {
  const unnamed = sites("active", "closed").map(({ id, state }) => ({ id, state }));
  expect(exposureText(unnamed)?.en).toMatch(/backups alone$/);
});
