/** Every bench there is, in the order in which they run: later work adds its own here. */

import { assessMemoryBench } from "./assess/memory.ts";
import { assessBench } from "./assess/time.ts";
import { verifyBench } from "./assess/verify.ts";
import { besideBench } from "./backup/beside.ts";
import { databaseBench, filesBench } from "./backup/restore.ts";
import type { Bench } from "./bench.ts";
import { modelBench } from "./inventory.ts";
import { memoryBench } from "./memory.ts";
import { opsBench } from "./ops/benches.ts";
import { previewBenches } from "./preview/benches.ts";
import { replicationBench } from "./replication/benches.ts";
import { startBench } from "./start.ts";
import { takeoverBenches } from "./takeover/benches.ts";

export const BENCHES: readonly Bench[] = [
  modelBench,
  assessBench,
  assessMemoryBench,
  verifyBench,
  ...previewBenches,
  memoryBench,
  replicationBench,
  startBench,
  databaseBench,
  filesBench,
  besideBench,
  opsBench,
  ...takeoverBenches,
];
