/** Under what the benches run. */
import { cpus, loadavg, release, totalmem } from "node:os";
import { REPOSITORY } from "../../io/repository.ts";
import { run } from "../../io/shell.ts";

/** For example `2 × Some Processor, 24 GiB, Linux 6.18, Node.js 20.20.0`. Names no host. */
export function describeMachine(): string {
  const all = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const model = (all[0]?.model ?? "unknown processor").trim().replaceAll(/\s+/g, " ");
  return `${all.length} × ${model}, ${memory}, Linux ${release()}, Node.js ${process.versions.node}`;
}

/** The checkout's commit; `-dirty` where anything but the results differs from it. */
export async function describeCommit(results: string): Promise<string> {
  const git = async (...words: string[]) => (await run(["git", ...words], { cwd: REPOSITORY })).stdout.trim();
  const changes = await git("status", "--porcelain", "--", ".", `:(exclude)${results}`);
  return `${await git("rev-parse", "HEAD")}${changes === "" ? "" : "-dirty"}`;
}

/** Processes that wanted to run, averaged over the last minute. */
export function loadNow(): number {
  return loadavg()[0] ?? Number.NaN;
}
