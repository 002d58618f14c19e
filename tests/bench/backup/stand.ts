/** Two sites to measure in, raised when the first bench wants them and taken away when the process ends. */
import { tarOf } from "../../../io/images-tar.ts";
import {
  readControlData,
  recoveryLines,
  roomConf,
  roomHba,
  roomIdent,
} from "../../../services/backup/drill/postgres-words.ts";
import type { BackupReport, DrillReport, RunOrder, TablesProof } from "../../../services/backup/wire.ts";
import { BackupStand, type SiteId, sites } from "../../lab/support/backup-stand.ts";
import { eventually } from "../../lab/support/eventually.ts";
import { runProgram } from "../../lab/support/lumbung.ts";
import { docker } from "../../lab/support/objects-stand.ts";
import { benchMebibytes, pgbenchScale } from "./size.ts";
import {
  emptyRoomWords,
  makeRoomWords,
  PLACES,
  type Priority,
  pgbenchLoadWords,
  plainRestoreWords,
  secondsIn,
  serverReadyWords,
  serverStartWords,
  timedWords,
} from "./words.ts";

/** Of the site whose server and room are measured: not the one that serves. */
export const RECOVERY: SiteId = "drc";
export const PRIMARY: SiteId = "dc";
export const FILES_TARGET = "inventory";
const DATABASE_TARGET = "postgresql:utama";
/** One of the server's own, so that its `checkpointer` is let in. */
export const DATABASE = "pengaduan";
/** A drill has little of the processor, and whoever asks it how it is takes of that; the times are its own. */
const SELDOM_MS = 5_000;
const PATIENCE_SECONDS = 3600;

/** A copy of a database of the size asked for, with the proof that was made then. */
export interface DatabaseCopy {
  readonly report: BackupReport;
  readonly proof: TablesProof;
}

export type Note = (text: string) => void;

export class BenchStand {
  readonly stand = new BackupStand("bench", 206, [FILES_TARGET]);
  #runs = 0;
  #database: Promise<DatabaseCopy> | undefined;

  async raise(note: Note): Promise<void> {
    const { stand } = this;
    note("two sites: raising");
    await stand.prepare();
    stand.role(PRIMARY, "active");
    stand.role(RECOVERY, "standby");
    for (const workload of ["objects", "postgres-utama"]) {
      await stand.untilHealth(PRIMARY, workload, /permit/);
      stand.permit(PRIMARY, workload);
    }
    await stand.untilHealth(PRIMARY, "postgres-utama", /^primary/);
    await stand.untilHealth(RECOVERY, "postgres-utama", /^standby of dc, streaming/, 240);
    for (const site of sites) {
      await stand.untilHealth(site, "backup", /^repository host, epoch 1, 1 stanzas$/, 240);
      await stand.untilHealth(site, "drill", /^drill room, epoch 1$/);
    }
  }

  /** pgbench's database, backed up in full at the recovery site from its own server. Made once. */
  database(note: Note): Promise<DatabaseCopy> {
    this.#database ??= this.#makeDatabase(note);
    return this.#database;
  }

  async #makeDatabase(note: Note): Promise<DatabaseCopy> {
    const mebibytes = benchMebibytes();
    note(`pgbench: a database of ${mebibytes} MiB`);
    await this.said(PRIMARY, "postgres-utama", pgbenchLoadWords(pgbenchScale(mebibytes), DATABASE));
    note("a full backup");
    const report = await this.backup(RECOVERY, this.databaseOrder({ action: "full", class: "base" }));
    if (report.proof?.proof !== "tables")
      throw new Error(`bench: expected a backup with a checkpoint, received none: ${report.unproven?.en}`);
    return { report, proof: report.proof };
  }

  databaseOrder(order: Pick<RunOrder, "action"> & Partial<RunOrder>): RunOrder {
    return { id: this.#newRun(), target: DATABASE_TARGET, engine: "pgbackrest", standby: true, ...order };
  }

  filesOrder(order: Pick<RunOrder, "action"> & Partial<RunOrder>): RunOrder {
    return { id: this.#newRun(), target: FILES_TARGET, engine: "restic", standby: false, ...order };
  }

  #newRun(): string {
    this.#runs += 1;
    return `bench-${this.#runs}`;
  }

  /** @throws where it fails: the time of a failure would mean nothing. */
  async backup(site: SiteId, order: RunOrder): Promise<BackupReport> {
    const state = await this.stand.work(site, "backup", order, PATIENCE_SECONDS);
    if (state.report?.report === "backup") return state.report;
    throw new Error(`bench: backup of ${order.target} at ${site}: ${JSON.stringify(state.why ?? state)}`);
  }

  /** @throws where it does not pass. */
  async drill(site: SiteId, order: RunOrder): Promise<DrillReport> {
    this.stand.begin(site, "drill", order);
    return this.drilled(site, order);
  }

  async drilled(site: SiteId, order: RunOrder): Promise<DrillReport> {
    const state = await this.stand.ended(site, "drill", order, PATIENCE_SECONDS, SELDOM_MS);
    if (state.report?.report === "drill" && state.report.passed) return state.report;
    throw new Error(`bench: drill of ${order.target} at ${site}: ${JSON.stringify(state.why ?? state)}`);
  }

  /** What a program says. @throws with its words where it ends badly. */
  async said(site: SiteId, workload: string, words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runProgram("docker", ["exec", this.stand.name(site, workload), ...words]);
    if (code !== 0) throw new Error(`bench: ${words.slice(0, 8).join(" ")}: exit code ${code}\n${stderr}\n${stdout}`);
    return stdout;
  }

  inRoom(site: SiteId, words: readonly string[]): Promise<string> {
    return this.said(site, "drill", words);
  }

  /** Seconds that the words take in the drill room. */
  async seconds(site: SiteId, words: readonly string[], priority: Priority = "lowest"): Promise<number> {
    return secondsIn(await this.inRoom(site, timedWords(words, priority)));
  }

  /** Restores by hand what a drill restores, into the emptied room where it then lies. @returns seconds of the restore alone. */
  async restore({ report, proof }: DatabaseCopy, processes?: number, priority: Priority = "lowest"): Promise<number> {
    await this.inRoom(RECOVERY, emptyRoomWords);
    await this.inRoom(RECOVERY, makeRoomWords);
    return this.seconds(RECOVERY, plainRestoreWords(report.copy, proof, processes), priority);
  }

  /** Starts the engine on what `restore` left, set as a drill sets it, and waits until it takes questions. */
  async startEngine(): Promise<void> {
    const control = readControlData(await this.inRoom(RECOVERY, ["pg_controldata", PLACES.data]));
    const autoConf = `${PLACES.data}/postgresql.auto.conf`;
    const recovery = recoveryLines(await this.inRoom(RECOVERY, ["cat", autoConf]));
    const user = (await this.inRoom(RECOVERY, ["id", "-un"])).trim();
    await this.inRoom(RECOVERY, ["rm", "-f", `${PLACES.data}/standby.signal`]);
    this.#write({
      [autoConf]: recovery,
      [PLACES.config]: roomConf(control, PLACES),
      [PLACES.hba]: roomHba,
      [PLACES.ident]: roomIdent(user),
    });
    await this.seconds(RECOVERY, serverStartWords(PATIENCE_SECONDS));
    await eventually("the restored server takes questions", PATIENCE_SECONDS, async () => {
      await this.inRoom(RECOVERY, serverReadyWords);
      return true;
    });
  }

  #write(files: Readonly<Record<string, string>>): void {
    const entries = Object.entries(files).map(([path, content]) => ({
      path: path.slice(1),
      mode: 0o600,
      content: Buffer.from(content),
    }));
    docker(
      ["exec", "-i", this.stand.name(RECOVERY, "drill"), "tar", "-x", "--no-same-owner", "-C", "/"],
      tarOf(entries),
    );
  }
}

let raised: Promise<BenchStand> | undefined;

/** The one of this process. */
export function benchStand(note: Note): Promise<BenchStand> {
  raised ??= raise(note);
  return raised;
}

async function raise(note: Note): Promise<BenchStand> {
  const bench = new BenchStand();
  // All of it is synchronous, as nothing else is done any more by then.
  process.once("exit", () => bench.stand.fell());
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => process.exit(130));
  await bench.raise(note);
  return bench;
}
