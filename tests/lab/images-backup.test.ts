/**
 * Backups of PostgreSQL without the lab around them: two sites, each with a real server under Patroni, a real object store and a repository
 * host. What is restored is compared with what was there, table by table.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pgbackrestWords } from "../../services/ops/jobs/commands.ts";
import { jobsOf } from "../../services/ops/jobs/from-policies.ts";
import { BackupStand, BUCKET, type SiteId, sites } from "./support/backup-stand.ts";
import { eventually } from "./support/eventually.ts";
import { askStore, clientOf, identityOf, storeAt } from "./support/objects.ts";

const stand = new BackupStand();
const CONF = "--config=/run/backup/pgbackrest.conf";

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
  for (const site of sites) await stand.untilHealth(site, "backup", /^repository host, epoch 1, 1 stanzas$/, 240);
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

/** What a job of the site's asks its repository host, run there. */
function work(site: SiteId, id: string, standby = site === "drc") {
  const { backup } = stand.model;
  const job = backup && jobsOf(backup, site).find((one) => one.id === `postgresql:utama/${id}`);
  if (!job) throw new Error(`no job ${id}`);
  return stand.inside(site, "backup", pgbackrestWords(job, { standby }));
}

interface Info {
  readonly backup: {
    readonly label: string;
    readonly type: string;
    readonly error: boolean;
    readonly database: { "repo-key": number };
  }[];
  readonly archive: {
    readonly min: string | null;
    readonly max: string | null;
    readonly database: { "repo-key": number };
  }[];
  readonly cipher: string;
}

function info(site: SiteId): Info {
  const { said } = stand.inside(site, "backup", [
    "pgbackrest",
    CONF,
    "--log-level-console=error",
    "--output=json",
    "--stanza=utama",
    "info",
  ]);
  const [stanza] = JSON.parse(said) as Info[];
  if (!stanza) throw new Error(said);
  return stanza;
}

const types = (site: SiteId, repository = 1) =>
  info(site).backup.flatMap(({ type, database }) => (database["repo-key"] === repository ? [type] : []));

/** Waits until the segment that is being written now is in the site's own repository. */
async function archived(site: SiteId): Promise<void> {
  const segment =
    stand
      .sql("dc", "postgres", "select pg_walfile_name(pg_current_wal_lsn()); select pg_switch_wal();")
      .split("\n")[0] ?? "";
  fill(-1, -1);
  stand.sql("dc", "pengaduan", "delete from a where id < 0; delete from b where id < 0; checkpoint;");
  await eventually(`${segment} at ${site}`, 120, async () => {
    const max = info(site).archive.find(({ database }) => database["repo-key"] === 1)?.max ?? "";
    return max >= segment ? true : undefined;
  });
}

/** One line for each table: its name, rows, and a digest of all of them in order. */
const DIGEST = `select string_agg(line, E'\\n' order by line) from (
  select 'a ' || count(*) || ' ' || md5(string_agg(a::text, '|' order by id)) as line from a
  union all select 'b ' || count(*) || ' ' || md5(string_agg(b::text, '|' order by id)) from b) as all_tables`;

/** Restores a site's backups to a new place beside its server, and gives the digest of what is there. */
async function restored(site: SiteId, what: string, options: readonly string[] = []): Promise<string> {
  const workload = stand.workloads(site).find(({ kind }) => kind === "postgresql");
  if (!workload) throw new Error("no server");
  stand.beside(site, workload, what);
  const restore = [
    "pgbackrest",
    "--config=/config/current/pgbackrest.conf",
    "--stanza=utama",
    "--archive-mode=off",
    ...options,
    "restore",
  ];
  expect(stand.inside(site, what, ["mkdir", "-p", "-m", "0700", "/var/lib/postgresql/data"]).code).toBe(0);
  expect(stand.inside(site, what, restore)).toMatchObject({ code: 0 });
  const start = `nohup postgres -D /var/lib/postgresql/data -c listen_addresses= -c unix_socket_directories=/tmp -c ssl=off >/tmp/log 2>&1 &`;
  stand.script(site, what, start);
  const digest = await eventually(`${what} at ${site} answers`, 120, async () => {
    const ask = `psql -XAtq -h /tmp -U postgres -d pengaduan -c "select 1 where not pg_is_in_recovery()" | grep -q 1 && psql -XAtq -h /tmp -U postgres -d pengaduan -v ON_ERROR_STOP=1`;
    const { code, said } = stand.inside(site, what, ["bash", "-c", ask], DIGEST);
    if (code !== 0) throw new Error(`${said}\n${stand.script(site, what, "tail -n 5 /tmp/log").said}`);
    return said;
  });
  stand.script(site, what, "pg_ctl -D /var/lib/postgresql/data -m immediate stop");
  return digest;
}

describe("the active site", () => {
  it("takes a full, an incremental and a monthly backup, encrypted", async () => {
    expect(work("dc", "full")).toMatchObject({ code: 0 });
    fill(20_001, 30_000);
    expect(work("dc", "incremental")).toMatchObject({ code: 0 });
    expect(work("dc", "full/monthly")).toMatchObject({ code: 0 });
    expect([types("dc"), types("dc", 2)]).toEqual([["full", "incr"], ["full"]]);
    expect(info("dc").backup.some(({ error }) => error)).toBe(false);
    expect(info("dc").cipher).toBe("aes-256-cbc");
    expect(work("dc", "archive-check")).toMatchObject({ code: 0 });
    expect(work("dc", "read-data")).toMatchObject({ code: 0 });
    await stand.untilHealth("dc", "postgres-utama", /^primary, timeline \d+, [0-9A-F/]+$/);
  }, 300_000);

  it("restores to a new place what was there, with what was archived since", async () => {
    fill(30_001, 31_000);
    await archived("dc");
    expect(await restored("dc", "restored")).toBe(stand.sql("dc", "pengaduan", DIGEST));
  }, 300_000);

  it("restores the past", async () => {
    const before = stand.sql("dc", "pengaduan", DIGEST);
    const target = stand.sql("dc", "postgres", "select now()");
    await new Promise((resolve) => setTimeout(resolve, 1100));
    stand.sql("dc", "pengaduan", "delete from a where id % 2 = 0;");
    await archived("dc");
    const past = ["--type=time", `--target=${target}`, "--target-action=promote"];
    expect(await restored("dc", "past", past)).toBe(before);
  }, 300_000);
});

describe("the recovery site", () => {
  it("archives a WAL stream of its own and copies files from its own server", async () => {
    await archived("drc");
    const { code, said } = work("drc", "full");
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringMatching(/backup start archive|standby/) });
    expect(types("drc")).toEqual(["full"]);
    expect(work("drc", "read-data")).toMatchObject({ code: 0 });
    await stand.untilHealth("drc", "postgres-utama", /^standby of dc, streaming/);
  }, 300_000);

  it("restores what the active site has, from its own copies alone", async () => {
    fill(31_001, 32_000);
    await archived("drc");
    expect(await restored("drc", "restored")).toBe(stand.sql("dc", "pengaduan", DIGEST));
  }, 300_000);

  it("is out of the active site's reach: its store, its repository host and its keys (D9)", async () => {
    const store = `https://objects.drc.lab.internal:8333/${BUCKET}?list-type=2`;
    const asks = `curl --silent --cacert /config/current/tls/ca.crt --config /config/current/epochs/1/curl '${store}'`;
    expect(stand.script("dc", "backup", asks).said).toContain("InvalidAccessKeyId");
    const { chain, key } = stand.secrets("dc").certificates.objects ?? { chain: "", key: "" };
    const reader = stand.secrets("dc").objectReaders["drc@1"];
    if (!reader) throw new Error("no reader");
    stand.role("drc", "active");
    const copier = clientOf(storeAt(stand.site("drc"), stand.secrets("drc")), reader, { client: { cert: chain, key } });
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
  it("is noticed by the check: one flipped byte", async () => {
    const flip = `
set -e
. /usr/local/lib/lumbung/backup/backup.sh
s3() { curl --silent --fail --cacert $config/tls/ca.crt --config $config/epochs/1/curl "$@"; }
key=$(pgbackrest --config=$conf --stanza=utama --repo=1 --log-level-console=error --recurse repo-ls archive/utama | grep -E '/[0-9A-F]{24}-[0-9a-f]{40}' | tail -n 1)
url="$(told store)/pgbackrest/base/archive/utama/$key"
s3 --output /tmp/object "$url"
python3 -c 'd = bytearray(open("/tmp/object", "rb").read()); d[len(d) // 2] ^= 1; open("/tmp/object", "wb").write(d)'
s3 --upload-file /tmp/object "$url"
echo flipped "$key"`;
    expect(stand.script("dc", "backup", flip)).toMatchObject({ code: 0, said: expect.stringContaining("flipped") });
    const { said } = work("dc", "read-data");
    expect(said).toMatch(/checksum|decrypt|status: error|invalid/i);
  }, 120_000);

  it("does not take the version that was locked with it", async () => {
    const writer = clientOf(
      storeAt(stand.site("dc"), stand.secrets("dc")),
      identityOf(stand.secrets("dc"), `${BUCKET}/write`),
    );
    const list = { method: "GET", bucket: BUCKET, query: "prefix=pgbackrest%2Fbase%2Farchive&versions" };
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
