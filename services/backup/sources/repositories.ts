/** Repositories of source code: every branch and tag as it is there, fetched by git over mutual TLS. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { askText } from "../ask.ts";
import { paths, type Reached } from "../config.ts";
import { must } from "../process.ts";
import { WorkFault } from "../work.ts";
import type { Bringing, Of } from "./types.ts";

export async function bringRepositories({ source, folder, files, work }: Bringing<Of<"repositories">>): Promise<void> {
  const { from, ids } = source;
  const { signal } = work;
  const index = await askText({ at: from, tls: files.tls, method: "GET", path: "/-/copy/index", signal });
  const heads = headsIn(index);
  for (const id of ids) {
    const head = heads.get(id);
    if (head === undefined)
      throw new WorkFault({
        id: `repositori ${id} tidak ada di ${from.host}: jalankan \`lumbung up\``,
        en: `repository ${id} is not at ${from.host}: run \`lumbung up\``,
      });
    const repository = join(folder, `${id}.git`);
    await mkdir(folder, { recursive: true });
    await must(["git", "init", "--quiet", "--bare", repository], { signal });
    await must(fetchWords(from, id, repository), { signal, env: { GIT_TERMINAL_PROMPT: "0" } });
    await must(["git", "-C", repository, "symbolic-ref", "HEAD", head], { signal });
    await must(["git", "-C", repository, "gc", "--auto", "--quiet"], { signal });
  }
  for (const name of await readdir(folder))
    if (!ids.includes(name.replace(/\.git$/, ""))) await rm(join(folder, name), { recursive: true });
}

/** What HEAD is, by repository: lines of `<id> <digest of refs> <head>` after the first. */
export function headsIn(index: string): ReadonlyMap<string, string> {
  const lines = index.trim().split("\n").slice(1);
  return new Map(lines.map((line) => line.split(" ")).map(([id = "", , head = "refs/heads/main"]) => [id, head]));
}

export function fetchWords({ host, address, port }: Reached, id: string, repository: string): readonly string[] {
  const tls = `${paths.config}/tls`;
  const settings = {
    "http.proxy": "",
    "http.sslCAInfo": `${tls}/ca.crt`,
    "http.sslCert": `${tls}/server.crt`,
    "http.sslKey": `${tls}/server.key`,
    // Connected to by address, verified by name.
    "http.curloptResolve": `${host}:${port}:${address}`,
  };
  return [
    "git",
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ...["-C", repository, "fetch", "--quiet", "--no-auto-maintenance", "--no-write-fetch-head", "--no-tags", "--prune"],
    ...[`https://${host}:${port}/-/copy/${id}`, "+refs/*:refs/*"],
  ];
}
