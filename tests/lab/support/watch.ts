/** The lab as an operator sees it, asked again and again: is all well, who is active, did anybody become primary who must not. */
import { setTimeout as pause } from "node:timers/promises";
import { engineOf } from "../../../cli/engine.ts";
import { allWell, assembleStatus } from "../../../cli/status/assemble.ts";
import { observe } from "../../../cli/status/observe.ts";
import type { Status } from "../../../cli/status/types.ts";
import { run } from "../../../io/shell.ts";
import type { Model } from "../../../model/types.ts";
import { REGION } from "./region.ts";

export async function statusNow(model: Model): Promise<Status> {
  return assembleStatus(model, await observe(model, { engine: engineOf, now: () => new Date(), toolchain: null }));
}

/** Waits until all is well by itself. Returns after how many seconds. @throws with what is not. */
export async function wellWithin(model: Model, seconds: number): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const status = await statusNow(model);
    const after = (performance.now() - begun) / 1000;
    if (allWell(status)) return after;
    if (after > seconds) throw new Error(`not well after ${seconds} s:\n${unwell(status).join("\n")}`);
    await pause(1_000);
  }
}

function unwell({ sites }: Status): string[] {
  return sites.flatMap(({ id, state, workloads }) => [
    `${id}: ${state}`,
    ...workloads.filter(({ health }) => health !== "ok").map(({ name, detail }) => `${id}/${name}: ${detail.en}`),
  ]);
}

/** How often PostgreSQL at a site was promoted since a moment, by its own log. */
export async function promotions(site: string, workload: string, since: Date): Promise<number> {
  const { stdout, stderr } = await run([
    "docker",
    "logs",
    "--since",
    since.toISOString(),
    `${REGION}-${site}-${workload}`,
  ]);
  return `${stdout}${stderr}`.split("\n").filter((line) => line.includes("LOG:  received promote request")).length;
}
