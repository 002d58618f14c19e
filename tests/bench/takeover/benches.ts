/** What a takeover costs, in the order in which it is measured: the large database comes last. */
import type { Bench } from "../bench.ts";
import { failbackBench } from "./failback.ts";
import { failoverBench } from "./failover.ts";
import { guardsBench } from "./guards.ts";
import { switchoverBench } from "./switchover.ts";

export const takeoverBenches: readonly Bench[] = [failoverBench, switchoverBench, guardsBench, failbackBench];
