/** Which commit of the programme this checkout is. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The commit's name, in hex; undefined where this is no checkout of git's, or git is not there: then nobody can say, and nothing is made up. */
export async function commitOf(folder: string): Promise<string | undefined> {
  try {
    const { stdout } = await run("git", ["rev-parse", "HEAD"], { cwd: folder });
    const commit = stdout.trim();
    return /^[0-9a-f]{40,64}$/.test(commit) ? commit : undefined;
  } catch {
    return undefined;
  }
}
