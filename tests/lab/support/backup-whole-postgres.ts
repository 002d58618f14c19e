/** MediaWiki and our own service on PostgreSQL, founded in the drill room's own image, with pgBackRest's repository beside it. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { runNode } from "../../../services/backup/application/run-node.ts";
import { filterIn, unixSocketsOnly } from "../../../services/backup/application/seccomp.ts";
import { parseConfig, paths } from "../../../services/backup/config.ts";
import { Room } from "../../../services/backup/drill/room.ts";
import { must } from "../../../services/backup/process.ts";
import type { OrderPart } from "../../../services/backup/wire.ts";
import type { Work } from "../../../services/backup/work.ts";
import { asApplication, install, SOURCE, withEngine, workOf } from "./backup-whole-source.ts";

const TARGET = "postgresql:utama";
const DATADIR = `${SOURCE}/postgres`;
const PROGRAMS = "/usr/lib/postgresql/17/bin";
const CONF = `${paths.run}/pgbackrest.conf`;

const psql = (database: string, user = "postgres"): string[] => [
  ...["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", SOURCE, "-U", user, "-d", database],
];

const withServer = <Value>(work: Work, use: () => Promise<Value>): Promise<Value> =>
  withEngine(work, [`${PROGRAMS}/postgres`, "-D", DATADIR], /database system is ready to accept connections/, use);

/** A server with one role and database, archiving into a repository on the volume. */
async function foundServer(work: Work, name: string): Promise<void> {
  await mkdir(SOURCE, { recursive: true });
  await mkdir(`${paths.cache}/pgbackrest`, { recursive: true });
  await must([
    `${PROGRAMS}/initdb`,
    "-D",
    DATADIR,
    "-U",
    "postgres",
    "--auth=peer",
    "--data-checksums",
    "--locale=C.UTF-8",
  ]);
  await writeFile(`${DATADIR}/pg_hba.conf`, "local all all peer map=m\n");
  await writeFile(`${DATADIR}/pg_ident.conf`, `m ${userInfo().username} all\n`);
  const settings = [
    ...["listen_addresses = ''", `unix_socket_directories = '${SOURCE}'`, "archive_mode = on", "wal_level = replica"],
    ...["shared_buffers = '32MB'", "track_commit_timestamp = on", "logging_collector = off"],
    `archive_command = 'pgbackrest --config=${SOURCE}/pgbackrest.conf --stanza=utama archive-push %p'`,
  ];
  await writeFile(`${DATADIR}/postgresql.conf`, `${settings.join("\n")}\n`);
  const repository = `[global]\nrepo1-path=${paths.cache}/pgbackrest\nlog-level-file=off\nlog-level-console=warn\nlock-path=${SOURCE}/lock\nspool-path=${SOURCE}/spool\nstart-fast=y\n[utama]\n`;
  await mkdir(paths.run, { recursive: true });
  await writeFile(CONF, `${repository}pg1-path=/scratch/data\n`);
  await writeFile(
    `${SOURCE}/pgbackrest.conf`,
    `${repository}pg1-path=${DATADIR}\npg1-socket-path=${SOURCE}\npg1-user=postgres\n`,
  );
  await withServer(work, async () => {
    await must([...psql("postgres"), "-c", `create role ${name} login`, "-c", `create database ${name} owner ${name}`]);
    await must(["pgbackrest", `--config=${SOURCE}/pgbackrest.conf`, "--stanza=utama", "stanza-create"]);
  });
}

async function copyDatabase(): Promise<OrderPart> {
  const at = new Date().toISOString();
  const words = ["pgbackrest", `--config=${SOURCE}/pgbackrest.conf`, "--stanza=utama"];
  await must([...words, "--type=full", "backup"]);
  const { stdout } = await must([...words, "info", "--output=json"]);
  const [stanza] = JSON.parse(stdout) as { backup: { label: string; info: { size: number } }[] }[];
  const last = stanza?.backup.at(-1);
  if (!last) throw new Error("pgbackrest made no backup");
  return {
    ...{ target: TARGET, engine: "pgbackrest", apartSeconds: 0 },
    copy: { id: last.label, target: TARGET, type: "full", class: "base", at, bytes: last.info.size, needs: [] },
  };
}

export async function foundMediawiki(work: Work): Promise<OrderPart[]> {
  await foundServer(work, "pengetahuan");
  return withServer(work, async () => {
    await install(work, "mediawiki", "pengetahuan", { host: SOURCE, port: 5432, socket: SOURCE });
    return [await copyDatabase()];
  });
}

export async function foundPengaduan(work: Work): Promise<OrderPart[]> {
  await foundServer(work, "pengaduan");
  return withServer(work, async () => {
    await makeTables();
    await must([...psql("pengaduan", "pengaduan"), "-c", COMPLAINT]);
    return [await copyDatabase()];
  });
}

/** The words are an example. */
const COMPLAINT = `insert into complaint (reference, request_key, opd, name, contact, body)
  values ('ADU-7KQ2-9XPM', 'k', 'diskominfo', '', '', 'Contoh: lampu jalan "Merdeka" <mati> sejak Senin.')`;

/** By the service itself, as at its first start. */
async function makeTables(): Promise<void> {
  const config = parseConfig(await readFile(`${paths.config}/backup.json`, "utf8"));
  const told = config.applications?.find(({ application }) => application === "pengaduan");
  if (!told) throw new Error("pengaduan is not told of");
  const folder = join(SOURCE, "service");
  await mkdir(folder, { recursive: true });
  await writeFile(filterIn(folder), unixSocketsOnly());
  const copy = { id: "source", target: TARGET, type: "full", at: "", bytes: 0, needs: [] } as const;
  const files = join(paths.config, "applications", "pengaduan");
  await asApplication("node", async () => {
    const running = await runNode({
      work: workOf(),
      room: new Room(SOURCE),
      told,
      copy,
      folder,
      engineSocket: SOURCE,
      files,
    });
    await running.stop();
  });
}

export async function alterPostgres(database: string, sql: string): Promise<OrderPart> {
  return withServer(workOf(), async () => {
    await must([...psql(database === "mediawiki" ? "pengetahuan" : database), "-c", sql]);
    return copyDatabase();
  });
}
