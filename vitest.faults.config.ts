import { defineConfig } from "vitest/config";

/** Faults on stands of their own, which take long: Docker, real engines, one file at a time. `LUMBUNG_KILLS`, `LUMBUNG_CUTS`, `LUMBUNG_PAIRS` and `LUMBUNG_SEED` say how many and which. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    include: ["tests/faults/**/*.test.ts"],
    exclude: ["tests/faults/ledger/**", "tests/faults/region/**", "tests/faults/*/plan.test.ts"],
    env: {
      LUMBUNG_KILLS: process.env.LUMBUNG_KILLS ?? "20",
      LUMBUNG_CUTS: process.env.LUMBUNG_CUTS ?? "50",
      LUMBUNG_PAIRS: process.env.LUMBUNG_PAIRS ?? "40",
    },
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 900_000,
    teardownTimeout: 120_000,
  },
});
