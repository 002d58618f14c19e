/**
 * It shows what `ops` sees of its site, as evidence: a round now is signed at each site, and what `lumbung check` says of names, sites,
 * applications, the gateway and grants in databases is answered from it; a grant by hand is seen, and what a preview found is kept.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askOpsOf } from "../../cli/backup/ask-ops.ts";
import type { NameItem } from "../../evidence/probes.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import type { RoundsView } from "../../services/ops/probes/views.ts";
import { eventually } from "./support/eventually.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { mariadb } from "./support/mariadb.ts";
import { engine, labModel, REGION } from "./support/region.ts";
import { isStandby, sql } from "./support/sql.ts";

interface Checked {
  readonly duties: readonly { readonly id: string; readonly binds: boolean; readonly running: string }[];
  readonly assessment: {
    readonly duties: readonly {
      readonly id: string;
      readonly answers: { readonly running: { readonly reasons: readonly { readonly en: string }[] } };
    }[];
  };
}

let model: Model;
const rounds = new Map<string, RoundsView>();

const ask = askOpsOf(REGION, () => engine);

beforeAll(async () => {
  model = await labModel();
  for (const site of model.sites) {
    const { code, text } = await eventually(`a round at ${site.id}`, 60, () => ask(site, ["probe"]));
    if (code !== 0) throw new Error(`${site.id}: ops.mjs probe: exit code ${code}: ${text}`);
    rounds.set(site.id, JSON.parse(text) as RoundsView);
  }
}, 600_000);

test("a round at each site is signed, and found nothing that is not as it should be", () => {
  for (const { id } of model.sites) {
    const { last, fault } = rounds.get(id) ?? {};
    expect([id, last?.records.length, last?.waiting, last?.refused, last?.remarks, fault]).toEqual([
      ...[id, 1, 0, [], [], null],
    ]);
    process.stdout.write(`${id}: ${last?.items} things looked at, ${last?.startedAt} to ${last?.endedAt}\n`);
  }
});

test("its records verify, and say that every name leads to the gateway and answers", async () => {
  for (const { id } of model.sites)
    for (const record of rounds.get(id)?.last?.records ?? []) {
      const { stdout } = await lumbungWell(["evidence", "show", record, "--region", REGION, "--json"]);
      const { fault, statement } = JSON.parse(stdout);
      expect([fault, statement.kind, statement.observed.site]).toEqual([null, "probe", id]);
      const names = Object.entries<Partial<NameItem>>(statement.observed.items).filter(([name]) => /^name:/.test(name));
      expect(names.filter(([, { gateway, https }]) => !(gateway && https))).toEqual([]);
      expect(names).toHaveLength(model.hosts.length);
    }
}, 120_000);

describe("lumbung check", () => {
  let checked: Checked;
  beforeAll(async () => {
    const { stdout, stderr } = await lumbung(["check", "--region", REGION, "--json"]);
    if (stdout === "") throw new Error(stderr);
    checked = JSON.parse(stdout) as Checked;
  }, 300_000);

  test.each([
    "site.primary",
    "site.drc",
    "dns.domain",
    "dns.subdomain",
    "dns.hosted",
    "web.opd-site",
    "app.hosted",
    "app.monitored",
    "app.sla",
    "app.repository",
    "data.in-dc",
    "data.repository",
    "data.access",
    "sec.server-network",
    "sec.baseline",
  ])("%s is met as it runs", (id) => {
    const duty = checked.duties.find((one) => one.id === id);
    const reasons = checked.assessment.duties.find((one) => one.id === id)?.answers.running.reasons.map(({ en }) => en);
    expect([duty?.running, reasons]).toEqual(["met", []]);
  });

  test.each(["web.opd-content", "web.portal-content", "web.service-info"])(
    "%s is answered from the pages: what nobody wrote is said to be missing, and nothing is called foreign",
    (id) => {
      const duty = checked.assessment.duties.find((one) => one.id === id);
      expect(duty?.answers.running).not.toMatchObject({ state: "unknown" });
      expect(JSON.stringify(duty)).not.toContain("what others put there");
    },
  );
});

describe("grants by hand", () => {
  const INTRUDER = "magang";
  let active: SiteModel;
  beforeAll(async () => {
    for (const site of model.sites) if (!(await isStandby(site.id, "postgres-utama"))) active = site;
    await sql(
      active.id,
      "postgres-utama",
      "pajak",
      `create role ${INTRUDER}; grant create on schema public to ${INTRUDER};`,
    );
    await mariadb(
      active.id,
      "mariadb-php",
      `create user ${INTRUDER}@'%' require ssl; grant select on ppid.* to ${INTRUDER}@'%';`,
    );
  }, 60_000);
  afterAll(async () => {
    await sql(
      active.id,
      "postgres-utama",
      "pajak",
      `revoke create on schema public from ${INTRUDER}; drop role ${INTRUDER};`,
    );
    await mariadb(active.id, "mariadb-php", `drop user ${INTRUDER}@'%';`);
  }, 60_000);

  test("are seen in PostgreSQL and MariaDB, with role, database and privilege", async () => {
    const { code, text } = await ask(active, ["probe"]);
    const { last } = JSON.parse(text) as RoundsView;
    expect([code, last?.remarks]).toEqual([
      0,
      [`GRANTS FOR WHICH NO LEAVE IS ON RECORD: ${INTRUDER} pajak CREATE on schema public, ${INTRUDER}@% ppid SELECT`],
    ]);
    const { stdout } = await lumbung(["check", "--region", REGION, "--json"]);
    const { assessment } = JSON.parse(stdout) as Checked;
    const reasons = assessment.duties
      .find(({ id }) => id === "data.access")
      ?.answers.running.reasons.map(({ en }) => en);
    expect(reasons?.slice(0, 2)).toEqual([
      `${active.id}/utama/pajak: no leave is on record: ${INTRUDER} pajak CREATE on schema public`,
      `${active.id}/php/ppid: no leave is on record: ${INTRUDER}@% ppid SELECT`,
    ]);
  }, 600_000);
});

test("what preview --refresh finds is kept as evidence by each site's own signer, and answers whether what runs is as declared", async () => {
  const { stderr } = await lumbungWell(["preview", "--refresh", "--record", "--region", REGION]);
  const [, records = ""] = /kept as evidence: (.+)/.exec(stderr) ?? [];
  expect(records.split(", ").map((record) => record.split("-")[0])).toEqual(model.sites.map(({ id }) => id));
  const { stdout } = await lumbung(["check", "--region", REGION, "--json"]);
  const { duties } = JSON.parse(stdout) as Checked;
  expect(duties.find(({ id }) => id === "gov.minimum-standard")?.running).toBe("met");
}, 900_000);

test("an assessment that is recorded is what the next one is compared with", async () => {
  const recorded = await lumbung(["check", "--region", REGION, "--record"]);
  const [, record = ""] = /kept as evidence: (\S+)/.exec(recorded.stderr) ?? [];
  expect(record, recorded.stderr).toMatch(/\/\d{10}$/);
  const { stdout } = await lumbungWell(["evidence", "show", record, "--region", REGION, "--json"]);
  const { statement } = JSON.parse(stdout);
  expect(statement.kind).toBe("check");
  const next = await lumbung(["check", "--region", REGION, "--json"]);
  expect(JSON.parse(next.stdout).assessment.changes?.since).toBe(statement.observed.at);
}, 600_000);
