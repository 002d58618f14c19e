/** Has one preview done by a process of its own. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY } from "../../../io/repository.ts";
import { runProgram } from "../../lab/support/lumbung.ts";
import type { PreviewAnswer, PreviewJob } from "./job.ts";

const CHILD = join(REPOSITORY, "tests", "bench", "preview", "child.ts");

/** @throws where the preview failed: the time of a failure would mean nothing. */
export async function askPreview(job: PreviewJob, env: Readonly<Record<string, string>>): Promise<PreviewAnswer> {
  const path = join(job.home, "job.json");
  await writeFile(path, JSON.stringify(job));
  const { code, stdout, stderr } = await runProgram(process.execPath, ["--import", "tsx", CHILD, path], env);
  if (code !== 0) throw new Error(`preview of ${JSON.stringify(job.program)}: exit code ${code}\n${stderr}\n${stdout}`);
  return JSON.parse(stdout) as PreviewAnswer;
}
