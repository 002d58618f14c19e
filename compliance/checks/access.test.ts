/** Leave on record, and grants that evidence tells of: databases and servers each by itself. */
import { describe, expect, test } from "vitest";
import type { Json } from "../../evidence/canonical.ts";
import type { AnswerState } from "../assessment.ts";
import type { Seen } from "../seen.ts";
import { asRead, assessLab, dutyOf, lab, labEvidence } from "../testing/lab.ts";

const DUTY = "data.access";

const way = (by: string, rest: Parameters<typeof assessLab>[0]) => {
  const found = dutyOf(assessLab(rest), DUTY).ways.find((one) => one.by === `${DUTY}/${by}`);
  if (!found) throw new Error(`no way ${by}`);
  return found;
};

describe("grants", () => {
  const running = (edit: (seen: Seen) => Seen | undefined) =>
    way("grants-as-recorded", { evidence: asRead(labEvidence().flatMap((seen) => edit(seen) ?? [])) });
  const isOf = (seen: Seen, server: string): boolean => seen.kind === "probe" && seen.about === `dc/grants:${server}`;
  const withItem = (item: Record<string, Json>) =>
    running((seen) =>
      isOf(seen, "utama") ? { ...seen, observed: { ...(seen.observed as object), ...item } as Json } : seen,
    );

  test("as recorded are met, of every server and database at every site", () => {
    const { state, population } = running((seen) => seen);
    const servers = lab().model.databaseServers.filter(({ engine }) => engine !== "external");
    const things = servers.reduce((sum, { databases }) => sum + 1 + databases.length, 0);
    expect(things).toBeGreaterThan(20);
    expect([state, population.spokenOf, population.lookedAt]).toEqual(["met", 2 * things, 2 * things]);
  });

  test.each<readonly [string, string, string]>([
    ["in a declared database", "pajak", "dc/utama/pajak"],
    ["on the whole server", "*", "dc/utama"],
    ["in a database that nobody declared", "liar", "dc/utama"],
  ])("%s without leave fail where they are, with role, database and privilege", (_, database, thing) => {
    const { state, population, reasons } = withItem({ more: [["intip", database, "SELECT on table x"]] });
    expect([state, population.which]).toEqual(["not-met", [thing]]);
    expect(reasons[0]?.en).toBe(`${thing}: no leave is on record: intip ${database} SELECT on table x`);
  });

  test("that evidence does not tell in full leave nothing else known", () => {
    const { population } = withItem({ more: [["intip", "pajak", "CONNECT"]], untold: 3 });
    expect(population.which).toEqual(["dc/utama", "dc/utama/pajak"]);
    expect(population.unknown).toContain("dc/utama/pengaduan");
  });

  test.each<readonly [string, AnswerState, () => ReturnType<typeof running>]>([
    ["not looked at", "unknown", () => running((seen) => (isOf(seen, "php") ? undefined : seen))],
    [
      "looked at two days ago",
      "unknown",
      () => running((seen) => (isOf(seen, "php") ? { ...seen, observedAt: "2026-06-29T01:00:00Z" } : seen)),
    ],
    ["told in a shape that nobody knows", "unknown", () => withItem({ more: "none" })],
    ["of no database", "unknown", () => withItem({ databases: [] })],
  ])("%s are %s", (_, state, look) => {
    expect(look().state).toBe(state);
  });
});

describe("leave", () => {
  const designed = (change: (access: NonNullable<Access> | undefined, id: string) => Access) => {
    const { inventory, model } = lab();
    const databases = inventory.databases.map(({ access, ...rest }) => {
      const after = change(access, rest.id);
      return { ...rest, ...(after === undefined ? {} : { access: after }) };
    });
    return way("grants-recorded", { model, inventory: { ...inventory, databases } });
  };
  type Access = ReturnType<typeof lab>["inventory"]["databases"][number]["access"];

  test("that is complete is met; the lab has one, and none of others", () => {
    const { state, population } = designed((access) => access);
    expect(lab().inventory.databases.flatMap(({ access }) => access ?? [])).toHaveLength(1);
    expect([state, population.spokenOf]).toEqual(["met", lab().inventory.databases.length]);
  });

  test.each(["responsible", "unit", "purpose", "data", "confidentiality", "advice", "approval"] as const)(
    "without %s fails",
    (item) => {
      const { state, population, reasons } = designed((access) =>
        access?.map(({ [item]: _, ...leave }) => leave as never),
      );
      expect([state, population.which]).toEqual(["not-met", ["bantuan-sosial"]]);
      expect(reasons[0]?.en).toMatch(/^bantuan-sosial: leave of bappeda_perencana without /);
    },
  );

  test("that nobody wrote down, not even that there is none, is unknown", () => {
    const { state, population } = designed((access, id) => (id === "pajak" ? undefined : access));
    expect([state, population.unknown]).toEqual(["unknown", ["pajak"]]);
  });
});
