import { expect, test } from "vitest";
import type { OpsConfig, Target } from "./config.ts";
import { createExposition } from "./exposition.ts";
import type { Observation, PatroniObservation, ProbeResult } from "./observation.ts";
import { type Results, type SelfView, siteState, statusOf } from "./status.ts";

const NOW = new Date("2026-03-01T00:00:00Z");
const EXPIRES = "2026-03-31T00:00:00.000Z";
const PERIOD = 10;

const target = (site: string, workload: string, kind: Target["kind"], probe: Target["probe"]): Target => ({
  site,
  workload,
  kind,
  probe,
  host: `${workload}.${site}.lab.internal`,
  port: 1,
});
const config: OpsConfig = {
  version: 1,
  region: "lab",
  site: "dc",
  peer: "drc",
  port: 9443,
  name: "ops.dc.lab.internal",
  clients: [],
  zones: ["lumbungkab.go.id"],
  probes: { periodSeconds: PERIOD, timeoutSeconds: 3, concurrency: 4 },
  targets: [
    target("dc", "etcd", "etcd", "etcd"),
    target("dc", "postgres-utama", "postgresql", "patroni"),
    target("dc", "dns", "dns", "dns"),
    target("drc", "postgres-utama", "postgresql", "patroni"),
    target("drc", "gateway", "gateway", "gateway"),
  ],
};
const self: SelfView = { eventLoopLagSeconds: 0.021, certificateExpires: EXPIRES };
const primary: PatroniObservation = {
  probe: "patroni",
  state: "running",
  role: "primary",
  streaming: false,
  version: "17.11",
  timeline: 3,
  position: 5000,
  systemIdentifier: "7",
};
const standby: PatroniObservation = { ...primary, role: "standby_leader", streaming: true, position: 4200 };
const seen = (observation: Observation, ageSeconds = 0): ProbeResult => ({
  at: new Date(NOW.getTime() - ageSeconds * 1000),
  atMs: 100_000 - ageSeconds * 1000,
  outcome: { ok: true, observation },
  certificateExpires: EXPIRES,
});
const refusedAnswer: ProbeResult = {
  at: NOW,
  atMs: 100_000,
  outcome: { ok: false, reason: { id: "menolak", en: "refuses" } },
};
const good: Readonly<Record<string, ProbeResult>> = {
  "dc/etcd": seen({ probe: "etcd", healthy: true }),
  "dc/postgres-utama": seen(primary),
  "dc/dns": seen({ probe: "dns", serials: { "lumbungkab.go.id": 42 } }),
  "drc/postgres-utama": seen(standby),
  "drc/gateway": seen({ probe: "gateway", up: 2, down: ["postgres"] }),
};
const status = (changed: Readonly<Record<string, ProbeResult>> = {}, of: OpsConfig = config) =>
  statusOf(of, new Map(Object.entries({ ...good, ...changed })) as Results, self, { now: NOW, nowMs: 100_000 });
const find = (view: { workloads: readonly { name: string }[] } | null, name: string) =>
  view?.workloads.find((workload) => workload.name === name);

test("a region where all is well", () => {
  const all = status();
  expect(all).toMatchObject({ region: "lab", site: "dc", state: "active", at: NOW.toISOString() });
  expect(all.peer).toMatchObject({ site: "drc", state: "standby", reachable: true });
  expect(all.workloads.map(({ name, health }) => `${name} ${health}`)).toEqual([
    "etcd ok",
    "postgres-utama ok",
    "dns ok",
    "ops ok",
  ]);
  expect(find(all, "postgres-utama")).toMatchObject({
    role: "primary",
    version: "17.11",
    timeline: 3,
    certificateExpires: EXPIRES,
  });
  expect(find(all.peer, "postgres-utama")).toMatchObject({
    lagBytes: 800,
    detail: { en: "standby_leader, 800 bytes behind" },
  });
  expect(find(all, "dns")).toMatchObject({ serial: 42 });
  expect(find(all.peer, "gateway")).toMatchObject({ health: "ok", detail: { en: "2 backends up, 1 down: postgres" } });
});

test("a result of three periods counts, an older one is unknown and never ok, for state as for health", () => {
  expect(find(status({ "dc/etcd": seen({ probe: "etcd", healthy: true }, 3 * PERIOD) }), "etcd")).toMatchObject({
    health: "ok",
  });
  const stale = status({
    "dc/etcd": seen({ probe: "etcd", healthy: true }, 3 * PERIOD + 0.001),
    "dc/postgres-utama": seen(primary, 31),
  });
  expect(find(stale, "etcd")).toMatchObject({ health: "unknown", detail: { en: "the last answer is too old" } });
  expect(find(stale, "postgres-utama")).toMatchObject({ health: "unknown" });
  expect(find(stale, "postgres-utama")).not.toHaveProperty("role");
  expect(stale.state).toBe("unknown");
  expect(find(stale.peer, "postgres-utama")).not.toHaveProperty("lagBytes");
});

test("what was never asked is unknown", () => {
  const empty = statusOf(config, new Map(), self, { now: NOW, nowMs: 0 });
  expect(empty.state).toBe("unknown");
  expect(empty.workloads.filter(({ name }) => name !== "ops").map(({ health }) => health)).toEqual([
    "unknown",
    "unknown",
    "unknown",
  ]);
});

test("state of a site, from its servers", () => {
  const of = (change: Partial<PatroniObservation>) => siteState([{ ...standby, ...change }]);
  expect(siteState([])).toBe("unknown");
  expect(siteState([primary])).toBe("active");
  expect(siteState([primary, primary])).toBe("active");
  expect(siteState([primary, standby])).toBe("unknown");
  expect(siteState([primary, undefined])).toBe("unknown");
  expect(of({})).toBe("standby");
  expect(of({ streaming: false })).toBe("unknown");
  expect(of({ role: "replica", streaming: false })).toBe("closed");
  expect(of({ state: "stopped" })).toBe("closed");
  expect(of({ state: "creating replica", role: "replica" })).toBe("rebuilding");
  expect(of({ state: "starting" })).toBe("unknown");
  expect(siteState([{ ...primary, state: "starting" }])).toBe("unknown");
  expect(siteState([{ ...primary, role: "unknown" }])).toBe("unknown");
});

test("two primaries, strangers, a standby ahead of its primary and one without stream are failing", () => {
  const peer = (change: Partial<PatroniObservation>) =>
    find(status({ "drc/postgres-utama": seen({ ...standby, ...change }) }).peer, "postgres-utama");
  expect(peer({ role: "primary" })).toMatchObject({ health: "failing", detail: { en: "BOTH sites take writes" } });
  expect(find(status({ "drc/postgres-utama": seen(primary) }), "postgres-utama")).toMatchObject({ health: "failing" });
  expect(peer({ systemIdentifier: "8" })).toMatchObject({ health: "failing" });
  expect(peer({ timeline: 4 })).toMatchObject({ health: "failing" });
  expect(peer({ streaming: false })).toMatchObject({
    health: "failing",
    detail: { en: "standby_leader, no WAL streams in" },
  });
  expect(peer({ state: "starting" })).toMatchObject({ health: "failing", detail: { en: "state: starting" } });
  expect(peer({ position: 6000 })).toMatchObject({ health: "ok", lagBytes: 0 });
});

test("a primary whose commits wait in vain is failing, and one that people let go on alone says so", () => {
  const own = (sync: PatroniObservation["sync"]) =>
    find(status({ "dc/postgres-utama": seen(sync === undefined ? primary : { ...primary, sync }) }), "postgres-utama");
  expect(own({ waits: true, satisfied: true })).toMatchObject({ health: "ok", detail: { en: "primary" } });
  expect(own({ waits: true, satisfied: false })).toMatchObject({
    health: "failing",
    detail: { id: expect.stringContaining("tulisan menunggu"), en: expect.stringContaining("writes wait") },
  });
  expect(own({ waits: false, satisfied: false })).toMatchObject({
    health: "ok",
    detail: { id: expect.stringContaining("SYNC DILONGGARKAN"), en: expect.stringContaining("SYNC RELAXED") },
  });
  // One that stands by confirms nobody's commits, and that is well.
  const peer = seen({ ...standby, sync: { waits: true, satisfied: false } });
  expect(find(status({ "drc/postgres-utama": peer }).peer, "postgres-utama")).toMatchObject({ health: "ok" });
});

test("a silent workload is failing; a silent site may be a cut link, so that its workloads are unknown", () => {
  const one = status({ "drc/gateway": refusedAnswer, "dc/etcd": refusedAnswer });
  expect(find(one, "etcd")).toMatchObject({ health: "failing", detail: { id: "menolak" } });
  expect(find(one.peer, "gateway")).toMatchObject({ health: "failing" });
  const all = status({ "drc/gateway": refusedAnswer, "drc/postgres-utama": refusedAnswer });
  expect(all.peer).toMatchObject({ reachable: false, state: "unknown" });
  expect(all.peer?.workloads.map(({ health }) => health)).toEqual(["unknown", "unknown"]);
  expect(all.state).toBe("active");
});

test("an etcd that is not healthy, a zone without answer, a gateway without metrics, an error page, a slow loop", () => {
  const web = { ...config, targets: [...config.targets, target("dc", "web", "web", "http")] };
  const broken = status(
    {
      "dc/etcd": seen({ probe: "etcd", healthy: false, reason: "NOSPACE" }),
      "dc/dns": seen({ probe: "dns", serials: {} }),
      "drc/gateway": seen({ probe: "gateway", up: 0, down: [] }),
      "dc/web": seen({ probe: "http", status: 503 }),
    },
    web,
  );
  for (const name of ["etcd", "dns", "web"]) expect(find(broken, name), name).toMatchObject({ health: "failing" });
  expect(find(broken.peer, "gateway")).toMatchObject({ health: "failing" });
  const barred = status({ "dc/web": seen({ probe: "http", status: 403 }) }, web);
  expect(find(barred, "web")).toMatchObject({
    health: "unknown",
    detail: { en: "alive, but does not let ops ask (403)" },
  });
  const slow = statusOf(config, new Map(), { eventLoopLagSeconds: 1 }, { now: NOW, nowMs: 0 });
  expect(find(slow, "ops")).toMatchObject({ health: "failing" });
});

test("a region of one site has no peer", () => {
  const { peer: _peer, ...rest } = config;
  expect(status({}, { ...rest, targets: config.targets.slice(0, 3) }).peer).toBeNull();
});

test("metrics: health, state, lag and expiry, and nothing lingers", async () => {
  const exposition = createExposition("lab");
  const text = await exposition.render(
    status({ "dc/etcd": refusedAnswer, "dc/dns": seen({ probe: "dns", serials: {} }, 99) }),
  );
  const lines = text.split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      'lumbung_workload_health{workload="etcd",site="dc",region="lab"} 0',
      'lumbung_workload_health{workload="postgres-utama",site="dc",region="lab"} 1',
      'lumbung_workload_health{workload="dns",site="dc",region="lab"} -1',
      'lumbung_site_state{site="dc",state="active",region="lab"} 1',
      'lumbung_site_state{site="dc",state="standby",region="lab"} 0',
      'lumbung_site_state{site="drc",state="standby",region="lab"} 1',
      'lumbung_replication_lag_bytes{workload="postgres-utama",site="drc",region="lab"} 800',
      `lumbung_certificate_expiry_seconds{workload="ops",site="dc",region="lab"} ${30 * 86_400}`,
      "# TYPE lumbung_workload_health gauge",
    ]),
  );
  expect(text).toMatch(/^process_resident_memory_bytes\{/m);
  const later = await exposition.render(statusOf(config, new Map(), self, { now: NOW, nowMs: 0 }));
  expect(later).not.toMatch(/^lumbung_replication_lag_bytes\{/m);
});
