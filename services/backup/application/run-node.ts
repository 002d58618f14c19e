/** A service of ours on a restored database: the bundle that production runs, with its own configuration, without a network. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { paths } from "../config.ts";
import { startEngine } from "../drill/engine.ts";
import { must } from "../process.ts";
import { certificateWords, namesOf, nodePlaces, roomAppConfig, serviceWords } from "./node-words.ts";
import { answerInTls } from "./postgres-tls.ts";
import { confinedWords } from "./seccomp.ts";
import type { Running, Starting } from "./starting.ts";

/** The service's own line once its tables are as it needs them, and that of how far they are. */
const READY = /"msg":"database ready"/;

/** @throws NotRestored where the service does not find its database within a minute. */
export async function runNode(starting: Starting): Promise<Running> {
  const { folder, files, work, told, copy, engineSocket, room } = starting;
  const places = nodePlaces(folder);
  const production = await readFile(join(files, "app.json"), "utf8");
  const [database = "", own = ""] = namesOf(production);
  const current = join(places.config, "current");
  await mkdir(current, { recursive: true });
  await must(certificateWords(places, [database, own]), { signal: work.signal });
  await Promise.all([
    writeFile(join(current, "app.json"), roomAppConfig(production, places)),
    // The engine knows who asks by the kernel's word, and asks for none.
    writeFile(places.password, "none", { mode: 0o600 }),
  ]);
  const [cert, key] = await Promise.all([places.certificate, places.key].map((file) => readFile(file, "utf8")));
  const identity = { cert: cert ?? "", key: key ?? "" };
  const front = await answerInTls(places.databaseSocket, join(engineSocket, ".s.PGSQL.5432"), identity);
  let schema = "";
  try {
    const engine = await startEngine(room, {
      words: confinedWords(places.filter, serviceWords(paths.application)),
      env: { LUMBUNG_CONFIG: places.config, LISTEN_SOCKET: places.socket, DATABASE_SOCKET: places.databaseSocket },
      ready: READY,
      telling: [/"level":(50|60)/, /"level":40/, /Error/],
      advise: () => ({
        id: `periksa catatan ${told.application} di atas dan citra ruang latihan`,
        en: `see what ${told.application} says above, and the drill room's image`,
      }),
      what: copy.id,
      stopWith: { cleanly: "SIGTERM", atOnce: "SIGKILL" },
      signal: work.signal,
      withinSeconds: 60,
      onLine: (line) => {
        schema = /"schema":(\d+)/.exec(line)?.[1] ?? schema;
      },
    });
    return {
      at: { socket: places.socket, host: told.host, tls: { ...identity, ca: identity.cert, servername: own } },
      state: { name: "application", ok: true, detail: `${told.application} takes its database, schema ${schema}` },
      stop: async () => {
        await engine.stop();
        await front.close();
      },
    };
  } catch (error) {
    await front.close();
    throw error;
  }
}
