/**
 * Backups of PostgreSQL without the lab around them: two sites, each with a real server under Patroni, a real object store and a repository
 * host. What is restored is compared with what was there, table by table.
 */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../io/images-bundles.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { objectKeysOf } from "../../model/object-keys.ts";
import type { BackupReport, DrillReport, RunOrder, RunState } from "../../services/backup/wire.ts";
import { BackupStand, BUCKET, type SiteId, sites } from "./support/backup-stand.ts";
import { eventually } from "./support/eventually.ts";
import { askStore, clientOf, identityOf, storeAt } from "./support/objects.ts";

const stand = new BackupStand();
const TARGET = "postgresql:utama";

beforeAll(async () => {
  await stand.prepare();
  stand.role("dc", "active");
  stand.role("drc", "standby");
  for (const workload of ["objects", "postgres-utama"]) {
    await stand.untilHealth("dc", workload, /permit/);
    stand.permit("dc", workload);
  }
  await stand.untilHealth("dc", "postgres-utama", /^primary/);
  await stand.untilHealth("drc", "postgres-utama", /^standby of dc, streaming/, 240);
  for (const site of sites) {
    await stand.untilHealth(site, "backup", /^repository host, epoch 1, 1 stanzas$/, 240);
    await stand.untilHealth(site, "drill", /^drill room, epoch 1$/);
  }
  stand.sql(
    "dc",
    "pengaduan",
    "create table a (id int primary key, body text); create table b (id int primary key, at timestamptz);",
  );
  fill(1, 20_000);
}, 900_000);
afterAll(() => stand.fell());

function fill(from: number, to: number): void {
  stand.sql(
    "dc",
    "pengaduan",
    `insert into a select i, repeat(md5(i::text), 20) from generate_series(${from}, ${to}) i;
     insert into b select i, now() from generate_series(${from}, ${to}) i;`,
  );
}

let count = 0;

/** Has the site do something with its database server, as `ops` would order it. */
async function work(site: SiteId, action: RunOrder["action"], more: Partial<RunOrder> = {}): Promise<RunState> {
  count += 1;
  const order = {
    id: `run-${count}`,
    target: TARGET,
    action,
    engine: "pgbackrest",
    standby: site === "drc",
    ...more,
  } as const;
  return stand.work(site, action === "drill" ? "drill" : "backup", order);
}

/** A backup, which must succeed and be followed by a checkpoint. */
async function backup(
  site: SiteId,
  action: RunOrder["action"],
  name: RunOrder["class"] = "base",
): Promise<BackupReport> {
  const state = await work(site, action, { class: name });
  expect(state).toMatchObject({ state: "succeeded", report: { report: "backup", proof: { proof: "tables" } } });
  return state.report as BackupReport;
}

async function drill(site: SiteId, { copy, proof }: BackupReport, more: Partial<RunOrder> = {}): Promise<DrillReport> {
  const state = await work(site, "drill", { copy, ...(proof ? { proof } : {}), ...more });
  expect(state.report, JSON.stringify(state.why)).toMatchObject({ report: "drill" });
  return state.report as DrillReport;
}

const copiesOf = (site: SiteId) => stand.copies(site).copies.filter(({ target }) => target === TARGET);
const tables = ({ compared }: DrillReport) => compared.map(({ name, same }) => `${name} ${same}`).sort();

describe("the active site", () => {
  let [full, incremental]: BackupReport[] = [];

  it("makes its credentials one after the other where several ask at the same moment", () => {
    const asked =
      "rm -r /run/backup/store/*/; /usr/local/lib/lumbung/backup/epoch & two=$!; /usr/local/lib/lumbung/backup/epoch & three=$!";
    const all = `${asked}; /usr/local/lib/lumbung/backup/epoch && wait $two && wait $three && ls -A /run/backup/store`;
    const { code, said } = stand.script("drc", "drill", all);
    expect([code, said.trim()], said).toEqual([0, expect.stringMatching(/^1-[0-9a-f]{16}$/)]);
  });

  it("takes a full, an incremental and a monthly backup, each with a checkpoint of every table", async () => {
    full = await backup("dc", "full");
    fill(20_001, 30_000);
    incremental = await backup("dc", "incremental");
    await backup("dc", "full", "monthly");
    expect(copiesOf("dc").map(({ type, class: name }) => `${type} ${name}`)).toEqual([
      "full base",
      "incremental base",
      "full monthly",
    ]);
    expect(incremental.copy.needs).toEqual([full.copy.id]);
    const names =
      incremental.proof?.proof === "tables" ? incremental.proof.tables.map(({ name, rows }) => `${name} ${rows}`) : [];
    expect(names).toEqual(expect.arrayContaining(["pengaduan.public.a 30000", "pengaduan.public.b 30000"]));
    expect(await work("dc", "read-data")).toMatchObject({ state: "succeeded" });
    expect(await work("dc", "archive-check")).toMatchObject({
      state: "succeeded",
      report: { archivedTo: expect.any(String) },
    });
    await stand.untilHealth("dc", "postgres-utama", /^primary, timeline \d+, [0-9A-F/]+$/);
  }, 400_000);

  it("restores the newest and the oldest copy to their very checkpoints, table by table, and leaves nothing", async () => {
    stand.sql("dc", "pengaduan", "delete from a where id % 2 = 0;");
    for (const report of [incremental, full]) {
      if (!report) throw new Error("no backup");
      const found = await drill("dc", report);
      expect(found).toMatchObject({ passed: true, proven: "exactly", left: [] });
      expect(tables(found)).toEqual(expect.arrayContaining(["pengaduan.public.a true", "pengaduan.public.b true"]));
      expect(found.checks.every(({ ok }) => ok)).toBe(true);
    }
    expect(stand.script("dc", "drill", "ls -A /scratch; pgrep -c postgres || true").said).toBe("0");
  }, 400_000);

  it("names the table in which one value was changed before the proof", async () => {
    if (!incremental?.proof) throw new Error("no backup");
    const { copy, proof } = incremental;
    const order = { id: "altered", target: TARGET, action: "drill", engine: "pgbackrest", standby: false, copy, proof };
    const statement = "update a set body = body || '!' where id = 77;";
    const [programme] = await bundle(REPOSITORY, { "altered.mjs": "tests/lab/support/altered-drill.ts" });
    const put = stand.inside("dc", "drill", ["sh", "-c", "cat >/tmp/altered.mjs"], String(programme?.content));
    expect(put).toEqual({ code: 0, said: "" });
    const told = JSON.stringify({ order, database: "pengaduan", statement });
    const { said } = stand.inside("dc", "drill", ["node", "/tmp/altered.mjs"], told);
    const report = JSON.parse(said.split("\n").at(-1) ?? "") as DrillReport;
    expect(report).toMatchObject({ passed: false, proven: "exactly", left: [] });
    expect(report.compared.filter(({ same }) => !same).map(({ name }) => name)).toEqual(["pengaduan.public.a"]);
    expect(report.why?.en).toContain("pengaduan.public.a");
  }, 300_000);

  it("restores any other moment, and says that only sentinels prove it", async () => {
    if (!full) throw new Error("no backup");
    const moment = stand.sql(
      "dc",
      "postgres",
      "select to_char(now() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    );
    fill(40_001, 40_010);
    expect(await work("dc", "archive-check")).toMatchObject({ state: "succeeded" });
    const found = await drill("dc", { report: "backup", copy: full.copy }, { until: moment });
    expect(found).toMatchObject({ passed: true, proven: "sentinel" });
  }, 300_000);
});

describe("the recovery site", () => {
  it("archives a WAL stream of its own, copies files from its own server, and restores them from its own copies alone", async () => {
    expect(await work("drc", "archive-check")).toMatchObject({ state: "succeeded" });
    const report = await backup("drc", "full");
    expect(copiesOf("drc").map(({ type }) => type)).toEqual(["full"]);
    expect(await work("drc", "read-data")).toMatchObject({ state: "succeeded" });
    await stand.untilHealth("drc", "postgres-utama", /^standby of dc, streaming/);
    expect(await drill("drc", report)).toMatchObject({ passed: true, proven: "exactly", left: [] });
  }, 400_000);

  it("is out of the active site's reach: its store, its repository host and its keys (D9)", async () => {
    const store = `https://objects.drc.lab.internal:8333/${BUCKET}?list-type=2`;
    const asks = `curl --silent --cacert /config/current/tls/ca.crt --config /run/backup/curl '${store}'`;
    expect(stand.script("dc", "backup", asks).said).toContain("InvalidAccessKeyId");
    const { chain, key } = stand.secrets("dc").certificates.objects ?? { chain: "", key: "" };
    const reader = stand.secrets("dc").objectReaders.drc;
    if (!reader) throw new Error("no reader");
    stand.role("drc", "active");
    const copier = clientOf(storeAt(stand.site("drc"), stand.secrets("drc")), objectKeysOf(reader.secret, 1), {
      client: { cert: chain, key },
    });
    await eventually("the copier is let in elsewhere", 30, async () => {
      const list = { method: "GET", bucket: "data-terbuka", query: "list-type=2" };
      return (await askStore(copier, list)).code === "OK" ? true : undefined;
    });
    const refused = await askStore(copier, { method: "GET", bucket: BUCKET, query: "list-type=2" });
    expect([refused.code, refused.message]).toEqual([
      "AccessDenied",
      expect.stringContaining("keeps this bucket for itself"),
    ]);
    stand.role("drc", "standby");
    const there = [
      "pgbackrest",
      "--config=/config/current/pgbackrest.conf",
      "--stanza=utama",
      "--repo1-host=backup.drc.lab.internal",
    ];
    const crossed = stand.inside("dc", "postgres-utama", [
      ...there,
      "--log-level-console=error",
      "--repo=1",
      "repo-ls",
    ]);
    expect(crossed.code).not.toBe(0);
    expect(crossed.said).toMatch(/access denied/i);
  }, 120_000);
});

describe("a repository that is not as it was written", () => {
  it("is noticed by the check and by the drill: one flipped byte in a backup", async () => {
    const report = await backup("dc", "full");
    const flip = `
set -e
. /usr/local/lib/lumbung/backup/backup.sh
s3() { curl --silent --fail --cacert $config/tls/ca.crt --config $run/curl "$@"; }
key=$(pgbackrest --config=$conf --stanza=utama --repo=1 --log-level-console=error --recurse repo-ls backup/utama/${report.copy.id} | grep -E 'bundle/[0-9]+$' | head -n 1)
url="https://$(told .store.host):$(told .store.port)/$(told .store.bucket)/pgbackrest/base/backup/utama/${report.copy.id}/$key"
s3 --output /tmp/object "$url"
node -e 'const fs = require("fs"), d = fs.readFileSync("/tmp/object"); d[d.length >> 1] ^= 1; fs.writeFileSync("/tmp/object", d)'
s3 --upload-file /tmp/object "$url"
echo flipped "$key"`;
    expect(stand.script("dc", "backup", flip)).toMatchObject({ code: 0, said: expect.stringContaining("flipped") });
    const read = await work("dc", "read-data");
    expect(read).toMatchObject({ state: "failed" });
    const found = await drill("dc", report);
    expect(found).toMatchObject({ passed: false, left: [] });
    expect(found.why?.en).toMatch(new RegExp(report.copy.id));
  }, 300_000);

  it("does not take the version that was locked with it", async () => {
    const writer = clientOf(
      storeAt(stand.site("dc"), stand.secrets("dc")),
      identityOf(stand.secrets("dc"), `${BUCKET}/write`),
    );
    const list = { method: "GET", bucket: BUCKET, query: "prefix=pgbackrest%2Fbase%2Fbackup&versions" };
    const { body } = await askStore(writer, list);
    const keys = [...body.matchAll(/<Version>.*?<Key>(.*?)<\/Key>.*?<VersionId>(.*?)<\/VersionId>/gs)];
    const twice = keys.filter(([, key]) => keys.filter(([, other]) => other === key).length > 1);
    expect(twice.length).toBeGreaterThanOrEqual(2);
    const [, object = "", version = ""] = twice.at(-1) ?? [];
    const prune = clientOf(
      storeAt(stand.site("dc"), stand.secrets("dc")),
      identityOf(stand.secrets("dc"), `${BUCKET}/prune`),
    );
    for (const client of [writer, prune]) {
      const answer = await askStore(client, {
        method: "DELETE",
        bucket: BUCKET,
        object,
        query: `versionId=${version}`,
      });
      expect(answer.code).toBe("AccessDenied");
    }
    const asked = { method: "PUT", bucket: BUCKET, object: "x", body: "x" };
    expect((await askStore(prune, asked)).code).toBe("AccessDenied");
  }, 60_000);
});
