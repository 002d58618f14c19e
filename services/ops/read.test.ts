import { expect, test } from "vitest";
import { ConfigError, parseConfig } from "./config.ts";
import { readEtcd, readGateway, readPatroni } from "./read.ts";

test("Patroni's answer of a primary and of a standby leader", () => {
  const primary = {
    state: "running",
    postmaster_start_time: "2026-03-01 00:00:00.000000+00:00",
    role: "primary",
    server_version: 170011,
    xlog: { location: 83886408 },
    timeline: 2,
    replication: [{ usename: "replicator", application_name: "postgres-utama", state: "streaming" }],
    database_system_identifier: "7495372098473",
    patroni: { version: "4.1.5", scope: "utama", name: "postgres-utama" },
  };
  expect(readPatroni(JSON.stringify(primary))).toEqual({
    probe: "patroni",
    state: "running",
    role: "primary",
    streaming: false,
    version: "17.11",
    timeline: 2,
    position: 83886408,
    systemIdentifier: "7495372098473",
  });
  const standby = {
    ...primary,
    role: "standby_leader",
    replication_state: "streaming",
    xlog: { received_location: 83886400, replayed_location: 83886300, replayed_timestamp: null, paused: false },
  };
  expect(readPatroni(JSON.stringify(standby))).toMatchObject({
    role: "standby_leader",
    streaming: true,
    position: 83886300,
  });
  const replayed = (at: unknown) =>
    readPatroni(JSON.stringify({ ...standby, xlog: { ...standby.xlog, replayed_timestamp: at } })).replayedAt;
  expect(replayed("2026-03-01 10:00:01.250000+07:00")).toBe("2026-03-01T03:00:01.250Z");
  expect([replayed(null), replayed("never")]).toEqual([undefined, undefined]);
});

test("whether commits wait for the other site, and whether it confirms them", () => {
  const said = (lumbung_sync: unknown, ...replication: unknown[]) =>
    readPatroni(JSON.stringify({ state: "running", role: "primary", tags: { lumbung_sync }, replication })).sync;
  const standby = { application_name: "drc", state: "streaming", sync_state: "sync" };
  expect(said("required", { state: "streaming", sync_state: "async" }, standby)).toEqual({
    waits: true,
    satisfied: true,
  });
  expect(said("required")).toEqual({ waits: true, satisfied: false });
  expect(said("required", { ...standby, state: "catchup" })).toEqual({ waits: true, satisfied: false });
  expect(said("relaxed", { ...standby, sync_state: "async" })).toEqual({ waits: false, satisfied: false });
  expect([said(undefined), said("what"), said(1)]).toEqual([undefined, undefined, undefined]);
});

test("a Patroni that does not know its engine says little, and nothing is guessed", () => {
  expect(readPatroni('{"state":"stopped","role":"uninitialized","patroni":{"version":"4.1.5"}}')).toEqual({
    probe: "patroni",
    state: "stopped",
    role: "uninitialized",
    streaming: false,
  });
  expect(readPatroni("[]")).toMatchObject({ state: "unknown", role: "unknown" });
  expect(() => readPatroni("<html>")).toThrow(SyntaxError);
});

test("etcd's health", () => {
  expect(readEtcd('{"health":"true","reason":""}')).toEqual({ probe: "etcd", healthy: true });
  expect(readEtcd('{"health":"false","reason":"RAFT NO LEADER"}')).toEqual({
    probe: "etcd",
    healthy: false,
    reason: "RAFT NO LEADER",
  });
});

test("HAProxy's backends", () => {
  const text = [
    "# TYPE haproxy_backend_status gauge",
    'haproxy_backend_status{proxy="web",state="DOWN"} 0',
    'haproxy_backend_status{proxy="web",state="UP"} 1',
    'haproxy_backend_status{proxy="postgres-utama",state="DOWN"} 1',
    'haproxy_backend_status{proxy="postgres-utama",state="UP"} 0',
  ].join("\n");
  expect(readGateway(text)).toEqual({ probe: "gateway", up: 1, down: ["postgres-utama"] });
});

test("a configuration that is wrong names every problem", () => {
  const text = JSON.stringify({
    version: 2,
    region: "lab",
    port: 0,
    targets: [{ site: "dc", probe: "ping" }],
    probes: {},
  });
  let error: unknown;
  try {
    parseConfig(text);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(ConfigError);
  const { problems } = error as ConfigError;
  expect(problems).toHaveLength(14);
  expect(problems).toContain("version: expected 1, received 2");
  expect(problems).toContain("targets[0].host: expected a text, received nothing");
  expect(() => parseConfig("{")).toThrow(ConfigError);
});
