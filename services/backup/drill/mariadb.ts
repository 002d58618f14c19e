/** A drill of MariaDB: a physical copy prepared and started in the room, binary logs replayed to a position, its content compared. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { compareTables } from "../content/compare.ts";
import { furthest, liesBeyond, samePosition, span } from "../content/gtid.ts";
import { ask, openOverSocket } from "../content/mariadb-connection.ts";
import { digestMariadb } from "../content/mariadb-digest.ts";
import { must, ProcessError, run } from "../process.ts";
import type { Copy, DrillReport, TablesProof } from "../wire.ts";
import type { Work } from "../work.ts";
import { BinlogWatch } from "./binlog-events.ts";
import { conduct, type Findings, NotRestored } from "./course.ts";
import { type Engine, startEngine } from "./engine.ts";
import {
  binlogWords,
  checkWords,
  complaints,
  initFile,
  innodbWords,
  type MariadbDrill,
  notedPosition,
  type Places,
  prepareWords,
  type Replay,
  replayWords,
  serverWords,
} from "./mariadb-words.ts";
import { whileMeasured } from "./progress.ts";
import { digestOptions, readRestored } from "./read-restored.ts";
import type { Room } from "./room.ts";
import { judge } from "./sentinel.ts";

const INFO_FILES = ["mariadb_backup_binlog_info", "xtrabackup_binlog_info"];
const NAMED = 5;

/**
 * The report, also of a copy that does not restore. Always stops the engine and empties the room.
 * @throws WorkFault where the drill could not be made (and what `told` throws), and the signal's reason.
 */
export function drillMariadb(work: Work, room: Room, told: MariadbDrill): Promise<DrillReport> {
  return conduct(work, room, async (findings, copy) => {
    const places = placesIn(room, copy);
    const proof = proofOf(work);
    await findings.during("fetch", () => fetch(work, room, told, copy, places));
    const noted = await position(places);
    const engine = await findings.during("restore", () => restore(work, room, copy, places));
    findings.bytes = await room.bytesOf("copy");
    await engine.whileItRuns(async () => {
      const from = furthest(noted, await readRestored(copy, work, () => replicated(places)));
      const newest = await findings.during("replay", () => replay(work, told, places, from, proof));
      findings.takesQuestions();
      await findings.during("prove", async () => {
        await readRestored(copy, work, async () => told.beforeProof?.(places.socket));
        if (proof) await compare(work, findings, places, proof);
        else {
          const { until } = work.order;
          Object.assign(
            findings,
            judge({ at: copy.at, newest, vouched: false, ...(until === undefined ? {} : { until }) }),
          );
        }
        await check(work, findings, places);
      });
      await told.afterProof?.(places.socket, findings);
    });
    await findings.during("prove", () => engine.stop());
  });
}

function placesIn(room: Room, { type }: Copy): Places {
  const copy = room.path("copy");
  return {
    copy,
    data: type === "full" ? copy : join(copy, "full"),
    ...(type === "full" ? {} : { incremental: join(copy, "incremental") }),
    binlogs: room.path("binlogs"),
    run: room.path("run"),
    tmp: room.path("tmp"),
    socket: room.path("run", "mariadbd.sock"),
    initFile: room.path("init.sql"),
  };
}

/** A moment that was asked for goes before a proof, which stands at another. */
function proofOf({ order: { proof, until } }: Work): TablesProof | undefined {
  return until === undefined && proof?.proof === "tables" && proof.engine === "mariadb" ? proof : undefined;
}

async function fetch(work: Work, room: Room, told: MariadbDrill, copy: Copy, places: Places): Promise<void> {
  const phase = { id: `mengambil ${copy.id}`, en: `fetching ${copy.id}` };
  for (const folder of [places.copy, places.binlogs, places.run, places.tmp]) await mkdir(folder, { mode: 0o700 });
  await whileMeasured(
    () => room.bytesOf("copy"),
    (bytes) => work.phase(phase, bytes, copy.bytes),
    () => told.fetch(copy.id, places.copy),
  );
}

/** Where the copy stands, as it was noted when it was made. */
async function position({ data, incremental }: Places): Promise<string> {
  const folder = incremental ?? data;
  for (const name of INFO_FILES) {
    const info = await readFile(join(folder, name), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      return undefined;
    });
    if (info !== undefined) return notedPosition(info);
  }
  throw new NotRestored({
    id: `${folder}: salinan tidak menyebut posisinya: diharapkan ${INFO_FILES.join(" atau ")}: buat salinan penuh baru`,
    en: `${folder}: the copy does not say its position: expected ${INFO_FILES.join(" or ")}: make a new full copy`,
  });
}

async function restore(work: Work, room: Room, copy: Copy, places: Places): Promise<Engine> {
  work.phase({ id: "menyiapkan salinan", en: "preparing the copy" });
  for (const words of prepareWords(places)) {
    const said = await run(words, { signal: work.signal });
    if (said.code !== 0) throw unprepared(copy, new ProcessError(words, said));
  }
  const innodb = innodbWords(await readFile(join(places.data, "backup-my.cnf"), "utf8"));
  await writeFile(places.initFile, initFile(userInfo().username));
  work.phase({ id: "menjalankan MariaDB", en: "starting MariaDB" });
  return startEngine(room, {
    words: serverWords(places, innodb),
    ready: /: ready for connections\.?$/,
    telling: [/\[ERROR\] InnoDB: .*(orrupt|annot|nable)/, /\[ERROR\] (?!Aborting)/, /\[ERROR\]/],
    advise: () => advice,
    what: copy.id,
    stopWith: { cleanly: "SIGTERM", atOnce: "SIGKILL" },
    signal: work.signal,
  });
}

const advice = {
  id: "pulihkan dari salinan lain, dan buat salinan penuh baru",
  en: "restore another copy, and make a new full one",
};

const unprepared = (copy: Copy, error: ProcessError): NotRestored =>
  new NotRestored({
    id: `salinan ${copy.id} tidak dapat disiapkan: ${error.message}: ${advice.id}`,
    en: `copy ${copy.id} cannot be prepared: ${error.message}: ${advice.en}`,
  });

/** What the copied server had replicated: where it was a standby whose own log begins later. */
async function replicated(places: Places): Promise<string> {
  return withConnection(places, async (connection) => {
    const rows = await ask(
      connection,
      "SELECT CONCAT(domain_id, '-', server_id, '-', seq_no) AS gtid FROM mysql.gtid_slave_pos",
    );
    return furthest(...rows.map(({ gtid }) => String(gtid)));
  });
}

/** Replays to the proof's position, the moment, or the end. Returns when the last transaction of it was committed; undefined where there was none. */
async function replay(
  work: Work,
  told: MariadbDrill,
  places: Places,
  from: string,
  proof: TablesProof | undefined,
): Promise<string | undefined> {
  if (proof && samePosition(from, proof.position)) return undefined;
  if (proof && liesBeyond(from, proof.position))
    throw new NotRestored({
      id: `salinan berada di ${from}, melewati posisi bukti ${proof.position}: pilih salinan yang lebih lama untuk bukti ini`,
      en: `the copy stands at ${from}, beyond the proof's position ${proof.position}: choose an older copy for this proof`,
    });
  const phase = { id: "memutar ulang log biner", en: "replaying binary logs" };
  work.phase(phase);
  const files = await told.binlogs(places.binlogs);
  const { until } = work.order;
  const wanted: Replay = proof
    ? span(from, proof.position)
    : { start: from, stop: "", ...(until === undefined ? {} : { until }) };
  const { reached, newest } =
    files.length === 0 ? { reached: from, newest: undefined } : await feed(work, places, wanted, files, from);
  if (proof && !samePosition(reached, proof.position))
    throw new NotRestored({
      id: `log biner berakhir di ${reached}, sebelum posisi bukti ${proof.position}: jalankan pemeriksaan arsip; jika ada celah, buat salinan penuh baru`,
      en: `the binary logs end at ${reached}, before the proof's position ${proof.position}: run archive-check; where there is a gap make a new full copy`,
    });
  return newest;
}

async function feed(work: Work, places: Places, wanted: Replay, files: readonly string[], from: string) {
  let reached = from;
  let newest: string | undefined;
  const watch = new BinlogWatch(({ gtid, moment }) => {
    reached = furthest(reached, gtid);
    newest = moment;
  });
  const { signal } = work;
  const [read, fed] = await Promise.allSettled([
    must(binlogWords(wanted, files), { signal, stdout: watch }),
    must(replayWords(places, userInfo().username), { signal, stdin: watch }),
  ]);
  signal.throwIfAborted();
  // Where the one that takes fails, the one that gives fails for want of a taker.
  for (const ended of [fed, read])
    if (
      ended.status === "rejected" &&
      !(ended === read && wanted.stop === "" && newest === undefined && nothingCame(ended.reason))
    ) {
      const { message } = ended.reason as Error;
      throw new NotRestored(
        {
          id: `log biner tidak dapat diputar ulang sesudah ${reached}: ${message}: jalankan pemeriksaan arsip, dan buat salinan penuh baru`,
          en: `the binary logs do not replay beyond ${reached}: ${message}: run archive-check, and make a new full copy`,
        },
        { cause: ended.reason },
      );
    }
  return { reached, newest };
}

/** Logs in which nothing comes after the copy, or not before the moment, end for the program before they begin. */
const nothingCame = (error: unknown): boolean =>
  error instanceof ProcessError && /never reached expected GTID state/.test(error.said.stderr);

async function compare(work: Work, findings: Findings, places: Places, proof: TablesProof): Promise<void> {
  const tables = await readRestored(findings.copy, work, () =>
    withConnection(places, (connection) => digestMariadb(connection, digestOptions(work))),
  );
  findings.compared = compareTables(proof.tables, tables);
  findings.proven = "exactly";
  findings.restoredTo = proof.at;
}

async function check(work: Work, findings: Findings, places: Places): Promise<void> {
  work.phase({ id: "memeriksa tabel", en: "checking tables" });
  const { code, stdout, stderr } = await run(checkWords(places, userInfo().username), { signal: work.signal });
  const found = complaints(stdout);
  const ok = code === 0 && found.length === 0;
  findings.check("mariadb-check", ok, ok ? "all tables" : [...found.slice(0, NAMED), stderr].join("; ").slice(0, 500));
}

async function withConnection<Value>(
  { socket }: Places,
  use: (connection: Awaited<ReturnType<typeof openOverSocket>>) => Promise<Value>,
): Promise<Value> {
  const connection = await openOverSocket(socket, userInfo().username);
  try {
    return await use(connection);
  } finally {
    connection.destroy();
  }
}
