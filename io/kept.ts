/** What is dear to make and may be lost: kept in the user's cache folder, each under a key that says all it was made of. */
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { isAbsence, readIfThere, writeAtomically } from "./files.ts";

/** Older ones are removed when a new one is written. */
const KEPT_PER_KIND = 32;

type Env = Readonly<Record<string, string | undefined>>;

/** What may be lost and is made again, shared by all clones of one user. */
export function cacheFolder(env: Env = process.env): string {
  return env.LUMBUNG_CACHE ?? join(env.XDG_CACHE_HOME ?? join(env.HOME ?? homedir(), ".cache"), "lumbung");
}

/** Hexadecimal SHA-256. */
export function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of each file below `root`, "" for one that is not there. */
export async function digestsOf(root: string, paths: readonly string[]): Promise<Record<string, string>> {
  const digests = await Promise.all(
    paths.map(async (path) => {
      const content = await readIfThere(join(root, path));
      return [path, content === undefined ? "" : digestOf(content)] as const;
    }),
  );
  return Object.fromEntries(digests);
}

/** Where a value of a kind is kept. `madeOf` is everything that decides it, as far as it is known beforehand. */
export function keptPath(kind: string, madeOf: unknown): string {
  return join(cacheFolder(), kind, `${digestOf(JSON.stringify(madeOf)).slice(0, 32)}.json`);
}

/** The value that was kept; undefined where there is none, or where it was cut short or altered. */
export async function readKept<T>(path: string): Promise<T | undefined> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  const text = Buffer.from(bytes).toString("utf8");
  const end = text.indexOf("\n");
  const value = text.slice(end + 1);
  return end > 0 && text.slice(0, end) === digestOf(value) ? (JSON.parse(value) as T) : undefined;
}

/** Keeps a value that JSON can hold. */
export async function writeKept(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, `${digestOf(text)}\n${text}`);
  await dropOldest(dirname(path));
}

async function dropOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  if (names.length <= KEPT_PER_KIND) return;
  const dated = await Promise.all(names.map(async (name) => ({ name, at: await modified(join(folder, name)) })));
  dated.sort((a, b) => b.at - a.at);
  for (const { name } of dated.slice(KEPT_PER_KIND)) await rm(join(folder, name), { force: true });
}

/** Another process may remove the same one at the same time. */
async function modified(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isAbsence(error)) return 0;
    throw error;
  }
}
