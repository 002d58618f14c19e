/** Where the source of the copies lies in the container of backup-whole-stand.ts, and how its engine and its application are run there. */
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { paths } from "../../../services/backup/config.ts";
import { startEngine } from "../../../services/backup/drill/engine.ts";
import { Room } from "../../../services/backup/drill/room.ts";
import { must } from "../../../services/backup/process.ts";
import type { RunOrder } from "../../../services/backup/wire.ts";
import type { Work } from "../../../services/backup/work.ts";

export const SOURCE = `${paths.cache}/source`;

const NONE: RunOrder = { id: "none", target: "", action: "full", engine: "restic", standby: false };

export const workOf = (order: RunOrder = NONE): Work => ({
  order,
  signal: new AbortController().signal,
  now: () => new Date(),
  seconds: () => performance.now() / 1000,
  awaited: () => false,
  phase: () => {},
});

/** An engine of the test's own, for as long as `use` takes. */
export async function withEngine<Value>(
  work: Work,
  words: readonly string[],
  ready: RegExp,
  use: () => Promise<Value>,
): Promise<Value> {
  const engine = await startEngine(new Room(SOURCE), {
    ...{ words, ready, telling: [/ERROR|FATAL/], what: "source", signal: work.signal },
    advise: () => ({ id: "lihat catatannya", en: "see its log" }),
    stopWith: { cleanly: words[0] === "mariadbd" ? "SIGTERM" : "SIGINT", atOnce: "SIGKILL" },
  });
  try {
    return await use();
  } finally {
    await engine.stop();
  }
}

/** What is done while the image's link leads to one application. */
export async function asApplication(image: string, use: () => Promise<void>): Promise<void> {
  await rm(paths.application, { force: true });
  await symlink(join(paths.applications, image), paths.application);
  await use();
  await rm(paths.application);
}

/** As an application's container installs it. `settings`: how it reaches its database here. */
export async function install(work: Work, image: string, application: string, settings: object): Promise<void> {
  const config = `${SOURCE}/config`;
  await rm(config, { recursive: true, force: true });
  await mkdir(`${config}/current/secrets`, { recursive: true });
  const production = JSON.parse(await readFile(`${paths.config}/applications/${application}/app.json`, "utf8")) as {
    database: object;
  };
  const told = { ...production, database: { ...production.database, ...settings } };
  await writeFile(`${config}/current/app.json`, JSON.stringify(told));
  for (const name of ["application", "admin-password", "database-password"])
    await writeFile(`${config}/current/secrets/${name}`, "contoh-sandi-panjang");
  const env = { LUMBUNG_CONFIG: config, PHP_INI_SCAN_DIR: `${paths.application}/php/cli/conf.d` };
  await asApplication(image, async () => {
    await must(["php8.4", "/usr/local/share/lumbung/prepare.php", "install"], { env, signal: work.signal });
  });
}
