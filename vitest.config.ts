import { defineConfig } from "vitest/config";

/** Unit tests: no Docker, no network, beside the code they test. */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: [
      "node_modules/**",
      "tests/lab/**",
      "tests/conformance/**",
      "tests/faults/*.test.ts",
      "tests/faults/!(ledger|region)/!(plan).test.ts",
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
