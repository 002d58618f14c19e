/** Drills of what restic keeps: every file's digest, and what else each kind can prove of itself. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Source } from "../config.ts";
import type { BackupFiles } from "../files.ts";
import { fetchSnapshot, type ResticSettings, stagingFolder } from "../keep.ts";
import { compareFiles, DATA, MANIFEST } from "../manifest.ts";
import { run } from "../process.ts";
import { CONTENT, listIn } from "../sources/objects.ts";
import { bucketClient } from "../store.ts";
import type { Compared, DrillReport } from "../wire.ts";
import type { Work } from "../work.ts";

type Check = DrillReport["checks"][number];

/** Restores one snapshot into the folder and compares it. The folder is the caller's to empty. */
export async function drillFiles(
  work: Work,
  files: BackupFiles,
  folder: string,
  env: ResticSettings = {},
): Promise<DrillReport> {
  const { order } = work;
  const { copy, proof, choice } = order;
  if (!copy) throw new Error(`${order.target}: expected the copy to restore, received none`);
  const begun = work.seconds();
  await fetchSnapshot(work, copy.id, folder, env, stagingFolder(order.target));
  const fetched = work.seconds();
  work.phase({ id: "membandingkan tiap berkas", en: "comparing every file" });
  const signed = proof?.proof === "files" ? proof : undefined;
  const found = await compareFiles(folder, signed, work.signal);
  const source = files.config.sources.find(({ target }) => target === order.target);
  const checks = source === undefined ? [] : await checksOf(work, files, source, join(folder, DATA));
  const proven = work.seconds();
  const sum: Compared = {
    name: `${found.entries} ${found.entries === 1 ? "entry" : "entries"}`,
    same: found.compared.length === 0,
    expected: String(found.entries),
    received: String(found.entries - found.compared.filter(({ received }) => received === null).length),
    rows: found.entries,
  };
  const compared = [...(found.manifest ? [{ ...found.manifest, name: MANIFEST }] : []), sum, ...found.compared];
  const passed = compared.every(({ same }) => same) && checks.every(({ ok }) => ok);
  return {
    report: "drill",
    copy,
    ...(choice ? { choice } : {}),
    // Without a signed digest the copy can only be shown to be as its own list says.
    proven: signed ? "exactly" : "sentinel",
    passed,
    restoredTo: copy.at,
    seconds: { find: 0, fetch: fetched - begun, restore: 0, replay: 0, prove: proven - fetched },
    bytes: found.bytes,
    rtoSeconds: fetched - begun,
    compared,
    checks,
    left: [],
    ...(passed ? {} : { why: whyNot(compared, checks) }),
  };
}

function whyNot(compared: readonly Compared[], checks: readonly Check[]) {
  const names = compared.filter(({ same }) => !same).map(({ name }) => name);
  const failed = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
  const what = [...names.slice(0, 5), ...failed].join("; ");
  return {
    id: `isi salinan tidak sama dengan yang dicatat: ${what}. Buat cadangan baru sekarang, dan pulihkan dari salinan lain`,
    en: `the copy's content is not what was written down: ${what}. Take a new backup now, and restore from another copy`,
  };
}

async function checksOf(work: Work, files: BackupFiles, source: Source, data: string): Promise<Check[]> {
  switch (source.kind) {
    case "repositories":
      return fsck(work, data);
    case "objects":
      return [await contents(data), await locks(work, files, source.bucket, data)];
    default:
      return [];
  }
}

/** Every object that a ref reaches is there and is what its name says (git-fsck). */
async function fsck(work: Work, data: string): Promise<Check[]> {
  const names = (await readdir(data)).filter((name) => name.endsWith(".git")).sort();
  const checks: Check[] = [];
  for (const name of names) {
    // Restored files belong to whoever restores; git otherwise refuses a repository of somebody else's.
    const git = ["git", "-c", `safe.directory=${join(data, name)}`, "-C", join(data, name)];
    const checked = await run([...git, "fsck", "--full", "--strict", "--no-dangling"], { signal: work.signal });
    const refs = await run([...git, "for-each-ref", "--format=%(refname)"], { signal: work.signal });
    const count = refs.stdout.split("\n").filter((line) => line !== "").length;
    const ok = checked.code === 0 && refs.code === 0;
    const detail = ok ? `${count} refs` : (checked.stderr || checked.stdout).trim().split("\n").slice(-1).join("");
    checks.push({ name: `git fsck ${name.replace(/\.git$/, "")}`, ok, detail });
  }
  return checks;
}

/** Every version of the list that has content is there under its digest. */
async function contents(data: string): Promise<Check> {
  const list = await listIn(data);
  const there = new Set(await readdir(join(data, CONTENT)));
  const missing = list.filter(({ sha256 }) => sha256 !== null && !there.has(sha256));
  const detail =
    missing.length === 0 ? `${list.length} versions` : `missing: ${missing[0]?.key}, ${missing.length} in all`;
  return { name: "versions", ok: missing.length === 0, detail };
}

/** Versions whose lock is asked of the running store: as many as can be asked within a moment. */
const ASKED = 100;

/** What was locked when it was copied is still locked at least as long in the store. */
async function locks(work: Work, files: BackupFiles, bucket: string, data: string): Promise<Check> {
  const now = work.now().getTime();
  const locked = (await listIn(data)).filter(
    ({ retainUntil }) => retainUntil !== null && Date.parse(retainUntil) > now,
  );
  const asked = locked.slice(0, ASKED);
  const client = await bucketClient(files, bucket);
  const shorter: string[] = [];
  for (const { key, versionId, retainUntil } of asked) {
    const found = (await client.getObjectRetention(bucket, key, { versionId })) as { retainUntilDate?: string } | null;
    if (Date.parse(found?.retainUntilDate ?? "") < Date.parse(retainUntil ?? "")) shorter.push(key);
  }
  const detail =
    shorter.length === 0
      ? `${asked.length} of ${locked.length} locked versions asked`
      : `shorter or gone: ${shorter.slice(0, 3).join(", ")}`;
  return { name: "locks", ok: shorter.length === 0, detail };
}
