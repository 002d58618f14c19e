import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** They take from half a minute to minutes: begun last, all else would be over and wait for them. */
const LONGEST = [
  "components/epoch/lease.test.ts",
  "runbooks/runbooks.test.ts",
  "custody/rollover.test.ts",
  "cli/report/bundle.test.ts",
] as const;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

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
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
