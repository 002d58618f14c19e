/** A drill of PostgreSQL: a copy restored by pgBackRest into the room, its log replayed to a position, its content compared. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { compareTables } from "../content/compare.ts";
import { liesBefore } from "../content/log-position.ts";
import { endQuietly, overSocket } from "../content/postgres-connection.ts";
import { digestPostgres } from "../content/postgres-digest.ts";
import { must, run } from "../process.ts";
import type { Copy, DrillReport } from "../wire.ts";
import type { Work } from "../work.ts";
import { conduct, type Findings, NotRestored } from "./course.ts";
import { type Engine, startEngine } from "./engine.ts";
import { whyNotRestored } from "./pgbackrest-said.ts";
import { adviceOn } from "./postgres-said.ts";
import {
  amcheckWords,
  type ControlData,
  checksumWords,
  controlDataWords,
  type Places,
  type PostgresDrill,
  readControlData,
  recoveryLines,
  restoreWords,
  roomConf,
  roomHba,
  roomIdent,
  serverWords,
  type Target,
  targetOf,
} from "./postgres-words.ts";
import { whileMeasured } from "./progress.ts";
import { digestOptions, readRestored } from "./read-restored.ts";
import type { Room } from "./room.ts";
import { judge } from "./sentinel.ts";

const SUPERUSER = "postgres";
const DETAIL_LINES = 3;

/**
 * The report, also of a copy that does not restore. Always stops the engine and empties the room.
 * @throws WorkFault where the drill could not be made, and the signal's reason.
 */
export function drillPostgres(work: Work, room: Room, told: PostgresDrill): Promise<DrillReport> {
  return conduct(work, room, async (findings, copy) => {
    const places = placesIn(room);
    const target = targetOf(work.order);
    requireReachable(target, copy);
    await findings.during("fetch", () => fetch(work, room, told, copy, target, places));
    findings.bytes = await room.bytesOf("data");
    const control = await prepare(places, told);
    const engine = await startAndReplay(work, room, told, findings, copy, places);
    findings.takesQuestions();
    await engine.whileItRuns(async () => {
      await findings.during("prove", async () => {
        await readRestored(copy, work, async () => told.beforeProof?.(places.run));
        await prove(work, findings, copy, target, control, places);
        await checkIndexes(work, findings, told, places);
      });
      await told.afterProof?.(places.run, findings);
    });
    await findings.during("prove", async () => {
      await engine.stop();
      if (control.checksums) await checkPages(work, findings, told, places);
    });
  });
}

function placesIn(room: Room): Places {
  return {
    data: room.path("data"),
    tablespaces: room.path("tablespaces"),
    run: room.path("run"),
    config: room.path("postgresql.conf"),
    hba: room.path("pg_hba.conf"),
    ident: room.path("pg_ident.conf"),
  };
}

/** A copy becomes consistent where its backup ended, and not before. */
function requireReachable(target: Target, { id, stopPosition }: Copy): void {
  if (target.kind !== "position" || stopPosition === undefined || !liesBefore(target.position, stopPosition)) return;
  throw new NotRestored({
    id: `salinan ${id} baru konsisten pada ${stopPosition}, sesudah posisi bukti ${target.position}: pilih salinan yang lebih lama untuk bukti ini`,
    en: `copy ${id} becomes consistent at ${stopPosition}, after the proof's position ${target.position}: choose an older copy for this proof`,
  });
}

async function fetch(
  work: Work,
  room: Room,
  told: PostgresDrill,
  copy: Copy,
  target: Target,
  places: Places,
): Promise<void> {
  const phase = { id: `memulihkan ${copy.id}`, en: `restoring ${copy.id}` };
  await Promise.all([places.data, places.run].map((folder) => mkdir(folder, { mode: 0o700 })));
  const said = await whileMeasured(
    () => room.bytesOf("data"),
    (bytes) => work.phase(phase, bytes, copy.bytes),
    () => run(restoreWords(told, copy, target, places), { signal: work.signal }),
  );
  if (said.code !== 0) throw new NotRestored(whyNotRestored(copy.id, `${said.stdout}\n${said.stderr}`, said.code));
}

/** What came along from the copied server and is not data goes: its settings, and that it was a standby. */
async function prepare(places: Places, { programs }: PostgresDrill): Promise<ControlData> {
  const autoConf = `${places.data}/postgresql.auto.conf`;
  await rm(`${places.data}/standby.signal`, { force: true });
  await writeFile(autoConf, recoveryLines(await readFile(autoConf, "utf8")));
  const control = readControlData((await must(controlDataWords(places, programs))).stdout);
  await Promise.all([
    writeFile(places.config, roomConf(control, places)),
    writeFile(places.hba, roomHba),
    writeFile(places.ident, roomIdent(userInfo().username)),
  ]);
  return control;
}

/** Until it is consistent counts as restoring, from there on as replaying. */
async function startAndReplay(
  work: Work,
  room: Room,
  told: PostgresDrill,
  findings: Findings,
  copy: Copy,
  places: Places,
): Promise<Engine> {
  work.phase({ id: "memutar ulang log", en: "replaying the log" });
  const begun = work.seconds();
  let consistent: number | undefined;
  const engine = await startEngine(room, {
    words: serverWords(places, told.programs),
    ready: /LOG: {2}database system is ready to accept connections/,
    telling: [/ (PANIC|FATAL): {2}(?!the database system is)/, / ERROR: /, /(ERROR|WARN): \[/],
    advise: adviceOn,
    what: copy.id,
    stopWith: { cleanly: "SIGINT", atOnce: "SIGQUIT" },
    signal: work.signal,
    onLine: (line) => {
      if (/consistent recovery state reached/.test(line)) consistent ??= work.seconds();
    },
  });
  const ready = work.seconds();
  findings.seconds.restore += (consistent ?? ready) - begun;
  findings.seconds.replay += ready - (consistent ?? ready);
  return engine;
}

async function prove(
  work: Work,
  findings: Findings,
  copy: Copy,
  target: Target,
  control: ControlData,
  places: Places,
): Promise<void> {
  const { proof, until } = work.order;
  // Before anything is committed here.
  const newest = control.commitTimestamps ? await readRestored(copy, work, () => newestCommit(places)) : undefined;
  if (target.kind !== "position" || proof?.proof !== "tables") {
    const judged = judge({ at: copy.at, newest, vouched: true, ...(until === undefined ? {} : { until }) });
    Object.assign(findings, judged);
    return;
  }
  const tables = await readRestored(copy, work, () =>
    digestPostgres(overSocket(places.run, SUPERUSER), digestOptions(work)),
  );
  findings.compared = compareTables(proof.tables, tables);
  findings.proven = "exactly";
  findings.restoredTo = proof.at;
}

/** When the last transaction that was replayed was committed; undefined where none was. */
async function newestCommit(places: Places): Promise<string | undefined> {
  const client = await overSocket(places.run, SUPERUSER)("postgres");
  try {
    const { rows } = await client.query<{ moment: Date | null }>(
      `select "timestamp" as moment from pg_last_committed_xact()`,
    );
    return rows[0]?.moment?.toISOString();
  } finally {
    await endQuietly(client);
  }
}

async function checkIndexes(work: Work, findings: Findings, told: PostgresDrill, places: Places): Promise<void> {
  work.phase({ id: "memeriksa tabel dan indeks", en: "checking tables and indexes" });
  const { code, stdout, stderr } = await run(amcheckWords(places, told.programs), { signal: work.signal });
  findings.check("pg_amcheck", code === 0, code === 0 ? "all tables and indexes" : firstLines(stdout, stderr));
}

async function checkPages(work: Work, findings: Findings, told: PostgresDrill, places: Places): Promise<void> {
  work.phase({ id: "memeriksa halaman data", en: "checking data pages" });
  const { code, stdout, stderr } = await run(checksumWords(places, told.programs), { signal: work.signal });
  const blocks = /^Blocks scanned: +(\d+)/m.exec(stdout)?.[1] ?? "?";
  findings.check("page checksums", code === 0, code === 0 ? `${blocks} blocks` : firstLines(stderr, stdout));
}

const firstLines = (...outputs: readonly string[]): string =>
  outputs
    .flatMap((output) => output.split("\n"))
    .filter((line) => line.trim() !== "")
    .slice(0, DETAIL_LINES)
    .join("; ")
    .slice(0, 500);
