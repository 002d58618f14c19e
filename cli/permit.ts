/** Permits for workloads that have no data: what makes one initialise or copy is always an act, never a default (D3). */
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { DockerEngine } from "../io/docker-engine.ts";
import { outOfReach } from "../io/errors.ts";
import type { Step } from "./output/progress.ts";

export type Permit = "found" | "reseed";

const WITHIN_MS = 120_000;

/**
 * Writes a permit into a workload, as soon as that takes commands. The guard in there consumes it.
 * @throws LumbungError (3) where it does not take one in time.
 */
export async function givePermit(
  engine: DockerEngine,
  container: string,
  permit: Permit,
  progress: Step,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const answer = await engine.exec(container, ["tee", "/identity/permit"], { stdin: permit });
    if (answer.code === 0) return;
    progress.note(answer.stderr.trim());
    if (performance.now() > deadline || signal.aborted) {
      throw outOfReach({
        id: `${container} tidak menerima izin "${permit}": ${answer.stderr.trim()}`,
        en: `${container} does not take the permit "${permit}": ${answer.stderr.trim()}`,
      });
    }
    await pause(1_000);
  }
}

/**
 * What a workload's identity volume remembers: nothing yet; being founded or copied; that it holds a copy which was never yet whole; or that
 * it has had the region's data.
 */
export type Memory = "nothing" | "founding" | "founded" | "cloning" | "copy" | "data";

/** @throws where the container does not run. */
export async function memoryOf(engine: DockerEngine, container: string): Promise<Memory> {
  const answer = await engine.exec(container, ["cat", "/identity/identity.json"]);
  if (answer.code !== 0) return "nothing";
  return memorySchema.parse(JSON.parse(answer.stdout)).state;
}

const memorySchema = z.object({ state: z.enum(["founding", "founded", "cloning", "copy", "data"]) });
