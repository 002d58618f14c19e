/** A round with eyes that see what they are told, and how often they look. */
import { beforeEach, expect, test } from "vitest";
import type { HeldGrant } from "../../../model/lease.ts";
import type { GatewayPlace, RoundsConfig } from "../config.ts";
import type { WorkloadStatus } from "../status.ts";
import type { Asked, Eyes, Fetched, Unreached } from "./eyes.ts";
import { lookRound, remarksOn } from "./round.ts";

const expires = "2027-01-01T00:00:00.000Z";
const gateway = (site: string, address: string): GatewayPlace => ({
  ...{ site, publicAddresses: [address], address: `inside-${site}`, port: 8443, plainPort: 8080 },
});
const rounds: RoundsConfig = {
  everySeconds: 3600,
  offsetSeconds: 0,
  pauseMs: 500,
  domain: "uji.go.id",
  hosts: [
    { host: "uji.go.id", serves: "portal" },
    { host: "dinas.uji.go.id", serves: "opd" },
    { host: "wiki.uji.go.id", serves: "application" },
    { host: "kode.uji.go.id", serves: "code" },
  ],
  gateways: [gateway("dc", "192.0.2.1"), gateway("drc", "192.0.2.2")],
  grants: ["utama", "php"].map((server) => ({
    ...{ server, guard: { host: server, address: "10.0.0.8", port: 8010 } },
    declared: [{ role: "pajak", database: "pajak", may: "all" }],
  })),
  signer: { host: "signer", address: "10.0.0.9", port: 9444 },
  inventory: "a".repeat(64),
};
const workload = (name: string, kind: WorkloadStatus["kind"]): WorkloadStatus => ({
  ...{ name, kind, health: "ok", detail: { id: "menjawab", en: "answers" } },
});
const page = (html: string, more: Partial<Fetched> = {}): Fetched => ({
  ...{ status: 200, html, hsts: true, certificateExpires: expires, ...more },
});

let looks: string[];
let pages: Record<string, Fetched | Unreached>;
let addresses: Record<string, readonly (readonly string[])[]>;
let eyes: Eyes;
let held: Record<string, readonly HeldGrant[]>;
beforeEach(() => {
  looks = [];
  held = {};
  addresses = {};
  pages = {
    "uji.go.id/": page('<section id="profil">x</section>'),
    "uji.go.id/layanan/": page("<p>x"),
    "dinas.uji.go.id/": page("<p>x"),
    "wiki.uji.go.id/": page("", { status: 301, location: "https://wiki.uji.go.id/wiki/Utama?a=1" }),
    "wiki.uji.go.id/wiki/Utama?a=1": page("<p>x"),
    "kode.uji.go.id/": page("", { status: 401 }),
  };
  eyes = {
    addresses: async (host) => addresses[host] ?? [["192.0.2.1"]],
    restrictsIssuers: async () => true,
    leadsToHttps: async () => true,
    refusesOldTls: async () => true,
    fetch: async ({ address }, { host, path }: Asked) => {
      looks.push(`${address} ${host}${path}`);
      return pages[`${host}${path}`] ?? page("", { status: 421 });
    },
  };
});
const look = async (pauses: string[] = [], own: Partial<WorkloadStatus> = {}) =>
  lookRound({
    config: { site: "dc", zones: ["uji.go.id"], rounds },
    eyes,
    workloads: () => [{ ...workload("gateway", "gateway"), ...own }, workload("web", "web")],
    held: async ({ host }) => {
      looks.push(`grants of ${host}`);
      const grants = held[host];
      return grants && { databases: ["pajak"], grants };
    },
    now: () => new Date("2026-07-01T02:00:00Z"),
    pause: async () => void pauses.push("pause"),
  });

test("everything that can be looked at is, each after a pause", async () => {
  const pauses: string[] = [];
  const items = await look(pauses);
  expect(Object.fromEntries(items)).toEqual({
    gateway: { health: "ok", certificateExpires: expires, filters: true },
    web: { health: "ok" },
    baseline: { rules: { "caa:uji.go.id": true, "tls-1.2": true, "https-only": true, hsts: true } },
    "name:uji.go.id": { gateway: true, https: true, status: 200 },
    "page:uji.go.id": { parts: ["profil"], clean: true },
    "services:uji.go.id": { parts: [], clean: true },
    "name:dinas.uji.go.id": { gateway: true, https: true, status: 200 },
    "page:dinas.uji.go.id": { parts: [], clean: true },
    "name:wiki.uji.go.id": { gateway: true, https: true, status: 301 },
    "page:wiki.uji.go.id": { parts: [], clean: true },
    "name:kode.uji.go.id": { gateway: true, https: true, status: 401 },
  });
  expect(remarksOn(items)).toEqual([]);
  expect(pauses.length).toBeGreaterThanOrEqual(looks.length);
});

test("a gateway that shows the public no certificate that holds tells no end of its other one", async () => {
  const own = { certificateExpires: "2026-12-01T00:00:00.000Z" };
  expect((await look([], own)).get("gateway")).toMatchObject(own);
  pages["uji.go.id/"] = { why: "untrusted" };
  expect((await look([], own)).get("gateway")).not.toHaveProperty("certificateExpires");
});

test("what others put there, names that lead elsewhere and rules that do not hold are told", async () => {
  pages["dinas.uji.go.id/"] = page("<p>slot gacor");
  addresses["wiki.uji.go.id"] = [["203.0.113.9"]];
  eyes = { ...eyes, leadsToHttps: async () => false };
  const items = await look();
  expect(items.get("page:dinas.uji.go.id")).toEqual({ parts: [], clean: false, found: ["gambling slot gacor"] });
  expect(items.get("name:wiki.uji.go.id")).toEqual({ gateway: false, https: false, status: 0 });
  expect(looks.join()).not.toContain("wiki");
  expect(remarksOn(items)).toEqual([
    "PAGES HOLD WHAT OTHERS PUT THERE: dinas.uji.go.id (gambling slot gacor)",
    "names that do not lead to a gateway that answers: wiki.uji.go.id",
    "basic rules that do not hold: https-only",
  ]);
});

test("the version that an engine tells is told", async () => {
  const workloads = () => [{ ...workload("postgres-utama", "postgresql"), version: "17.11" }];
  const rest = { held: async () => undefined, now: () => new Date(), pause: async () => {} };
  const items = await lookRound({ config: { site: "dc", zones: [], rounds }, eyes, workloads, ...rest });
  expect(items.get("postgres-utama")).toEqual({ health: "ok", version: "17.11" });
});

test("grants are compared, server by server; one that does not say is left out", async () => {
  held.utama = [
    ["pajak", "pajak", "OWNER"],
    ["intip", "pajak", "SELECT on table data.objek"],
  ];
  const items = await look();
  const more = [["intip", "pajak", "SELECT on table data.objek"]];
  expect(items.get("grants:utama")).toEqual({ databases: ["pajak"], grants: 2, more, untold: 0 });
  expect(looks).toContain("grants of php");
  expect(items.has("grants:php")).toBe(false);
  expect(remarksOn(items)).toEqual(["GRANTS FOR WHICH NO LEAVE IS ON RECORD: intip pajak SELECT on table data.objek"]);
});

test("what could not be looked at is left out", async () => {
  const none = async () => undefined;
  eyes = {
    ...{ restrictsIssuers: none, leadsToHttps: none, refusesOldTls: none },
    addresses: async (host) => (host === "uji.go.id" ? [] : [["192.0.2.2"]]),
    fetch: async () => ({ why: "away" }),
  };
  expect(Object.fromEntries(await look())).toEqual({ gateway: { health: "ok" }, web: { health: "ok" } });
});

test("a name is looked at where it leads to; a page that leads to another host is none of it", async () => {
  addresses["wiki.uji.go.id"] = [["192.0.2.2"]];
  pages["wiki.uji.go.id/"] = page("", { status: 301, location: "https://lain.uji.go.id/" });
  const items = await look();
  expect(looks).toContain("inside-drc wiki.uji.go.id/");
  expect(items.has("page:wiki.uji.go.id")).toBe(false);
});

test("a gateway that gives a page for a name that nobody declared does not filter", async () => {
  pages["tidak-dinyatakan-.uji.go.id/"] = page("<p>x");
  expect((await look()).get("gateway")).toMatchObject({ filters: false });
});

test("a round that is to end, ends", async () => {
  const pause = async () => {
    throw new Error("ops ends");
  };
  const looking = { config: { site: "dc", zones: [], rounds }, eyes, workloads: () => [], pause };
  const rest = { held: async () => undefined, now: () => new Date() };
  await expect(lookRound({ ...looking, ...rest })).rejects.toThrow("ops ends");
});
