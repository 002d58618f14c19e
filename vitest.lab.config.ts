import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The order of the file names is the order of the lab's story. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}

/** They take longer than the gate has: `npm run test:full` runs them (scripts/full/batches.ts), and whole what the gate tries in part. */
export const FOR_THE_FULL_TEST = [
  "47-rotation",
  "61-changes",
  "65-upgrade",
  "78-failover-busy",
  "78-runbook-kills",
  "79-mutants",
  "80-export",
  "images-backup",
  "images-backup-whole",
  "images-objects",
] as const;

/** Tests on the running lab: Docker, real engines, one file at a time because they share it. */
export default defineConfig({
  test: {
    include: ["tests/lab/**/*.test.ts"],
    exclude: FOR_THE_FULL_TEST.map((name) => `tests/lab/${name}.test.ts`),
    fileParallelism: false,
    sequence: { sequencer: ByName },
    testTimeout: 300_000,
    hookTimeout: 900_000,
    teardownTimeout: 120_000,
  },
});
