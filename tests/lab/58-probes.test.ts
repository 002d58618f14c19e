/**
 * It shows what `ops` sees of its site, as evidence: a round now is signed at each site, and what `lumbung check` says of names, sites,
 * applications and the gateway is answered from it.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { askOpsOf } from "../../cli/backup/ask-ops.ts";
import type { NameItem } from "../../evidence/probes.ts";
import type { Model } from "../../model/types.ts";
import type { RoundsView } from "../../services/ops/probes/views.ts";
import { eventually } from "./support/eventually.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { engine, labModel, REGION } from "./support/region.ts";

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
