/**
 * A restore is a drill whose result is kept: databases as dumps that any server takes in, files as they were. Where it is put is for the
 * person who ordered it to say; here it lies in the room's own folder until it is fetched or the next restore takes its place.
 */
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { must } from "../process.ts";
import type { Work } from "../work.ts";
import { restoredFolder } from "./restored-folder.ts";

export async function emptyRestored(target: string): Promise<string> {
  const folder = restoredFolder(target);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Each database as `<name>.dump` (pg_dump's own format), and the roles without passwords. */
export async function dumpPostgres(work: Work, socket: string, folder: string): Promise<void> {
  const at = ["-h", socket, "-U", "postgres"];
  const list = "select datname from pg_database where not datistemplate and datname <> 'postgres' order by 1";
  const { stdout } = await must(["psql", "-XAtq", ...at, "-d", "postgres", "-c", list], { signal: work.signal });
  for (const name of stdout.split("\n").filter((line) => line !== "")) {
    work.phase({ id: `menyalin basis data ${name}`, en: `copying database ${name}` });
    const words = [
      "pg_dump",
      ...at,
      "--format=custom",
      "--compress=1",
      "--no-sync",
      `--file=${join(folder, `${name}.dump`)}`,
    ];
    await must([...words, "--dbname", name], { signal: work.signal });
  }
  const roles = await must(["pg_dumpall", ...at, "--globals-only", "--no-role-passwords"], { signal: work.signal });
  await writeFile(join(folder, "roles.sql"), roles.stdout, { mode: 0o600 });
}

const ITS_OWN = ["information_schema", "mysql", "performance_schema", "sys", "lumbung"];

/** Each database as `<name>.sql`. */
export async function dumpMariadb(work: Work, socket: string, folder: string): Promise<void> {
  const at = [`--socket=${socket}`, "--skip-ssl"];
  const { stdout } = await must(["mariadb", ...at, "--batch", "--skip-column-names", "-e", "show databases"], {
    signal: work.signal,
  });
  for (const name of stdout.split("\n").filter((line) => line !== "" && !ITS_OWN.includes(line))) {
    work.phase({ id: `menyalin basis data ${name}`, en: `copying database ${name}` });
    const words = ["mariadb-dump", ...at, "--single-transaction", "--routines", "--triggers", "--hex-blob"];
    await must([...words, `--result-file=${join(folder, `${name}.sql`)}`, name], { signal: work.signal });
  }
}

/** What was restored of files, as it was: without the list that lies beside it. */
export async function keepFiles(data: string, folder: string): Promise<void> {
  await cp(data, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}
