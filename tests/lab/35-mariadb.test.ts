/** It shows 4: a row written through the gateway is in the recovery centre's MariaDB; replication broken by hand is seen and repaired. */
import { spawnSync } from "node:child_process";
import { beforeAll, expect, test } from "vitest";
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import { eventually } from "./support/eventually.ts";
import { lumbung } from "./support/lumbung.ts";
import { mariadb, mariadbServer } from "./support/mariadb.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";

const DATABASE = "opensid";
const ROLE = DATABASE;
let model: Model;
let server: DatabaseServerModel;
let primary: SiteModel;
let recovery: SiteModel;

beforeAll(async () => {
  model = await labModel();
  server = mariadbServer(model);
  primary = siteWith(model, "primary");
  recovery = siteWith(model, "recovery");
});

const container = (site: SiteModel): string => `${REGION}-${site.id}-${server.workload}`;

const sql = (site: SiteModel, statement: string) => mariadb(site.id, server.workload, statement);

/**
 * As an application would: on the port that the primary site's gateway publishes, with TLS verified for the server's service name. The client is
 * in MariaDB's image; the password goes in by standard input: neither in the list of processes nor in an environment.
 */
async function throughGateway(statement: string): Promise<{ readonly code: number | null; readonly text: string }> {
  const { authority, databaseRoles } = await secretsOf(primary.id);
  const options = [
    "[client]",
    `user=${ROLE}`,
    `password=${databaseRoles[`${server.id}/${ROLE}`]?.password ?? ""}`,
    `host=${server.serviceName}`,
    "protocol=tcp",
    "port=3306",
    "ssl-ca=/tmp/ca.crt",
    "ssl-verify-server-cert",
  ].join("\n");
  const script = [
    "umask 077",
    `cat >/tmp/ca.crt <<'END'\n${authority.root}\nEND`,
    `cat >/tmp/client.cnf <<'END'\n${options}\nEND`,
    `exec mariadb --defaults-file=/tmp/client.cnf --batch --skip-column-names ${DATABASE} <<'END'\n${statement}\nEND`,
  ].join("\n");
  const image = (await engine.inspectContainer(container(primary)))?.Config.Image ?? "";
  const words = [
    "run",
    "--rm",
    "-i",
    "--network",
    "host",
    "--add-host",
    `${server.serviceName}:${primary.publicAddress}`,
  ];
  const confined = ["--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp:uid=2009,gid=2009,mode=0700"];
  const run = spawnSync("docker", [...words, ...confined, "--entrypoint", "sh", image, "-s"], {
    input: script,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { code: run.status, text: `${run.stdout}${run.stderr}`.trim() };
}

interface Seen {
  readonly health: string;
  readonly detail: { readonly en: string } | string;
}

/** What `lumbung status` says of the server at a site. */
async function statusOf(site: SiteModel): Promise<Seen> {
  const { stdout } = await lumbung(["status", "--region", REGION, "--json"]);
  const status = JSON.parse(stdout) as {
    sites: readonly { id: string; workloads: readonly (Seen & { name: string })[] }[];
  };
  const found = status.sites.find(({ id }) => id === site.id)?.workloads.find(({ name }) => name === server.workload);
  if (!found) throw new Error(`status says nothing of ${server.workload} at ${site.id}`);
  return found;
}

const words = ({ detail }: Seen): string => (typeof detail === "string" ? detail : detail.en);

test("a row written through the gateway is in the recovery centre's database within its declared loss", async () => {
  const text = `surat keterangan ${crypto.randomUUID()}`;
  const written = await throughGateway(
    `CREATE TABLE IF NOT EXISTS uji_lumbung (isi VARCHAR(80) PRIMARY KEY); INSERT INTO uji_lumbung VALUES ('${text}');`,
  );
  expect(written).toEqual({ code: 0, text: "" });
  await eventually("the row at the recovery site", server.replication.rpoSeconds, async () => {
    const count = await sql(recovery, `SELECT count(*) FROM ${DATABASE}.uji_lumbung WHERE isi = '${text}';`);
    return count === "1" ? true : undefined;
  });
});

test("the recovery centre takes no write of an application, and no connection without TLS", async () => {
  expect(await sql(recovery, "SELECT @@read_only, @@require_secure_transport;")).toBe("1\t1");
  expect(await sql(primary, "SELECT @@read_only;")).toBe("0");
});

test("replication runs by GTID over TLS with the name verified", async () => {
  const { stdout } = await engine.exec(container(recovery), ["mariadb"], { stdin: "SHOW REPLICA STATUS\\G" });
  expect(stdout).toMatch(/Master_SSL_Verify_Server_Cert: Yes/);
  expect(stdout).toMatch(/Using_Gtid: Slave_Pos/);
  expect(stdout).toContain(`Master_Host: ${server.workload}.${primary.internalDomain}`);
});

test("replication broken by hand is seen in `lumbung status` and repaired by itself", async () => {
  const memory = async () =>
    JSON.parse((await engine.exec(container(recovery), ["cat", "/identity/identity.json"])).stdout) as {
      repairs?: readonly { at: string }[];
    };
  const before = (await memory()).repairs ?? [];
  const fresh = before.some(({ at }) => Date.now() - Date.parse(at) < 86_400_000);
  expect(fresh, "it was repaired by itself within the last day: run this on a lab that is new").toBe(false);
  const table = `${DATABASE}.uji_putus`;
  await sql(primary, `CREATE OR REPLACE TABLE ${table} (id INT PRIMARY KEY); INSERT INTO ${table} VALUES (1);`);
  await eventually("the row at the recovery site", 20, async () =>
    (await sql(recovery, `SELECT count(*) FROM ${table};`)) === "1" ? true : undefined,
  );
  await sql(recovery, `SET sql_log_bin = 0; DROP TABLE ${table};`);
  await sql(primary, `INSERT INTO ${table} VALUES (2);`);
  const seen = await eventually("the broken standby in status", 30, async () => {
    const found = await statusOf(recovery);
    return found.health === "failing" ? found : undefined;
  });
  expect(words(seen)).toMatch(/broken|does not follow|copying|starting|not known yet/);
  await eventually("the standby is well again", 120, async () => {
    const found = await statusOf(recovery);
    return found.health === "ok" && /^standby of /.test(words(found)) ? true : undefined;
  });
  expect(await sql(recovery, `SELECT count(*) FROM ${table};`)).toBe("2");
  expect((await memory()).repairs).toHaveLength(before.length + 1);
  await sql(primary, `DROP TABLE ${table}, ${DATABASE}.uji_lumbung;`);
});
