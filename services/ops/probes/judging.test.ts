/** What is made of what was seen: names, parts of pages, workloads, statements, times. */
import { describe, expect, test } from "vitest";
import { problemsOf } from "../../../evidence/statement.ts";
import { atlasOf } from "../../../web/atlas.ts";
import { OPD_CONTENTS, SERVICE_CONTENTS } from "../../../web/contents.ts";
import { FULL_CONTENTS, fixtureModel, modelOf } from "../../../web/fixture.ts";
import { renderSites } from "../../../web/sites.ts";
import type { GatewayPlace, RoundsConfig } from "../config.ts";
import type { WorkloadStatus } from "../status.ts";
import type { Fetched } from "./eyes.ts";
import { nameItem, resolvedTo } from "./names.ts";
import { partsOf, servicePartsOf } from "./parts.ts";
import type { Item } from "./round.ts";
import { nextRoundMs } from "./schedule.ts";
import { probeStatements } from "./statements.ts";
import { workloadItem } from "./workloads.ts";

const place = (site: string, ...publicAddresses: string[]): GatewayPlace => ({
  ...{ site, publicAddresses, address: "10.0.0.1", port: 8443, plainPort: 8080 },
});
const [dc, drc] = [place("dc", "192.0.2.1", "2001:db8::1"), place("drc", "192.0.2.2")];
const answer: Fetched = { status: 200, hsts: true, certificateExpires: "2027-01-01T00:00:00.000Z" };

describe("a name", () => {
  test.each([
    [[], undefined],
    [[["192.0.2.1"]], { gateway: true, to: dc }],
    [[["192.0.2.1", "2001:db8::1"], ["192.0.2.1"]], { gateway: true, to: dc }],
    // The name servers are of two minds during a switch; both minds are ours.
    [[["192.0.2.2"], ["192.0.2.1"]], { gateway: true, to: drc }],
    [[["192.0.2.1", "203.0.113.9"]], { gateway: false, to: dc }],
    [[["192.0.2.1"], ["203.0.113.9"]], { gateway: false, to: dc }],
    [[["192.0.2.1"], []], { gateway: false, to: dc }],
    [[[]], { gateway: false }],
  ])("that name servers answer for with %j leads to %j", (answers, resolved) => {
    expect(resolvedTo(answers, [dc, drc])).toEqual(resolved);
  });

  test("answers as its gateway does; one of the other site that is out of reach is left out", () => {
    const resolved = { gateway: true, to: drc };
    expect(nameItem(resolved, { ...answer, status: 503 }, "dc")).toEqual({ gateway: true, https: true, status: 503 });
    expect(nameItem(resolved, { why: "untrusted" }, "dc")).toEqual({ gateway: true, https: false, status: 0 });
    expect(nameItem(resolved, { why: "away" }, "dc")).toBeUndefined();
    expect(nameItem(resolved, { why: "away" }, "drc")).toEqual({ gateway: true, https: false, status: 0 });
    expect(nameItem({ gateway: false }, undefined, "dc")).toEqual({ gateway: false, https: false, status: 0 });
  });
});

describe("parts of a page", () => {
  const model = fixtureModel();
  const pages = renderSites(model);
  const atlas = atlasOf(model);
  const page = (name: string): string => String(pages.get(name));

  test("of an agency are those that it filled in", () => {
    const sites = atlas.active.filter(({ id }) => atlas.opdHosts.has(id));
    expect(sites.length).toBeGreaterThan(2);
    for (const opd of sites) {
      const filled = OPD_CONTENTS.filter((kind) => kind.fill(opd, atlas) === "filled").map(({ id }) => id);
      const seen = partsOf(page(`${atlas.opdHosts.get(opd.id)}/index.html`));
      // Services may be given while their standard is not whole: that stands in the page as a gap.
      expect(seen.filter((id) => id !== "layanan")).toEqual(filled.filter((id) => id !== "layanan"));
      expect(seen.filter((id) => id === "agenda")).toEqual([]);
    }
  });
  test("of the portal's services are those that every agency filled in", () => {
    const all = (which: typeof atlas) =>
      SERVICE_CONTENTS.filter((kind) => which.active.every((opd) => kind.fill(opd, which) === "filled")).map(
        ({ id }) => id,
      );
    expect(servicePartsOf(page(`${model.region.domain}/layanan/index.html`))).toEqual(all(atlas));
    const full = modelOf(model.opds.map((opd) => ({ ...opd, contents: FULL_CONTENTS })));
    const seen = servicePartsOf(String(renderSites(full).get(`${full.region.domain}/layanan/index.html`)));
    expect(seen).toEqual(all(atlasOf(full)));
    expect(seen.length).toBeGreaterThan(2);
  });
  test("of any other page there are none", () => {
    expect([partsOf("<p>x"), servicePartsOf("<p>x"), servicePartsOf('<ul class="states">')]).toEqual([[], [], []]);
  });
});

describe("a workload", () => {
  const status: WorkloadStatus = {
    ...{ name: "gateway", kind: "gateway", health: "ok", detail: { id: "menjawab", en: "answers" } },
    certificateExpires: "2027-03-01T00:00:00.000Z",
  };
  test("that is the gateway shows whichever certificate ends first, and whether it refuses", () => {
    const seen = { certificateExpires: answer.certificateExpires, filters: true };
    expect(workloadItem(status, seen)).toEqual({ health: "ok", ...seen });
    expect(workloadItem(status, {})).toEqual({ health: "ok", certificateExpires: status.certificateExpires });
    expect(workloadItem({ ...status, kind: "web" }, seen)).not.toHaveProperty("filters");
  });
  test("that shows the public no certificate that holds tells no end of one", () => {
    const unseen = { certificateExpires: null };
    expect(workloadItem(status, unseen)).toEqual({ health: "ok" });
    expect(workloadItem({ ...status, kind: "web" }, unseen)).toMatchObject({
      certificateExpires: status.certificateExpires,
    });
  });
  test("that is not well says why; what is not known stays so", () => {
    expect(workloadItem({ ...status, health: "unknown" }, {})).toMatchObject({ health: "unknown", detail: "menjawab" });
  });
});

describe("statements", () => {
  const named = { region: "lab", site: "dc", commit: "5f5b72f", inventory: "a".repeat(64) };
  const items = new Map<string, Item>(
    Array.from({ length: 40 }, (_, index) => [`page:${index}`, { parts: ["profil"], clean: true }]),
  );
  const at = new Date("2026-03-01T00:00:00Z");

  test("hold a round, and are what a signer takes", () => {
    const [one, ...more] = probeStatements(items, named, at);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      kind: "probe",
      observedAt: at.toISOString(),
      observed: { region: "lab", site: "dc", items: Object.fromEntries(items) },
    });
    expect(problemsOf(one ?? {})).toEqual([]);
  });
  test("are several where one would be too large; together they say it all", () => {
    const parts = probeStatements(items, named, at, 1500);
    expect(parts.length).toBeGreaterThan(2);
    for (const { observed } of parts) expect(JSON.stringify(observed).length).toBeLessThan(1500);
    const all = parts.map(({ observed }) => (observed as { items: object }).items);
    expect(Object.assign({}, ...all)).toEqual(Object.fromEntries(items));
  });
});

test("sites take turns: each round begins so much after a full period", () => {
  const told = (offsetSeconds: number) => ({ everySeconds: 3600, offsetSeconds }) as RoundsConfig;
  const next = (now: string, offset: number) => new Date(nextRoundMs(Date.parse(now), told(offset))).toISOString();
  expect(next("2026-03-01T10:10:00Z", 0)).toBe("2026-03-01T11:00:00.000Z");
  expect(next("2026-03-01T10:10:00Z", 1800)).toBe("2026-03-01T10:30:00.000Z");
  expect(next("2026-03-01T10:30:00Z", 1800)).toBe("2026-03-01T11:30:00.000Z");
});
