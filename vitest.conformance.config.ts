import { defineConfig } from "vitest/config";

/** The docker plugin against a real Docker engine, ours or (LUMBUNG_DOCKER_PLUGIN=official) the vendor's. One file at a time: they share the engine. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    include: ["tests/conformance/**/*.test.ts"],
    env: { LUMBUNG_CONFORMANCE: "1" },
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
