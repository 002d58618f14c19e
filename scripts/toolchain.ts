/** The tools that the bootstrap chose for this checkout, and the environment in which Pulumi runs with them. */
import { outOfReach } from "../io/errors.ts";
import { cacheFolder } from "./bootstrap/cache.mjs";
import { ROOT } from "./bootstrap/context.mjs";
import { pulumiVariables, readRecord, recordPath } from "./bootstrap/record.mjs";

/** Which tools, from where, by which route: `status` and `doctor` show it as it is. */
export type Toolchain = import("./bootstrap/record.mjs").Toolchain;

/**
 * The record of this checkout's tools; `null` where no bootstrap has finished for this commit's pins and plugin.
 * Costs a few milliseconds: the tools themselves are verified by the bootstrap, not here.
 */
export async function readToolchain(env: NodeJS.ProcessEnv = process.env): Promise<Toolchain | null> {
  return (await readRecord(await recordPath(ROOT, cacheFolder(env)))) ?? null;
}

/**
 * The variables to set, over those of the process, for anything that runs Pulumi: `PATH` with the tools first, `PULUMI_HOME`, and so on.
 * @throws LumbungError (3) where no bootstrap has finished.
 */
export async function pulumiEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<Record<string, string>> {
  const toolchain = await readToolchain(env);
  if (toolchain) return pulumiVariables(toolchain, env);
  throw outOfReach(
    { id: "alat belum disiapkan untuk versi ini", en: "the tools are not prepared for this version" },
    { id: "jalankan: npm run ensure (atau npm start)", en: "run: npm run ensure (or npm start)" },
  );
}
