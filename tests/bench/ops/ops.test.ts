import { expect, test } from "vitest";
import { opsFigures } from "./figures.ts";
import { madeBackup, madeDrill, TABLES } from "./made.ts";

const MIB = 2 ** 20;
const steady = (from: number, each: number): number[] =>
  Array.from({ length: 200 }, (_, run) => (from + run * each) * MIB);

test("what stays small and flat is within both bounds", () => {
  expect(opsFigures(steady(100, 0), {})).toMatchObject([
    { name: "ops.memory", value: 100 * MIB, floor: 300 * MIB, ok: true },
    { name: "ops.growth", ratio: 1, ok: true },
  ]);
});

test("a leak of a tenth of a MiB a run shows, whatever it began with", () => {
  expect(opsFigures(steady(100, 0.1), {})).toMatchObject([{ ok: true }, { name: "ops.growth", ok: false }]);
  expect(opsFigures(steady(290, 0.1), {})).toMatchObject([{ ok: false }, { ok: true }]);
});

test("one moment of much memory counts in neither, and is told", () => {
  const [memory, growth] = opsFigures([...steady(100, 0).slice(1), 500 * MIB], {});
  expect(memory).toMatchObject({ ok: true, detail: { most: 500 * MIB, runs: 200 } });
  expect(growth).toMatchObject({ ok: true });
});

test("too few runs are an error", () => {
  expect(() => opsFigures([MIB], {})).toThrow("at least 60 samples");
});

test("made reports are of the size they say, and a drill's are of its copy", () => {
  const { copy, proof } = madeBackup({ target: "postgresql:server-1" }, new Date("2026-03-01T04:00:00Z"));
  expect(copy.id).toBe("20260301040000000F");
  expect(proof).toMatchObject({ tables: { length: TABLES } });
  const order = { id: "x", target: copy.target, action: "drill", engine: "pgbackrest", standby: false } as const;
  expect(madeDrill({ ...order, copy })).toMatchObject({ copy, compared: { length: TABLES }, passed: true });
  expect(() => madeDrill(order)).toThrow("with a copy");
});
