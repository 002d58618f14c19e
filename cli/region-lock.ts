import { join } from "node:path";
import { ensurePrivateFolder } from "../io/files.ts";
import { lumbungHome } from "../io/home.ts";
import { withLock } from "../io/locks.ts";

/**
 * Runs `work` while no other command changes this region.
 * @throws LumbungError (3) where another one does.
 */
export async function aloneInRegion<T>(region: string, work: () => Promise<T>): Promise<T> {
  const folder = join(lumbungHome(), region);
  await ensurePrivateFolder(folder);
  return withLock(join(folder, "up.lock"), work);
}
