/** What `ops` reads for publishing heads, besides what it reads anyway: the key that may change their one name. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TsigKey } from "../../../custody/types.ts";
import { type OpsFiles, readOpsFiles } from "../files.ts";

export interface HeadsFiles extends OpsFiles {
  /** Absent where no heads are published. */
  readonly tsig?: TsigKey;
}

/** @throws as `readOpsFiles`, and the system's error where the key cannot be read. */
export async function readWithTsig(folder: string): Promise<HeadsFiles> {
  const files = await readOpsFiles(folder);
  if (files.config.heads === undefined) return files;
  return { ...files, tsig: JSON.parse(await readFile(join(folder, "tsig.json"), "utf8")) as TsigKey };
}
