/** Waits until a region's workloads are what they should be, saying what is still awaited. */
import { setTimeout as pause } from "node:timers/promises";
import { LumbungError } from "../io/errors.ts";
import { say } from "./output/language.ts";
import type { Step } from "./output/progress.ts";
import { demanded, isSettled, SETTLED } from "./status/assemble.ts";
import type { Status } from "./status/types.ts";

/** Asking costs the machine something, so there is at least as long a pause after it as it took. */
const LEAST_PAUSE_MS = 1_500;

/**
 * Asks for the status until nothing was awaited for `steadySeconds`, or `limitSeconds` have passed: whoever asked judges the last status.
 */
export async function awaitUntil(
  ask: () => Promise<Status>,
  awaitedOf: (status: Status) => readonly string[],
  step: Step,
  limitSeconds: number,
  signal: AbortSignal,
  steadySeconds = 0,
): Promise<Status> {
  const deadline = performance.now() + limitSeconds * 1000;
  let wellSince: number | undefined;
  for (;;) {
    const asked = performance.now();
    const status = await ask();
    const missing = awaitedOf(status);
    wellSince = missing.length > 0 ? undefined : (wellSince ?? asked);
    const steady = wellSince !== undefined && performance.now() - wellSince >= steadySeconds * 1000;
    if (steady || performance.now() > deadline || signal.aborted) return status;
    step.note(missing.join(", "));
    await pause(Math.max(LEAST_PAUSE_MS, performance.now() - asked));
  }
}

/**
 * Asks for the status until all is as well as a deployment can make it.
 * @throws LumbungError (1) with what is still not well after `limitSeconds`.
 */
export async function awaitWell(
  ask: () => Promise<Status>,
  step: Step,
  limitSeconds: number,
  signal: AbortSignal,
): Promise<Status> {
  const waiting = (status: Status) => (isSettled(status) ? [] : awaited(status).map(({ where }) => where));
  const status = await awaitUntil(ask, waiting, step, limitSeconds, signal);
  if (!isSettled(status)) throw notWell(awaited(status), limitSeconds);
  return status;
}

/** What is still not as it should be; something wherever not all is well. */
function awaited(status: Status): { where: string; why: string }[] {
  const found = status.sites.flatMap((site) => [
    ...demanded(site)
      .filter((workload) => workload.health !== "ok")
      .map((workload) => ({ where: `${site.id}/${workload.name}`, why: say(workload.detail) })),
    ...(SETTLED.includes(site.state) ? [] : [{ where: site.id, why: `state ${site.state}` }]),
  ]);
  const witness = status.witness?.workloads.filter(({ health }) => health !== "ok") ?? [];
  found.push(...witness.map(({ name, detail }) => ({ where: `${status.witness?.id}/${name}`, why: say(detail) })));
  if (found.length > 0) return found;
  const active = status.sites.filter(({ state }) => state === "active").map(({ id }) => id);
  return [{ where: status.region, why: `expected one active site, received ${active.join(", ") || "none"}` }];
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
