/** An application on what was restored of it: its files put beside its database, itself started on both, its page and one of its files asked for. */
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { paths, type ToldApplication } from "../config.ts";
import type { Findings } from "../drill/course.ts";
import { readRestored } from "../drill/read-restored.ts";
import type { Room } from "../drill/room.ts";
import { givingWay } from "../giving-way.ts";
import { DATA, type Entry, MANIFEST } from "../manifest.ts";
import type { DrillReport, OrderPart } from "../wire.ts";
import type { Work } from "../work.ts";
import { type At, ask, askFollowing } from "./ask-page.ts";
import { askMariadb, askPostgres } from "./database.ts";
import { type Kind, kinds } from "./kinds.ts";
import { FPM_FOLDER } from "./php-words.ts";
import { filterIn, unixSocketsOnly } from "./seccomp.ts";
import { chosenUpload, judgeUpload, uploadPath } from "./upload.ts";
import { judgePage, noPage, type Witness } from "./witness.ts";

type Check = DrillReport["checks"][number];

export interface Whole {
  readonly work: Work;
  readonly room: Room;
  readonly told: ToldApplication;
  readonly database: OrderPart;
  /** Absent: it keeps no files. */
  readonly files?: OrderPart;
  /** Restores the files into a folder and compares them. */
  readonly drillFiles: (folder: string) => Promise<DrillReport>;
}

/** Into one folder of the room each: what was copied of the files, and what the application runs on. */
const COPY = "application-copy";
const RUN = "application";
const TEMPORARY = "/tmp";

/**
 * Adds to the findings of its database's drill. Whatever comes of it, nothing of it is left outside the room's folder.
 * @throws NotRestored where the application does not start, and whatever else went wrong.
 */
export async function drillWhole(whole: Whole, engineSocket: string, findings: Findings): Promise<void> {
  const { room, told } = whole;
  const folder = room.path(RUN);
  const before = await readdir(TEMPORARY);
  try {
    await mkdir(join(folder, "files"), { recursive: true, mode: 0o700 });
    const entries = await restoreFiles(whole, folder, findings);
    await rm(paths.application, { force: true });
    await symlink(join(paths.applications, told.image), paths.application);
    await writeFile(filterIn(folder), unixSocketsOnly());
    // An application, and who asks it, have deadlines of their own, and it is over in seconds.
    const asked = (): Promise<void> => startAndAsk(whole, folder, engineSocket, entries, findings);
    await (givingWay()?.hurry(asked) ?? asked());
  } finally {
    for (const path of [paths.application, FPM_FOLDER]) await rm(path, { recursive: true, force: true });
    const left = (await readdir(TEMPORARY)).filter((name) => !before.includes(name));
    await Promise.all(left.map((name) => rm(join(TEMPORARY, name), { recursive: true, force: true })));
  }
}

/** @returns what the copy of the files holds, by its own list. */
async function restoreFiles(
  { room, files, drillFiles }: Whole,
  folder: string,
  findings: Findings,
): Promise<readonly Entry[]> {
  if (files === undefined) return [];
  await room.requireSpace(files.copy.bytes);
  const copied = room.path(COPY);
  await mkdir(copied, { recursive: true, mode: 0o700 });
  const report = await drillFiles(copied);
  addFiles(findings, files.target, report);
  const list = await readFile(join(copied, MANIFEST), "utf8");
  await rm(join(folder, "files"), { recursive: true });
  await rename(join(copied, DATA), join(folder, "files"));
  return list.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Entry]));
}

/** What the files' own drill found becomes part of the whole: it proves no more than the less proven of the two. */
export function addFiles(findings: Findings, target: string, report: DrillReport): void {
  const { fetch, prove } = report.seconds;
  findings.seconds.fetch += fetch;
  findings.seconds.prove += prove;
  findings.bytes += report.bytes;
  findings.rtoSeconds += fetch;
  findings.compared = [
    ...findings.compared,
    ...report.compared.map((one) => ({ ...one, name: `${target}: ${one.name}` })),
  ];
  for (const { name, ok, detail } of report.checks) findings.check(`${target}: ${name}`, ok, detail);
  if (findings.proven === "exactly" && report.proven !== "exactly") findings.proven = report.proven;
}

async function startAndAsk(
  whole: Whole,
  folder: string,
  engineSocket: string,
  entries: readonly Entry[],
  findings: Findings,
): Promise<void> {
  const { work, room, told, database } = whole;
  const kind = kinds[told.image];
  const asked = database.engine === "pgbackrest" ? askPostgres : askMariadb;
  const witness = await readRestored(findings.copy, work, () => asked(engineSocket, told, kind.witness));
  work.phase({ id: `menjalankan ${told.application}`, en: `starting ${told.application}` });
  const begun = work.seconds();
  const starting = {
    ...{ work, room, told, folder, engineSocket, copy: findings.copy },
    files: join(paths.config, "applications", told.application),
  };
  const running = await findings.during("restore", () => kind.start(starting));
  const { name, ok, detail } = running.state;
  findings.check(name, ok, detail);
  await findings.during("prove", async () => {
    work.phase({ id: `meminta halaman ${told.application}`, en: `asking for the page of ${told.application}` });
    note(findings, await pageOf(running.at, witness, work));
    findings.rtoSeconds += work.seconds() - begun;
    if (kind.uploads) note(findings, await uploadOf(running.at, kind.uploads, entries, work));
    await running.stop();
  });
}

const note = (findings: Findings, { name, ok, detail }: Check): void => findings.check(name, ok, detail);

async function pageOf(at: At, witness: Witness | undefined, { signal }: Work): Promise<Check> {
  if (witness === undefined)
    return noPage(at.host, "something in the database that a page could show", "a database that holds none");
  try {
    return judgePage(at.host, witness, await askFollowing(at, witness.path, signal));
  } catch (error) {
    return noPage(at.host, `200 and ${witness.what}`, noAnswer(error, signal));
  }
}

async function uploadOf(
  at: At,
  served: NonNullable<Kind["uploads"]>,
  entries: readonly Entry[],
  { signal }: Work,
): Promise<Check> {
  const chosen = chosenUpload(entries, served);
  if (chosen === undefined)
    return { name: "upload", ok: true, detail: `none to ask for: of ${entries.length} in the copy none is handed out` };
  const path = uploadPath(served, chosen);
  try {
    return judgeUpload(path, chosen, await ask(at, path, signal));
  } catch (error) {
    return { name: "upload", ok: false, detail: `${path}: expected 200; received ${noAnswer(error, signal)}` };
  }
}

/** @throws the signal's reason where the drill was stopped. */
function noAnswer(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted();
  return `no answer: ${error instanceof Error ? error.message : String(error)}`;
}
