/** WordPress as production has it, founded in the drill room's own image: its server, its installation, a post, an upload, and copies of all that. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { ask, openOverSocket } from "../../../services/backup/content/mariadb-connection.ts";
import { digestMariadb } from "../../../services/backup/content/mariadb-digest.ts";
import { initWords, restic } from "../../../services/backup/engines/restic.ts";
import { keepFolder, stagingFolder } from "../../../services/backup/keep.ts";
import { DATA, writeManifest } from "../../../services/backup/manifest.ts";
import { must } from "../../../services/backup/process.ts";
import type { OrderPart } from "../../../services/backup/wire.ts";
import type { Work } from "../../../services/backup/work.ts";
import { install, SOURCE, withEngine } from "./backup-whole-source.ts";

const DATADIR = `${SOURCE}/mariadb`;
const SOCKET = `${SOURCE}/mariadbd.sock`;
const [DATABASE_TARGET, FILES_TARGET] = ["mariadb:php", "files:ppid"];
const SITE = "dc";

const withServer = <Value>(work: Work, use: () => Promise<Value>): Promise<Value> =>
  withEngine(
    work,
    [
      ...[
        "mariadbd",
        "--no-defaults",
        `--datadir=${DATADIR}`,
        `--socket=${SOCKET}`,
        "--skip-networking",
        "--server-id=11",
      ],
      ...[
        "--log-bin=binlog",
        `--pid-file=${SOURCE}/mariadbd.pid`,
        "--innodb-buffer-pool-size=32M",
        "--performance-schema=OFF",
      ],
    ],
    /: ready for connections\.?$/,
    use,
  );

const SQL = (): string[] => [
  "mariadb",
  "--no-defaults",
  "--skip-ssl",
  `--socket=${SOCKET}`,
  `--user=${userInfo().username}`,
];
/** As images/mariadb has it: a password and TLS, from anywhere. */
const AS_PRODUCTION = "ALTER USER 'ppid'@'%' IDENTIFIED BY 'contoh' REQUIRE SSL;";

export async function foundWordpress(work: Work): Promise<OrderPart[]> {
  await mkdir(SOURCE, { recursive: true });
  const user = userInfo().username;
  await must([
    ...["mariadb-install-db", "--no-defaults", `--datadir=${DATADIR}`, "--skip-test-db", "--skip-name-resolve"],
    ...["--auth-root-authentication-method=socket", `--auth-root-socket-user=${user}`],
  ]);
  await restic(initWords());
  const database = await withServer(work, async () => {
    const account = `CREATE DATABASE ppid; CREATE USER 'ppid'@'%' IDENTIFIED VIA unix_socket AS '${user}'; GRANT ALL PRIVILEGES ON ppid.* TO 'ppid'@'%';`;
    await must(SQL(), { stdin: account });
    await install(work, "wordpress", "ppid", { socket: SOCKET });
    await must([...SQL(), "ppid"], { stdin: `${POST}${AS_PRODUCTION}` });
    return copyDatabase(work);
  });
  await writeUploads();
  return [database, await copyFiles(work)];
}

/** The words are an example. */
const POST = `INSERT INTO wp_posts (post_author, post_date, post_date_gmt, post_content, post_title, post_excerpt, post_status, post_name, to_ping, pinged,
  post_modified, post_modified_gmt, post_content_filtered, post_type) VALUES (1, now(), utc_timestamp(), 'Isi contoh.', 'Jadwal "layanan" keliling -- Agustus', '',
  'publish', 'jadwal-layanan', '', '', now(), utc_timestamp(), '', 'post');\n`;

export function alterWordpress(work: Work, sql: string): Promise<OrderPart> {
  return withServer(work, async () => {
    await must([...SQL(), "ppid"], { stdin: sql });
    return copyDatabase(work);
  });
}

async function copyDatabase(work: Work): Promise<OrderPart> {
  const folder = stagingFolder(DATABASE_TARGET, "full");
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, DATA), { recursive: true });
  const connection = await openOverSocket(SOCKET, userInfo().username);
  try {
    const at = new Date().toISOString();
    await must([
      "mariadb-backup",
      "--no-defaults",
      "--backup",
      `--target-dir=${join(folder, DATA)}`,
      `--socket=${SOCKET}`,
      `--user=${userInfo().username}`,
    ]);
    const kept = await keepFolder(work, SITE, { target: DATABASE_TARGET, type: "full" }, at, folder);
    const [row] = await ask(connection, "SELECT @@gtid_binlog_pos AS position");
    const tables = await digestMariadb(connection);
    return {
      ...{ target: DATABASE_TARGET, engine: "mariadb-backup", apartSeconds: 0 },
      copy: { ...kept, target: DATABASE_TARGET, type: "full", at, needs: [] },
      proof: { proof: "tables", engine: "mariadb", at, position: String(row?.position), tables },
    };
  } finally {
    connection.destroy();
  }
}

async function writeUploads(): Promise<void> {
  const folder = join(stagingFolder(FILES_TARGET), DATA, "2026", "08");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "surat edaran & lampiran.pdf"), Buffer.from("%PDF-1.4 contoh\n".repeat(5000)));
  // Whatever its digest: it is never handed out.
  await writeFile(join(folder, "bukan-untuk-dijalankan.php"), "<?php echo 1;");
}

async function copyFiles(work: Work): Promise<OrderPart> {
  const folder = stagingFolder(FILES_TARGET);
  const at = new Date().toISOString();
  const proof = await writeManifest(folder, at);
  return { ...(await keepFiles(work, at)), proof };
}

async function keepFiles(work: Work, at: string): Promise<OrderPart> {
  const kept = await keepFolder(work, SITE, { target: FILES_TARGET, type: "full" }, at, stagingFolder(FILES_TARGET));
  return {
    ...{ target: FILES_TARGET, engine: "restic", apartSeconds: -30 },
    copy: { ...kept, target: FILES_TARGET, type: "full", at, needs: [] },
  };
}

/** A copy that lost a file which its list names. */
export async function spoilUploads(work: Work, file: string): Promise<OrderPart> {
  await rm(join(stagingFolder(FILES_TARGET), DATA, file));
  return keepFiles(work, new Date().toISOString());
}
