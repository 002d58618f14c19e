/** Waits until a region's workloads are what they should be, saying what is still awaited. */
import { setTimeout as pause } from "node:timers/promises";
import { LumbungError } from "../io/errors.ts";
import { say } from "./output/language.ts";
import type { Step } from "./output/progress.ts";
import { allWell } from "./status/assemble.ts";
import type { Status } from "./status/types.ts";

/** Asking costs the machine something, so there is at least as long a pause after it as it took. */
const LEAST_PAUSE_MS = 1_500;

/**
 * Asks for the status until all is well.
 * @throws LumbungError (1) with what is still not well after `limitSeconds`.
 */
export async function awaitWell(
  ask: () => Promise<Status>,
  step: Step,
  limitSeconds: number,
  signal: AbortSignal,
): Promise<Status> {
  const deadline = performance.now() + limitSeconds * 1000;
  for (;;) {
    const asked = performance.now();
    const status = await ask();
    if (allWell(status)) return status;
    const missing = awaited(status);
    step.note(missing.map(({ where }) => where).join(", "));
    if (performance.now() > deadline || signal.aborted) throw notWell(missing, limitSeconds);
    await pause(Math.max(LEAST_PAUSE_MS, performance.now() - asked));
  }
}

function awaited(status: Status): { where: string; why: string }[] {
  return status.sites.flatMap((site) => [
    ...site.workloads
      .filter((workload) => workload.health !== "ok")
      .map((workload) => ({ where: `${site.id}/${workload.name}`, why: say(workload.detail) })),
    ...(site.state === "active" || site.state === "standby" ? [] : [{ where: site.id, why: `state ${site.state}` }]),
  ]);
}

function notWell(missing: readonly { where: string; why: string }[], seconds: number): LumbungError {
  const list = missing.map(({ where, why }) => `  ${where}: ${why}`).join("\n");
  return new LumbungError(
    1,
    {
      id: `belum semua sehat setelah ${seconds} detik:\n${list}`,
      en: `not all is well after ${seconds} seconds:\n${list}`,
    },
    {
      id: "lihat `lumbung status`, dan log: `docker logs <wadah>`",
      en: "see `lumbung status`, and the log: `docker logs <container>`",
    },
  );
}
