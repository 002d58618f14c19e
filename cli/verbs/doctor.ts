import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { REPOSITORY } from "../../io/repository.ts";
import type { Options } from "../options.ts";

/** The bootstrap's own report: it needs no package, so it lives there. */
export async function doctor(options: Options): Promise<number> {
  const words = [join(REPOSITORY, "scripts", "bootstrap", "main.mjs"), "doctor", ...(options.json ? ["--json"] : [])];
  const child = spawn(process.execPath, words, { stdio: "inherit" });
  const [code] = await once(child, "exit");
  return typeof code === "number" ? code : 70;
}
