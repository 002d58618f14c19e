/**
 * It shows 1, 2, 4 and 5 of backups: after one scheduled round everything declared has a restorable copy at both sites; a drill restores and
 * proves each kind and leaves signed evidence; no credential of the data centre takes a locked version away.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "minio";
import { beforeAll, expect, test } from "vitest";
import type { BackupCoverage } from "../../model/derive/backup-coverage.ts";
import { objectKeysOf } from "../../model/object-keys.ts";
import type { Model } from "../../model/types.ts";
import type { DrillItem, DrillRecord } from "../../services/ops/jobs/drills.ts";
import { tellFigures } from "../faults/figures.ts";
import { eventually } from "./support/eventually.ts";
import { FULL, testInFull } from "./support/full.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { askStore, clientOf, identityOf, put, read, storeAt } from "./support/objects.ts";
import { attempts } from "./support/objects-refused.ts";
import { labModel, REGION, secretsOf } from "./support/region.ts";
import { troubleAt } from "./support/trouble.ts";

const OF_THE_LAB = ["--region", REGION];
let model: Model;
let drills: readonly DrillItem[];

beforeAll(async () => {
  model = await labModel();
});

async function json<T>(...words: readonly string[]): Promise<T> {
  return JSON.parse((await lumbung([...words, ...OF_THE_LAB, "--json"])).stdout) as T;
}

/** Each target that a site's own engines keep, at each site. */
const expected = (): string[] =>
  (model.backup?.targets ?? []).filter(({ engine }) => engine !== "foreign").map(({ id, site }) => `${site} ${id}`);

/** Each application that is drilled as a whole, at each site. */
const whole = (): string[] =>
  model.sites.flatMap(({ id }) => (model.backup?.applications ?? []).map((one) => `${id} ${one.id}`));

test("the scheduler has made a copy of everything that is declared, at both sites, by itself", async () => {
  expect(expected().length).toBeGreaterThan(20);
  const all = await eventually("a copy of everything", 600, async () => {
    const { items } = await json<BackupCoverage>("backup", "coverage");
    const missing = items
      .filter(({ newestAge }) => newestAge === null)
      .map(({ site, target, reason }) => `${site} ${target} (${reason?.en})`);
    if (missing.length > 0) throw new Error(`none yet: ${missing.join(", ")}`);
    return items;
  }).catch(async (error: Error) => {
    const why = (error.cause as Error | undefined)?.message;
    const { stdout } = await lumbung(["backup", "list", ...OF_THE_LAB]);
    const open = stdout.split("\n").filter((line) => !/● |–/.test(line));
    const trouble = await troubleAt("dc-backup", "drc-backup");
    throw new Error([`${error.message}: ${why}`, ...open, trouble].join("\n"));
  });
  expect(all.map(({ site, target }) => `${site} ${target}`).sort()).toEqual(expected().sort());
}, 660_000);

/** One target of each kind, and one application, at the one site and the other in turn: what the gate has time for. */
function sample(): string[] {
  const kinds = new Map<string, string>();
  for (const { kind, id, engine } of model.backup?.targets ?? [])
    if (engine !== "foreign" && !kinds.has(kind)) kinds.set(kind, id);
  return [...kinds.values(), model.backup?.applications?.[0]?.id ?? ""];
}

async function drilled(): Promise<readonly DrillItem[]> {
  if (FULL) return drillsOf(["--all"]);
  const sites = model.sites.map(({ id }) => id).reverse();
  const ran: DrillItem[] = [];
  for (const [index, target] of sample().entries())
    ran.push(...(await drillsOf(["--target", target, "--site", sites[index % sites.length] ?? ""])));
  return ran;
}

async function drillsOf(words: readonly string[]): Promise<readonly DrillItem[]> {
  const ran = await lumbung(["drill", "run", ...words, ...OF_THE_LAB, "--json"]);
  expect(ran.code, ran.stderr).toBe(0);
  return (JSON.parse(ran.stdout) as { items: DrillItem[] }).items;
}

test("a drill restores each kind and an application, to the very content that was signed; in the full test each target at each site", async () => {
  drills = await drilled();
  expect(
    drills.filter(({ passed }) => !passed).map(({ site, target, why }) => `${site} ${target}: ${why?.en}`),
  ).toEqual([]);
  expect(whole()).toHaveLength(6);
  const ran = drills.map(({ site, target }) => `${site} ${target}`).sort();
  if (FULL) expect(ran).toEqual([...expected(), ...whole()].sort());
  else expect(new Set(drills.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(6);
  expect(drills.map(({ proven }) => proven)).toEqual(drills.map(() => "exactly"));
  expect(drills.map(({ differing }) => differing)).toEqual(drills.map(() => 0));
  if (FULL) tellFigures({ drills: `${drills.length} of ${expected().length + whole().length} exactly` });
}, 1_500_000);

test("an application restored whole shows its page and hands out an upload, and its report says so", async () => {
  for (const one of drills.filter(({ target }) => target.startsWith("application:"))) {
    const { report } = await json<DrillRecord>("drill", "show", one.id);
    const parts = model.backup?.applications?.find(({ id }) => id === one.target);
    expect(report?.parts?.map(({ target }) => target)).toEqual(
      [parts?.database, parts?.files].filter((target) => target !== undefined),
    );
    const checks = new Map(report?.checks.map(({ name, ok, detail }) => [name, { ok, detail }]));
    const [host] = model.applications.find(({ id }) => id === parts?.application)?.hosts ?? [];
    expect(checks.get("application"), one.target).toMatchObject({ ok: true });
    expect(checks.get("page"), one.target).toMatchObject({ ok: true });
    expect(checks.get("page")?.detail).toContain(`https://${host}/`);
    expect(checks.has("upload")).toBe(parts?.files !== undefined);
    expect(report?.left).toEqual([]);
  }
}, 120_000);

testInFull(
  "everything declared is covered, each copy younger than its RPO",
  async () => {
    // An archive is checked twice in its RPO, and not while its server's drill ran.
    const coverage = await eventually("full coverage", 400, async () => {
      const ran = await lumbung(["backup", "coverage", ...OF_THE_LAB, "--json"]);
      const found = JSON.parse(ran.stdout) as BackupCoverage;
      const open = found.items.filter(({ state }) => state !== "ok");
      if (ran.code !== 0)
        throw new Error(open.map(({ site, target, reason }) => `${site} ${target}: ${reason?.en}`).join("; "));
      return found;
    });
    expect(coverage).toMatchObject({
      region: REGION,
      share: 1,
      declared: expected().length,
      covered: expected().length,
    });
    for (const { newestAge, rpo } of coverage.items) expect(newestAge).toBeLessThanOrEqual(rpo ?? -1);
    // What others run is not ours to restore: it is told apart, and counted nowhere.
    expect(coverage.elsewhere.map(({ target }) => target)).toEqual(["application:server/simrs"]);
    tellFigures({ covered: `${coverage.covered} of ${coverage.declared}` });
  },
  420_000,
);

test("the report names each table compared, for reading and for printing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "drill-"));
  try {
    const one = drills.find(({ target, site }) => target === "postgresql:utama" && site === "drc");
    const record = await json<DrillRecord>("drill", "show", one?.id ?? "");
    const names = record.report?.compared.map(({ name }) => name) ?? [];
    expect(names).toEqual(expect.arrayContaining(["pengaduan.public.complaint", "postgres.lumbung.region"]));
    expect(record.report?.checks.map(({ name, ok }) => `${name} ${ok}`)).toEqual(
      expect.arrayContaining(["pg_amcheck true"]),
    );
    expect(record.report?.left).toEqual([]);
    await lumbungWell(["drill", "show", one?.id ?? "", ...OF_THE_LAB, "--to", join(folder, "report.html")]);
    const page = await readFile(join(folder, "report.html"), "utf8");
    for (const name of names) expect(page).toContain(name);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("each drill left a signed record, which both sites have, and everything verifies", async () => {
  const ids = await eventually("a record of every drill", 60, async () => {
    const { items } = await json<{ items: DrillItem[] }>("drill", "list");
    const evidence = new Map(items.map(({ id, evidence: record }) => [id, record]));
    const own = drills.map(({ id }) => evidence.get(id));
    return own.every((record) => typeof record === "string") ? (own as string[]) : undefined;
  });
  for (const site of model.sites)
    await eventually(`every record at ${site.id}`, 120, async () => {
      const { items } = await json<{ items: { id: string; kind: string }[] }>("evidence", "list", "--site", site.id);
      const there = new Map(items.map(({ id, kind }) => [id, kind]));
      const missing = ids.filter((id) => there.get(id) !== "drill");
      if (missing.length > 0) throw new Error(missing.join(", "));
      return true;
    });
  const verified = await lumbung(["evidence", "verify", ...OF_THE_LAB, "--json"]);
  expect(JSON.parse(verified.stdout)).toMatchObject({ broken: [], unreachable: [] });
  expect(verified.code).toBe(0);
}, 240_000);

/** Of what a writer may try, what would take a locked version or its lock away. */
const DESTROYING = /^(remove|shorten|weaken|take|suspend|change the bucket|put a lifecycle|delete)/;

test("no credential that the data centre holds takes a locked version of a backup away, here or there (D9)", async () => {
  const bucket = model.backup?.bucket ?? "";
  const dc = await secretsOf("dc");
  // Of several epochs: whoever holds a secret has those of every one.
  const held = [...Object.values(dc.objectIdentities), ...Object.values(dc.objectReaders)].flatMap(({ secret }) =>
    [1, 2, 3].map((epoch) => objectKeysOf(secret, epoch)),
  );
  expect(held.length).toBeGreaterThan(10);
  for (const site of model.sites) {
    const own = await secretsOf(site.id);
    const writer = clientOf(storeAt(site, own), identityOf(own, `${bucket}/write`));
    const object = `uji/${crypto.randomUUID()}`;
    const version = await put(writer, bucket, object, "cadangan");
    const until = await lockOf(writer, bucket, object, version);
    const tried = Object.entries(attempts({ bucket, object, version, until, other: bucket }));
    const destroying = tried.filter(([what]) => DESTROYING.test(what));
    expect(destroying.length).toBeGreaterThan(8);
    for (const identity of held) {
      const client = clientOf(storeAt(site, own), identity);
      for (const [, asked] of destroying) await askStore(client, asked);
    }
    // An overwrite and a plain delete, which engines need, hide it and take nothing away.
    await put(writer, bucket, object, "lain");
    await askStore(writer, { method: "DELETE", bucket, object });
    const reader = clientOf(storeAt(site, own), identityOf(own, `${bucket}/read`));
    expect(await read(reader, bucket, object, version)).toBe("cadangan");
    expect((await lockOf(reader, bucket, object, version)).getTime()).toBeGreaterThanOrEqual(until.getTime());
  }
}, 240_000);

async function lockOf(client: Client, bucket: string, object: string, version: string): Promise<Date> {
  const head = await askStore(client, { method: "HEAD", bucket, object, query: `versionId=${version}` });
  const until = new Date(String(head.headers["x-amz-object-lock-retain-until-date"]));
  expect(until.getTime()).toBeGreaterThan(Date.now());
  return until;
}
