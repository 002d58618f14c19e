/** A PHP application on a restored database: PHP-FPM and nginx, as its own image has them, without a network. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { paths } from "../config.ts";
import { type Engine, type EngineOptions, startEngine } from "../drill/engine.ts";
import { run } from "../process.ts";
import {
  FPM_FOLDER,
  fpmWords,
  iniOf,
  nginxWords,
  type PhpPlaces,
  phpPlaces,
  roomAppJson,
  roomFpmConf,
  roomNginxConf,
  stateWords,
} from "./php-words.ts";
import { confinedWords } from "./seccomp.ts";
import type { Running, Starting } from "./starting.ts";

const NGINX_TEMPORARY = ["body", "fastcgi", "proxy", "uwsgi", "scgi"];

/** @throws NotRestored where PHP-FPM or nginx does not start. */
export async function runPhp(starting: Starting): Promise<Running> {
  const { folder, told, work } = starting;
  const places = phpPlaces(folder);
  await prepare(starting, places);
  const engines: Engine[] = [];
  const begin = async (words: readonly string[], ready: RegExp, env: Readonly<Record<string, string>>) => {
    engines.push(await startEngine(starting.room, { ...optionsOf(starting, places, words), ready, env }));
  };
  await begin(fpmWords(places, paths.application), / ready to handle connections/, iniOf(paths.application, "fpm"));
  await begin(nginxWords(places), / start worker process \d/, {});
  const env = { ...iniOf(paths.application, "cli"), LUMBUNG_CONFIG: places.config };
  const said = await run(confinedWords(places.filter, stateWords(paths.application)), { env, signal: work.signal });
  return {
    at: { socket: places.socket, host: told.host },
    state: { name: "application", ok: said.code === 0, detail: lastLine(said.stdout) || lastLine(said.stderr) },
    // nginx first: nothing is then asked of PHP any more.
    stop: async () => {
      for (const engine of engines.reverse()) await engine.stop();
    },
  };
}

async function prepare({ engineSocket, files }: Starting, places: PhpPlaces): Promise<void> {
  const current = join(places.config, "current");
  for (const folder of [join(current, "secrets"), FPM_FOLDER, places.uploads])
    await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of NGINX_TEMPORARY) await mkdir(join(places.folder, "nginx", name), { recursive: true });
  const [appJson, fpmConf] = await Promise.all(
    ["app.json", "php-fpm.conf"].map((name) => readFile(join(files, name), "utf8")),
  );
  await Promise.all([
    writeFile(join(current, "app.json"), roomAppJson(appJson ?? "", engineSocket)),
    // Keys of cookies follow from it: production's are no part of a copy, and nobody logs in here.
    writeFile(join(current, "secrets", "application"), randomBytes(32).toString("hex"), { mode: 0o600 }),
    writeFile(places.fpmConf, roomFpmConf(fpmConf ?? "", places)),
    writeFile(places.nginxConf, roomNginxConf(places)),
  ]);
}

const optionsOf = (
  { work, told, copy }: Starting,
  { filter }: PhpPlaces,
  words: readonly string[],
): Omit<EngineOptions, "ready"> => ({
  words: confinedWords(filter, words),
  // PHP-FPM says at last that it failed, and before that why.
  telling: [/\b(ERROR|ALERT|emerg|alert|crit)\b(?!: FPM initialization failed)/, /\b(ERROR|error|WARNING)\b/],
  advise: () => ({
    id: `periksa citra ruang latihan dan konfigurasi ${told.application}`,
    en: `see the drill room's image and the configuration of ${told.application}`,
  }),
  what: copy.id,
  stopWith: { cleanly: "SIGTERM", atOnce: "SIGKILL" },
  signal: work.signal,
  withinSeconds: 60,
});

const lastLine = (output: string): string => output.trim().split("\n").at(-1) ?? "";
