import { expect, test } from "vitest";
import { besideFigure, parallelFigure, proofFigure, restoreFigure } from "./figures.ts";
import { benchMebibytes, mixedFiles, pgbenchScale } from "./size.ts";
import { plainResticWords, plainRestoreWords, secondsIn, timedWords, transactionsPerSecond } from "./words.ts";

test("1 GiB unless less is asked for, and never something that is no size", () => {
  expect([benchMebibytes({}), benchMebibytes({ LUMBUNG_BENCH_MIB: "64" })]).toEqual([1024, 64]);
  expect(pgbenchScale(1024)).toBe(68);
  for (const said of ["", "many", "8", "64.5"])
    expect(() => benchMebibytes({ LUMBUNG_BENCH_MIB: said })).toThrow("a whole number from 16");
});

test("a few thousand files of mixed sizes make up exactly what was asked for", () => {
  const files = mixedFiles(1024);
  expect(files.size).toBeGreaterThan(3000);
  expect([...files.values()].reduce((sum, size) => sum + size, 0)).toBe(2 ** 30);
  expect(new Set(files.values()).size).toBeGreaterThanOrEqual(5);
});

const copy = { id: "20260301-040000F", target: "postgresql:utama", type: "full", at: "", bytes: 1, needs: [] } as const;
const proof = {
  proof: "tables",
  engine: "postgresql",
  at: "",
  position: "0/7000028",
  timeline: 2,
  tables: [],
} as const;

test("the floor's words are the drill's own", () => {
  const words = plainRestoreWords(copy, proof, 4);
  expect(words).toEqual(
    expect.arrayContaining([`--set=${copy.id}`, "--pg1-path=/scratch/data", "--process-max=4", "--target=0/7000028"]),
  );
  expect(words.at(-1)).toBe("restore");
  expect(plainRestoreWords(copy, proof).some((word) => word.startsWith("--process-max"))).toBe(false);
  expect(plainResticWords("abc", "/staging").slice(4)).toEqual([
    ...["restic", "--no-lock", "restore", "abc:/staging", "--target", "/scratch", "--json"],
  ]);
  expect(timedWords(["true"], "lowest").slice(-7)).toEqual(["nice", "-n", "19", "ionice", "-c", "3", "true"]);
  expect(timedWords(["true"], "normal").slice(-2)).toEqual(["bash", "true"]);
});

test("times and rates are read, and what is none is an error", () => {
  expect(secondsIn("1000.250000 1002.750000\n")).toBe(2.5);
  expect(() => secondsIn("")).toThrow("when it began and ended");
  expect(transactionsPerSecond("latency average = 2 ms\ntps = 1234.5 (without initial connection time)\n")).toBe(
    1234.5,
  );
  expect(() => transactionsPerSecond("tps = 0.000\n")).toThrow("tps");
});

test("a restore counts as its rate: a drill that takes longer than a ninth more is under its bound", () => {
  const samples = { plain: [10, 11, 10], bytes: 100, detail: {} };
  expect(restoreFigure("files", "restic restore", { ...samples, drill: [11, 11, 30] })).toMatchObject({
    ...{ name: "backup.restore.files", floor: 10, ok: true },
    ratio: expect.closeTo(10 / 11, 9),
  });
  expect(restoreFigure("files", "restic restore", { ...samples, drill: [12, 12, 1] })).toMatchObject({ ok: false });
});

test("a parallel restore is stated as it is", () => {
  const bytes = { restoredBytes: 100, copiedBytes: 100 };
  expect(parallelFigure([20], [10], bytes)).toMatchObject({ ratio: 0.5, bound: null, ok: true });
});

test("a proof's floor is both parts of the same round", () => {
  const samples = { scan: [2, 4, 6], amcheck: [8, 6, 6] };
  expect(proofFigure({ prove: [12, 12, 11], ...samples }, {})).toMatchObject({ floor: 10, ratio: 1.2, ok: true });
  expect(proofFigure({ prove: [13, 13, 11], ...samples }, {})).toMatchObject({ ok: false });
});

test("of pgbench beside a drill nine tenths must stay, and no round at all is no success", () => {
  expect(besideFigure({ beside: [90, 95, 50], alone: [100] }, {})).toMatchObject({ ratio: 0.9, ok: true });
  expect(besideFigure({ beside: [80], alone: [100] }, {})).toMatchObject({ ok: false });
  expect(besideFigure({ beside: [], alone: [100] }, {})).toMatchObject({ ok: false });
});
