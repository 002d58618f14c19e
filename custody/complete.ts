import { finishCommit, readIfThere } from "../io/files.ts";
import { withLock } from "../io/locks.ts";
import { type Environment, regionLock, regionMarker } from "./paths.ts";

/** Completes a change of a region's secrets that was cut short after its moment of truth, for programs that read the files themselves. */
export async function completeChange(region: string, env: Environment): Promise<void> {
  const marker = regionMarker(region, env);
  if ((await readIfThere(marker)) === undefined) return;
  await withLock(regionLock(region, env), () => finishCommit(marker));
}
