/** What the repository host does with a PostgreSQL server: pgBackRest works, and each backup is followed by a digest checkpoint. */

import type { Stanza } from "../config.ts";
import type { Checkpoint } from "../content/checkpoint.ts";
import { postgresCheckpoint } from "../content/postgres-checkpoint.ts";
import { pgbackrestError } from "../drill/pgbackrest-said.ts";
import { copiesOf, infoWords, pgbackrestWords, whatToDo } from "../engines/pgbackrest.ts";
import type { BackupFiles } from "../files.ts";
import { must, ProcessError } from "../process.ts";
import type { BackupReport, CareReport, Copy } from "../wire.ts";
import { type Work, WorkFault } from "../work.ts";

export async function backupPostgres(work: Work, files: BackupFiles, stanza: Stanza): Promise<BackupReport> {
  const { class: name = "base" } = work.order;
  await pgbackrest(work, pgbackrestWords(stanza.name, work.order));
  const copy = (await postgresCopies(stanza, work.signal)).filter((one) => one.class === name).at(-1);
  if (!copy) throw new Error(`pgbackrest: ended well, and repository ${name} of ${stanza.name} has no backup`);
  const checked = await checkpoint(work, files, stanza);
  return { report: "backup", copy, ...checked };
}

/** A backup without a checkpoint is a backup still: a drill then proves less, and says so. */
function checkpoint(work: Work, { tls }: BackupFiles, { servers }: Stanza): Promise<Checkpoint> {
  const { now, signal, phase } = work;
  const onTable = (name: string, done: number, total: number): void =>
    phase({ id: `titik uji: ${name} (${done}/${total} tabel)`, en: `checkpoint: ${name} (${done}/${total} tables)` });
  return postgresCheckpoint({ servers, tls, user: "checkpointer", now, signal, onTable });
}

/** Whether what is written now arrives in the site's own repositories; it waits for that. */
export async function checkArchive(work: Work, stanza: Stanza): Promise<CareReport> {
  const archivedTo = work.now().toISOString();
  await pgbackrest(work, pgbackrestWords(stanza.name, work.order));
  return { report: "care", archivedTo, figures: {} };
}

export async function expirePostgres(work: Work, stanza: Stanza): Promise<CareReport> {
  const before = (await postgresCopies(stanza, work.signal)).length;
  await pgbackrest(work, pgbackrestWords(stanza.name, work.order));
  const kept = (await postgresCopies(stanza, work.signal)).length;
  return { report: "care", figures: { forgotten: before - kept, kept } };
}

/** pgBackRest's `verify` tells what it found in words, and ends well with it. */
const FOUND =
  /status: error|No usable|checksum invalid: [1-9]|missing: [1-9]|size invalid: [1-9]|other: [1-9]|invalid checksum|missing|invalid result/i;

export async function readPostgres(work: Work, stanza: Stanza): Promise<CareReport> {
  const copies = await postgresCopies(stanza, work.signal);
  // What has no backup yet has nothing to read, and pgBackRest calls that an error.
  const filled = stanza.repositories.filter(({ class: name }) => copies.some((copy) => copy.class === name));
  for (const { class: name } of filled) {
    const { stdout } = await pgbackrest(work, pgbackrestWords(stanza.name, { ...work.order, class: name }));
    const lines = stdout.split("\n").filter((line) => FOUND.test(line));
    // A list of backups that is not there or not readable is told by the second line alone.
    const found = lines.find((line) => !/status: error/.test(line)) ?? lines[0];
    if (found !== undefined) throw fault(`verify ${name}: ${found.trim().replace(/^P\d+ +[A-Z]+: +/, "")}`);
  }
  return { report: "care", figures: { repositories: filled.length } };
}

/** @throws ProcessError. */
export async function postgresCopies(stanza: Stanza, signal?: AbortSignal): Promise<Copy[]> {
  const { stdout } = await must(infoWords(stanza.name), signal ? { signal } : {});
  return copiesOf(stdout, stanza);
}

async function pgbackrest(work: Work, words: readonly string[]) {
  try {
    return await must(words, {
      signal: work.signal,
      onLine: (line) => {
        const [, percent] = /, ([\d.]+)%\)/.exec(line) ?? [];
        if (percent !== undefined) work.phase({ id: "menyalin berkas", en: "copying files" }, Number(percent), 100);
      },
    });
  } catch (error) {
    if (error instanceof ProcessError) throw fault(told(error), error);
    throw error;
  }
}

/** Its first error with the lines that belong to it. */
function told({ said, message }: ProcessError): string {
  const error = pgbackrestError(`${said.stdout}\n${said.stderr}`);
  return error ? `pgBackRest [${String(error.code).padStart(3, "0")}]: ${error.message}` : message;
}

/** With what to do where that is known. */
function fault(message: string, cause?: Error): WorkFault {
  const hint = whatToDo(message);
  const text = { id: message + (hint ? `. ${hint.id}` : ""), en: message + (hint ? `. ${hint.en}` : "") };
  return new WorkFault(text, cause ? { cause } : undefined);
}
