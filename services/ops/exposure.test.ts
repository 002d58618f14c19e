import { expect, test } from "vitest";
import { Region } from "../../runbooks/testing/region.ts";
import type { OpsConfig } from "./config.ts";
import { exposureOf } from "./exposure.ts";
import type { LastWaits } from "./runbooks/waits.ts";
import type { SiteState } from "./status.ts";

const config = { runbooks: { declared: new Region({ sync: true }).declared() } } as unknown as OpsConfig;
const seenBy = (site: string, state: SiteState, peer: SiteState) => ({
  ...{ site, state },
  peer: { site: site === "dc" ? "drc" : "dc", state: peer, workloads: [], reachable: peer !== "unknown" },
});
const at = new Date("2026-03-01T03:00:00.000Z");
const waits = (id: string, waits: boolean): LastWaits => new Map([[id, { waits, at }]]);

test("a region of one site, and one where the other stands by, is not exposed", () => {
  expect(exposureOf(config, { site: "dc", state: "active", peer: null }, new Map())).toBeNull();
  expect(exposureOf(config, seenBy("dc", "active", "standby"), waits("dc/postgresql-utama", true))).toBeNull();
  expect(exposureOf(config, seenBy("drc", "standby", "active"), new Map())).toBeNull();
});

test("the other site that is gone, and the way to bring it back as it is declared", () => {
  expect(exposureOf(config, seenBy("drc", "active", "unknown"), new Map())?.en).toMatch(
    /at drc; UNKNOWN whether dc .*failback --to dc/,
  );
  expect(exposureOf(config, seenBy("dc", "active", "closed"), new Map())?.en).toMatch(/at dc alone.*recovery-lost/);
  expect(exposureOf(config, seenBy("drc", "standby", "unknown"), new Map())?.en).toBe(
    "unknown where writes are accepted",
  );
  expect(exposureOf({}, seenBy("dc", "active", "closed"), new Map())?.en).toMatch(/backups alone$/);
});

test("sync that is relaxed, at the active site alone, and only where it is declared", () => {
  const relaxed = waits("dc/postgresql-utama", false);
  expect(exposureOf(config, seenBy("dc", "active", "standby"), relaxed)?.en).toMatch(
    /^sync is relaxed at dc \(postgresql:utama\)/,
  );
  expect(exposureOf(config, seenBy("drc", "active", "standby"), relaxed)).toBeNull();
  const async = { runbooks: { declared: new Region().declared() } } as unknown as OpsConfig;
  expect(exposureOf(async, seenBy("dc", "active", "standby"), relaxed)).toBeNull();
});
