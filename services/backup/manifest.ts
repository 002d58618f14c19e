/** The list of everything in a copy of files: written beside them when they are copied, and compared when they are restored. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { givingWay } from "./giving-way.ts";
import type { Compared, FilesProof } from "./wire.ts";

/** Files by path, and what links point at. Folders are told where they are empty. */
export interface Entry {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 in hex; of a link, of what it points at; of an empty folder `-`. */
  readonly sha256: string;
}

export const MANIFEST = "manifest.json";
export const DATA = "data";

/** Every entry below a folder, in order of path. @throws the system's error, and the signal's reason. */
export async function entriesBelow(top: string, signal?: AbortSignal): Promise<Entry[]> {
  const entries: Entry[] = [];
  await walk(top, "", entries, signal);
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function walk(top: string, below: string, entries: Entry[], signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const found = await readdir(join(top, below), { withFileTypes: true });
  if (found.length === 0 && below !== "") entries.push({ path: below, bytes: 0, sha256: "-" });
  for (const one of found) {
    const path = below === "" ? one.name : `${below}/${one.name}`;
    if (one.isDirectory()) await walk(top, path, entries, signal);
    else if (one.isSymbolicLink()) entries.push(ofBytes(path, Buffer.from(await readlink(join(top, path)))));
    else if (one.isFile())
      entries.push({ path, bytes: (await lstat(join(top, path))).size, sha256: await digestOf(join(top, path)) });
  }
}

const ofBytes = (path: string, bytes: Buffer): Entry => ({
  path,
  bytes: bytes.length,
  sha256: createHash("sha256").update(bytes).digest("hex"),
});

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    await givingWay()?.untilRunning();
  }
  return hash.digest("hex");
}

/** Writes `manifest.json` beside `data/` and says what is to be signed. */
export async function writeManifest(folder: string, at: string, signal?: AbortSignal): Promise<FilesProof> {
  const entries = await entriesBelow(join(folder, DATA), signal);
  const text = `${entries.map((entry) => JSON.stringify(entry)).join("\n")}\n`;
  await writeFile(join(folder, MANIFEST), text);
  return proofOf(text, entries, at);
}

function proofOf(text: string, entries: readonly Entry[], at: string): FilesProof {
  return {
    proof: "files",
    at,
    sha256: createHash("sha256").update(text).digest("hex"),
    entries: entries.length,
    bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

export interface FilesComparison {
  /** Whether the restored manifest is the one that was signed; undefined: none was. */
  readonly manifest: Compared | undefined;
  readonly compared: readonly Compared[];
  readonly entries: number;
  readonly bytes: number;
}

/** Every restored file against the manifest that was restored with it, and that one against the signed digest. Those that fit are counted only. */
export async function compareFiles(
  folder: string,
  proof: FilesProof | undefined,
  signal?: AbortSignal,
): Promise<FilesComparison> {
  const text = await readFile(join(folder, MANIFEST), "utf8");
  const expected = text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Entry]));
  const received = await entriesBelow(join(folder, DATA), signal);
  const sum = proofOf(text, expected, "");
  const manifest =
    proof === undefined
      ? undefined
      : { name: MANIFEST, same: proof.sha256 === sum.sha256, expected: proof.sha256, received: sum.sha256 };
  return { manifest, compared: differing(expected, received), entries: expected.length, bytes: sum.bytes };
}

/** One line for each entry that is missing, was not there, or has another content. Pure. */
export function differing(expected: readonly Entry[], received: readonly Entry[]): Compared[] {
  const there = new Map(received.map((entry) => [entry.path, entry.sha256]));
  const meant = new Map(expected.map((entry) => [entry.path, entry.sha256]));
  const names = [...new Set([...meant.keys(), ...there.keys()])].sort();
  return names.flatMap((name) => {
    const [one = null, other = null] = [meant.get(name), there.get(name)];
    return one === other ? [] : [{ name, same: false, expected: one, received: other }];
  });
}
