/** What `lumbung up` left here, as it was left. */
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { paths } from "../config.ts";
import { WorkFault } from "../work.ts";
import type { Bringing, Of } from "./types.ts";

/** Where `deposit <target>` of the image puts it. */
export const depositFolder = (target: string): string => join(paths.cache, "deposits", target);

export async function bringDeposit({ source, folder }: Bringing<Of<"deposit">>): Promise<void> {
  const from = depositFolder(source.target);
  const names = await readdir(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (names.length === 0)
    throw new WorkFault({
      id: `${source.target} belum diserahkan ke situs ini: jalankan \`lumbung up\``,
      en: `${source.target} was not handed to this site yet: run \`lumbung up\``,
    });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(from, folder, { recursive: true, preserveTimestamps: true });
}
