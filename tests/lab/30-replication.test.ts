/** It shows 3: a complaint written through the gateway is in the recovery centre's PostgreSQL within seconds. */
import { beforeAll, expect, test } from "vitest";
import type { Model, SiteModel } from "../../model/types.ts";
import { eventually } from "./support/eventually.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";
import { ask } from "./support/web.ts";

let model: Model;
let primary: SiteModel;
let recovery: SiteModel;

beforeAll(async () => {
  model = await labModel();
  primary = siteWith(model, "primary");
  recovery = siteWith(model, "recovery");
});

async function sql(site: string, database: string, statement: string): Promise<string> {
  const words = [
    "psql",
    "--no-psqlrc",
    "--tuples-only",
    "--no-align",
    "--set",
    "ON_ERROR_STOP=1",
    "--dbname",
    database,
  ];
  const { code, stdout, stderr } = await engine.exec(`${REGION}-${site}-postgres-utama`, words, { stdin: statement });
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

test("a complaint written through the gateway is in the recovery centre's database within 5 seconds", async () => {
  const text = `Jalan berlubang di depan kantor, laporan uji ${crypto.randomUUID()}`;
  const ca = (await secretsOf(primary.id)).authority.root;
  const host = `pengaduan.${model.region.domain}`;
  const opd = model.opds[0]?.id;
  const answer = await ask({
    address: primary.publicAddress,
    host,
    path: "/api/complaints",
    ca,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ opd, text }),
  });
  expect(answer.status, answer.body).toBe(201);
  const { reference } = JSON.parse(answer.body);
  const shown = await ask({ address: primary.publicAddress, host, path: `/api/complaints/${reference}`, ca });
  expect(JSON.parse(shown.body)).toMatchObject({ reference, text });
  const found = await eventually("the complaint at the recovery site", 5, async () => {
    const count = await sql(recovery.id, "pengaduan", `select count(*) from complaint where body = '${text}';`);
    return count === "1" ? count : undefined;
  });
  expect(found).toBe("1");
});

test("the recovery centre takes no write", async () => {
  await expect(sql(recovery.id, "pengaduan", "create table stray ();")).rejects.toThrow("read-only");
});

test("replication runs over TLS with the other site's certificate", async () => {
  const row = await sql(
    primary.id,
    "postgres",
    "select s.ssl, s.version, s.client_dn from pg_stat_replication r join pg_stat_ssl s using (pid);",
  );
  expect(row).toMatch(/^t\|TLSv1\.3\|/);
  expect(row).toContain(`postgres-utama.${recovery.internalDomain}`);
});

test("data checksums are on", async () => {
  expect(await sql(primary.id, "postgres", "show data_checksums;")).toBe("on");
});

test("a physical slot keeps what the recovery centre has not received yet", async () => {
  const slots = await sql(
    primary.id,
    "postgres",
    "select active from pg_replication_slots where slot_type = 'physical';",
  );
  expect(slots.split("\n")).toContain("t");
});
