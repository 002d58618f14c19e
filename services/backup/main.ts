/**
 * The repository host and the drill room: which of them `backup.json` says. Bundled into one file and run in the image `backup`.
 *   node backup.mjs           serves until TERM; HUP reads /config/current again
 */
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { redact } from "../../custody/redact.ts";
import { systemClock } from "../../io/clock.ts";
import { createLogger } from "../../io/log.ts";
import { paths } from "./config.ts";
import { Room } from "./drill/room.ts";
import { type BackupFiles, readBackupFiles } from "./files.ts";
import { CopyBoard, copiesHere } from "./host/copies.ts";
import { performAtHost } from "./host/perform.ts";
import { run } from "./process.ts";
import { performInRoom } from "./room/perform.ts";
import { Runs } from "./runs.ts";
import { backupServer, type Page } from "./server.ts";
import type { Report } from "./wire.ts";
import type { Work } from "./work.ts";

const HEALTH = "/usr/local/lib/lumbung/health";
const log = createLogger({ name: "backup", redact });
let files: BackupFiles = await readBackupFiles(paths.config);
const { role } = files.config;

const board = new CopyBoard(
  () => copiesHere(files, systemClock.now),
  () => systemClock.now(),
);

/** The room's scratch folder is a volume: what a killed run left in it is taken away before anything begins. */
async function clean(): Promise<void> {
  if (role !== "room") return;
  await new Room(paths.scratch).empty();
}

async function perform(work: Work): Promise<Report> {
  try {
    return await (role === "host" ? performAtHost(work, files) : performInRoom(work, files));
  } finally {
    board.changed();
  }
}

const runs = new Runs({
  perform,
  clean,
  now: () => systemClock.now(),
  monotonicMs: () => systemClock.monotonicMs(),
  log,
});

async function health(): Promise<Page> {
  const { code, stdout } = await run([HEALTH]);
  return { status: code === 0 ? 200 : 503, text: stdout.trim() };
}

await clean();
const server = backupServer({
  files: () => files,
  runs,
  health,
  ...(role === "host" ? { copies: () => board.list() } : {}),
  log,
});
await new Promise<void>((resolve, reject) => {
  server.once("error", reject);
  server.listen(files.config.port, resolve);
});
log.info({ port: (server.address() as AddressInfo).port, role, targets: files.config.targets.length }, "ready");

process.on("SIGHUP", async () => {
  try {
    files = await readBackupFiles(paths.config);
    server.setSecureContext(files.tls);
    board.changed();
    log.info({ targets: files.config.targets.length }, "reloaded");
  } catch (err) {
    log.error({ err }, "new configuration refused; going on with the one before");
  }
});
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, async () => {
    server.close();
    server.closeAllConnections();
    await Promise.race([runs.stopAll("the host ends"), wait(15_000, undefined, { ref: false })]);
    process.exit(0);
  });
