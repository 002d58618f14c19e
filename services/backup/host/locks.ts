/**
 * Makes locks longer on everything that is still needed: what is in force in the repository (the latest versions), old packs included. A lock
 * never ends before the bucket's own number of days from now, and of a backup in a class of its own not before that class lets it go.
 */
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Client } from "minio";
import { writeAtomically } from "../../../io/files.ts";
import { type Version, versionsBelow } from "../../../io/object-versions.ts";
import type { Needed } from "../../../model/derive/retention.ts";
import { paths } from "../config.ts";
import type { BackupFiles } from "../files.ts";
import { bucketClient } from "../store.ts";
import type { CareReport } from "../wire.ts";
import type { Work } from "../work.ts";

const DAY_MS = 86_400_000;
/** A lock that would become longer by less than this is left as it is. */
const WORTH_MS = DAY_MS / 2;

export interface Locking {
  readonly prefix: string;
  /** Backups that are needed, and the one that an object belongs to, if it belongs to one alone. */
  readonly needed: readonly Needed[];
  readonly belongsTo: (key: string) => string | undefined;
}

export async function extendLocks(work: Work, files: BackupFiles, locking: Locking): Promise<CareReport> {
  const { bucket, lockDays } = files.config.store;
  if (lockDays === 0) return { report: "care", figures: { versions: 0, extended: 0 } };
  const client = await bucketClient(files, bucket, "write");
  const held = await heldLocks(locking.prefix);
  const now = work.now().getTime();
  const kept = new Map<string, number>();
  let extended = 0;
  for await (const version of versionsBelow(client, bucket, locking.prefix)) {
    work.signal.throwIfAborted();
    if (version.isDeleteMarker === true || version.isLatest !== true) continue;
    const name = nameOf(version);
    const wanted = wantedUntil(version.name ?? "", locking, now, lockDays);
    const until = held.get(name) ?? firstLock(version, lockDays);
    if (wanted - until >= WORTH_MS) {
      await retain(client, bucket, version, wanted);
      extended += 1;
    }
    kept.set(name, Math.max(until, wanted - until >= WORTH_MS ? wanted : until));
    work.phase({ id: `kunci: ${kept.size} objek`, en: `locks: ${kept.size} objects` });
  }
  await rememberLocks(locking.prefix, kept);
  return { report: "care", figures: { versions: kept.size, extended } };
}

/** UTC milliseconds. Pure. */
export function wantedUntil(key: string, { needed, belongsTo }: Locking, now: number, lockDays: number): number {
  const id = belongsTo(key);
  const until = needed.find((one) => one.id === id)?.until;
  return Math.max(now + lockDays * DAY_MS, until === undefined ? 0 : Date.parse(until));
}

/** What the bucket gave it when it was written. */
const firstLock = ({ lastModified }: Version, lockDays: number): number =>
  (lastModified?.getTime() ?? 0) + lockDays * DAY_MS;

const nameOf = ({ name = "", versionId }: Version): string => `${name}\t${versionId ?? "null"}`;

async function retain(client: Client, bucket: string, { name = "", versionId }: Version, until: number): Promise<void> {
  await client.putObjectRetention(bucket, name, {
    mode: "COMPLIANCE",
    retainUntilDate: new Date(until).toISOString(),
    versionId: versionId ?? "null",
  });
}

/** What was extended before, so that only what changed is asked of the store; one that is lost costs asking again. */
const rememberedAt = (prefix: string, folder = join(paths.cache, "locks")): string =>
  join(folder, prefix.replaceAll("/", "-"));

async function heldLocks(prefix: string): Promise<Map<string, number>> {
  const text = await readFile(rememberedAt(prefix), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return new Map(text.split("\n").flatMap((line) => lockIn(line)));
}

function lockIn(line: string): [string, number][] {
  const [key, version, until] = line.split("\t");
  return key && version && until ? [[`${key}\t${version}`, Number(until)]] : [];
}

/** @param folder of what is remembered; default: in the cache. */
export async function rememberLocks(
  prefix: string,
  locks: ReadonlyMap<string, number>,
  folder?: string,
): Promise<void> {
  const path = rememberedAt(prefix, folder);
  await mkdir(dirname(path), { recursive: true });
  // Targets that share a repository write the same file, perhaps at once: the later one stands, and costs some asking.
  await writeAtomically(path, [...locks].map(([name, until]) => `${name}\t${until}\n`).join(""));
}
