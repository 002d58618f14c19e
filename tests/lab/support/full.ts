/** What the gate has no time for is tried by `npm run test:full` (scripts/full/batches.ts). */
import { test } from "vitest";

export const FULL = process.env.LUMBUNG_FULL === "1";

/** A test that is skipped in the gate. */
export const testInFull = test.runIf(FULL);
