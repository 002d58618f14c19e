/** Every runbook there is, by its name. */
import { failback } from "./failback/plan.ts";
import { failover } from "./failover/plan.ts";
import { recoveryLost } from "./recovery-lost/plan.ts";
import type { Runbook, RunbookName } from "./runbook.ts";
import { switchover } from "./switchover/plan.ts";

const ALL: Readonly<Record<RunbookName, Runbook>> = {
  switchover,
  failover,
  failback,
  "recovery-lost": recoveryLost,
};

/** Undefined where there is none of this name. */
export function runbookNamed(name: string): Runbook | undefined {
  return Object.hasOwn(ALL, name) ? ALL[name as RunbookName] : undefined;
}
