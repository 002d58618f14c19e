/** A bucket: every version that can be read, and a list of what each is called, weighs and until when it is locked. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Version, versionsBelow } from "../../../io/object-versions.ts";
import { bucketClient } from "../store.ts";
import type { Bringing, Of } from "./types.ts";

/** A line of `versions.jsonl`. */
export interface KeptVersion {
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: string;
  readonly latest: boolean;
  /** A mark that the object was deleted: it has no content. */
  readonly deleted: boolean;
  readonly bytes: number;
  /** Of its content, hex; also its file's name below `content/`. */
  readonly sha256: string | null;
  /** Until when it is locked; null: it is not. */
  readonly retainUntil: string | null;
}

export const LIST = "versions.jsonl";
export const CONTENT = "content";

export async function bringObjects({ source, folder, files, work }: Bringing<Of<"objects">>): Promise<void> {
  const client = await bucketClient(files, source.bucket);
  await mkdir(join(folder, CONTENT), { recursive: true });
  const known = new Map((await listIn(folder)).map((one) => [keyOf(one), one]));
  const locks = await locked(client, source.bucket);
  const list: KeptVersion[] = [];
  for await (const version of versionsBelow(client, source.bucket, "")) {
    work.signal.throwIfAborted();
    const { name: key = "", versionId } = version;
    const id = typeof versionId === "string" ? versionId : "null";
    const before = known.get(keyOf({ key, versionId: id }));
    const deleted = version.isDeleteMarker === true;
    const sha256 = deleted ? null : (before?.sha256 ?? (await fetch(client, source.bucket, version, folder)));
    list.push({
      ...{ key, versionId: id, deleted, sha256, bytes: deleted ? 0 : (version.size ?? 0) },
      ...{ latest: version.isLatest === true, lastModified: version.lastModified?.toISOString() ?? "" },
      retainUntil: deleted || !locks ? null : await retention(client, source.bucket, key, id, before),
    });
    work.phase({
      id: `objek ${source.bucket}: ${list.length} versi`,
      en: `objects of ${source.bucket}: ${list.length} versions`,
    });
  }
  list.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await writeFile(join(folder, LIST), list.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const needed = new Set(list.map(({ sha256 }) => sha256));
  for (const name of await readdir(join(folder, CONTENT))) if (!needed.has(name)) await rm(join(folder, CONTENT, name));
}

type Store = Awaited<ReturnType<typeof bucketClient>>;

const keyOf = ({ key, versionId }: Pick<KeptVersion, "key" | "versionId">): string => `${key}\0${versionId}`;

async function locked(client: Store, bucket: string): Promise<boolean> {
  try {
    const config = await client.getObjectLockConfig(bucket);
    return Object.keys(config ?? {}).length > 0;
  } catch (error) {
    if ((error as { code?: string }).code === "ObjectLockConfigurationNotFoundError") return false;
    throw error;
  }
}

/** A lock never becomes shorter; one that has not ended yet is asked for anew, as it may have become longer. */
async function retention(
  client: Store,
  bucket: string,
  key: string,
  versionId: string,
  before: KeptVersion | undefined,
): Promise<string | null> {
  if (before && before.retainUntil !== null && Date.parse(before.retainUntil) < Date.now()) return before.retainUntil;
  try {
    const found = await client.getObjectRetention(bucket, key, { versionId });
    const { retainUntilDate } = (found ?? {}) as { retainUntilDate?: string };
    return retainUntilDate === undefined ? null : new Date(retainUntilDate).toISOString();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "NoSuchObjectLockConfiguration" || code === "ObjectLockConfigurationNotFoundError") return null;
    throw error;
  }
}

/** The content under its digest. */
async function fetch(
  client: Store,
  bucket: string,
  { name = "", versionId }: Version,
  folder: string,
): Promise<string> {
  const partial = join(folder, CONTENT, ".partial");
  const told = typeof versionId === "string" ? { versionId } : {};
  await pipeline(await client.getObject(bucket, name, told), createWriteStream(partial));
  const hash = createHash("sha256");
  await pipeline(createReadStream(partial), hash);
  const sha256 = hash.digest("hex");
  await rename(partial, join(folder, CONTENT, sha256));
  return sha256;
}

/** What a folder's list says; empty where there is none. */
export async function listIn(folder: string): Promise<KeptVersion[]> {
  const text = await readFile(join(folder, LIST), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as KeptVersion]));
}
