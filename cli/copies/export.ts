/**
 * A site's repositories as they are at one moment, on a medium that can be taken away: still encrypted, and readable by pgBackRest and restic
 * alone (guide.ts says how).
 */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Client } from "minio";
import { outOfReach, refused } from "../../io/errors.ts";
import { type Version, versionsBelow } from "../../io/object-versions.ts";
import type { ExportedFile, ExportManifest } from "./manifest.ts";
import { MANIFEST, REPOSITORIES } from "./manifest.ts";

/** What of the bucket belongs to the repositories; what was imported from elsewhere does not. */
export const PREFIXES = ["pgbackrest/", "restic/"] as const;
/** Lists of restic's runs under way: no copy has a use for them. */
const NOT_TAKEN = /^restic\/locks\//;
const AT_ONCE = 4;

export interface Exporting {
  readonly client: Client;
  readonly bucket: string;
  readonly folder: string;
  /** Told after each file how many bytes are done, of how many. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Writes every object that is in force. @throws LumbungError (4) where the folder is not empty, (3) where it has too little room. */
export async function exportObjects({ client, bucket, folder, onProgress }: Exporting): Promise<ExportedFile[]> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw refused(
      { id: `${folder}: tidak kosong`, en: `${folder}: is not empty` },
      { id: "beri folder baru", en: "give a new folder" },
    );
  const versions = await inForce(client, bucket);
  const total = versions.reduce((sum, { size = 0 }) => sum + size, 0);
  await requireRoom(folder, total);
  const files: ExportedFile[] = [];
  let done = 0;
  const rest = [...versions];
  const work = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const file = await writeObject(client, bucket, next, folder);
      files.push(file);
      done += file.bytes;
      onProgress(done, total);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** One list of versions: what is deleted meanwhile is still there under its version. */
async function inForce(client: Client, bucket: string): Promise<Version[]> {
  const found: Version[] = [];
  for (const prefix of PREFIXES)
    for await (const version of versionsBelow(client, bucket, prefix))
      if (version.isLatest === true && version.isDeleteMarker !== true && !NOT_TAKEN.test(version.name ?? ""))
        found.push(version);
  return found;
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const [needed, free] = [bytes, bavail * bsize].map((count) => `${Math.ceil(count / 1024 / 1024)} MiB`);
  if (bavail * bsize > bytes * 1.02) return;
  throw outOfReach(
    { id: `${folder}: perlu ${needed}, tersedia ${free}`, en: `${folder}: ${needed} are needed, ${free} are free` },
    { id: "pakai media yang lebih besar", en: "use a larger medium" },
  );
}

async function writeObject(client: Client, bucket: string, version: Version, folder: string): Promise<ExportedFile> {
  const { name = "", versionId } = version;
  const path = `${REPOSITORIES}/${name}`;
  const to = join(folder, path);
  await mkdir(dirname(to), { recursive: true });
  const hash = createHash("sha256");
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const told = typeof versionId === "string" ? { versionId } : {};
  await pipeline(await client.getObject(bucket, name, told), counted, createWriteStream(`${to}.partial`));
  if (version.size !== undefined && version.size !== bytes)
    throw new Error(`${bucket}/${name}: expected ${version.size} bytes, received ${bytes}`);
  await rename(`${to}.partial`, to);
  return { path, bytes, sha256: hash.digest("hex") };
}

/** Last of all: a folder without it is no copy. @returns its SHA-256, for the label. */
export async function writeExportManifest(folder: string, manifest: ExportManifest): Promise<string> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await writeFile(join(folder, `${MANIFEST}.partial`), text);
  await rename(join(folder, `${MANIFEST}.partial`), join(folder, MANIFEST));
  return createHash("sha256").update(text).digest("hex");
}
