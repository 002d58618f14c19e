/** What runs, against what is declared: versions that engines tell, and what a preview found. */
import { expect, test } from "vitest";
import type { Json } from "../../evidence/canonical.ts";
import type { AnswerState } from "../assessment.ts";
import { fieldsOf, type Seen } from "../seen.ts";
import { asRead, assessLab, dutyOf, labEvidence } from "../testing/lab.ts";

const way = (edit: (seen: Seen) => Seen | undefined, check = "engines-as-declared") => {
  const evidence = asRead(labEvidence().flatMap((seen) => edit(seen) ?? []));
  const ways = dutyOf(assessLab({ evidence }), "gov.minimum-standard").ways;
  const found = ways.find(({ by }) => by === `gov.minimum-standard/${check}`);
  if (!found) throw new Error("no such way");
  return found;
};

const told =
  (about: string, version: string | undefined) =>
  (seen: Seen): Seen => {
    if (seen.about !== about) return seen;
    const { version: _, ...rest } = fieldsOf(seen.observed);
    return { ...seen, observed: { ...rest, ...(version === undefined ? {} : { version }) } as Json };
  };

const both = (workload: string, version: string) => (seen: Seen) =>
  told(`dc/${workload}`, version)(told(`drc/${workload}`, version)(seen));
const SERVER = ["dc/postgres-utama", "drc/postgres-utama"];

test.each<readonly [string, AnswerState, readonly string[], (seen: Seen) => Seen | undefined]>([
  ["as declared, the same at both sites", "met", [], (seen) => seen],
  ["of another major version", "not-met", SERVER, both("postgres-utama", "16.9")],
  ["whose number only begins alike", "not-met", SERVER, both("postgres-utama", "170.1")],
  [
    "that differs from the other site's",
    "not-met",
    ["dc/mariadb-php", "drc/mariadb-php"],
    told("dc/mariadb-php", "11.8.9"),
  ],
  ["that is not told", "unknown", [], told("dc/mariadb-php", undefined)],
  ["that was not looked at", "unknown", [], (seen) => (seen.about === "dc/mariadb-php" ? undefined : seen)],
])("an engine %s", (_, state, which, edit) => {
  const found = way(edit);
  expect(found.state).toBe(state);
  expect(found.population.which).toEqual(which);
});

test("a difference is told with both versions, and one that was seen too long ago is none", () => {
  const other = told("drc/mariadb-php", "11.8.9");
  expect(way(other).reasons.map(({ en }) => en)).toContain("dc/mariadb-php: version 11.8.3, but drc 11.8.9");
  const old = way((seen) => {
    const one = other(seen);
    return one.about === "drc/mariadb-php" ? { ...one, observedAt: "2026-06-29T00:00:00Z" } : one;
  });
  expect([old.state, old.population.unknown]).toEqual(["unknown", ["drc/mariadb-php"]]);
});

test.each<readonly [string, AnswerState, Json, string]>([
  ["in nothing", "met", { changed: 0, same: 40 }, "2026-06-25T02:00:00Z"],
  ["in nothing, eight days ago", "unknown", { changed: 0, same: 40 }, "2026-06-23T02:00:00Z"],
  ["in three resources", "not-met", { changed: 3, same: 37 }, "2026-07-01T01:00:00Z"],
  ["in all that it should have", "not-met", { changed: 40, same: 0 }, "2026-07-01T01:00:00Z"],
  ["in nothing, as its stack is empty", "unknown", { changed: 0, same: 0 }, "2026-07-01T01:00:00Z"],
])("a site that differs %s", (_, state, observed, observedAt) => {
  const edit = (seen: Seen) => (seen.about === "drc/drift" ? { ...seen, observed, observedAt } : seen);
  expect(way(edit, "running-as-specified").state).toBe(state);
});
