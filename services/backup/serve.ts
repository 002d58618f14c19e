/** The running repository host or drill room: which of them `backup.json` says. */
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
/** Runs that are told to end get so long; what is left then is killed with the container. */
const STOP_MS = 15_000;
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
  // Both empty the room's scratch folder before they begin.
  sharePlace: (action) => role === "room" && (action === "drill" || action === "restore"),
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
    await Promise.race([runs.stopAll("the host ends"), wait(STOP_MS, undefined, { ref: false })]);
    process.exit(0);
  });
