/** Files that must never be half written, nor be read by others. */
import { randomUUID } from "node:crypto";
import { access, chmod, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { refused } from "./errors.ts";

export interface FileContent {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** A folder (and its parents) that only its owner enters: mode 0700. One of ours that is wider is narrowed. */
export async function ensurePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o700);
}

/** Writes through a temporary file of mode 0600 beside the target, flushed to disk and then renamed: readers see the old or the new. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryBeside(path);
  await writeFlushed(temporary, content);
  await rename(temporary, path);
  await flushFolder(dirname(path));
}

/**
 * Creates a file of mode 0600 that must not exist yet; whoever sees it sees all of it.
 * @throws the system's EEXIST where it does exist.
 */
export async function createPrivate(path: string, content: string): Promise<void> {
  const temporary = temporaryBeside(path);
  await writeFlushed(temporary, content);
  try {
    await link(temporary, path);
  } finally {
    await rm(temporary);
  }
  await flushFolder(dirname(path));
}

/**
 * The text of a file that only its owner may read.
 * @throws LumbungError (4) where group or others may read or write it: whoever could is to be assumed to have.
 */
export async function readPrivate(path: string): Promise<string> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, "0");
    throw refused(
      {
        id: `${path}: mode ${octal}, seharusnya 0600: pengguna lain di mesin ini dapat membacanya`,
        en: `${path}: mode ${octal}, expected 0600: other users of this machine can read it`,
      },
      {
        id: `chmod 600 ${path}; bila mungkin sudah terbaca, anggap bocor dan ganti`,
        en: `chmod 600 ${path}; if it may have been read, take it as leaked and rotate`,
      },
    );
  }
  return readFile(path, "utf8");
}

/** The bytes of a file, or undefined where there is none. Any other failure is thrown. */
export async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** Whether the error is the system's "no such file". */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/**
 * Several files that change together or not at all, also across a crash: every new content is written to `<path>.next`, then the
 * list of paths to `marker`, which is the moment of truth, then each `.next` takes its place and the old one becomes `.previous`.
 * The caller holds a lock, and `finishCommit` first.
 */
export async function commitTogether(marker: string, files: readonly FileContent[]): Promise<void> {
  for (const { path, content } of files) await writeFlushed(`${path}.next`, content);
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) await flushFolder(folder);
  await writeAtomically(marker, `${JSON.stringify(files.map(({ path }) => relative(dirname(marker), path)))}\n`);
  await finishCommit(marker);
}

/** Completes a commit that was cut short after its moment of truth. Does nothing where there is none. Safe to repeat. */
export async function finishCommit(marker: string): Promise<void> {
  for (const path of await pendingPaths(marker)) {
    if (!(await exists(`${path}.next`))) continue;
    if (await exists(path)) {
      await rm(`${path}.previous`, { force: true });
      await link(path, `${path}.previous`);
    }
    await rename(`${path}.next`, path);
    await flushFolder(dirname(path));
  }
  await rm(marker, { force: true });
}

/** What a file holds or, where a commit is under way or was cut short after its moment of truth, will hold. Undefined where it is absent. */
export async function readCommitted(marker: string, path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const pending = (await pendingPaths(marker)).includes(path);
  return (pending ? await readIfThere(`${path}.next`) : undefined) ?? (await readIfThere(path));
}

function temporaryBeside(path: string): string {
  return `${path}.${randomUUID()}.tmp`;
}

async function pendingPaths(marker: string): Promise<string[]> {
  const content = await readIfThere(marker);
  if (content === undefined) return [];
  const paths = JSON.parse(Buffer.from(content).toString("utf8")) as string[];
  return paths.map((path) => join(dirname(marker), path));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: unknown) => {
      if (isAbsence(error)) return false;
      throw error;
    },
  );
}

async function writeFlushed(path: string, content: string | Uint8Array): Promise<void> {
  await rm(path, { force: true });
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on disk only when its folder is. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Every file below a folder, with the folder's path before it; none where there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}
