import { expect, test } from "vitest";
import type { Workload } from "../../workload.ts";
import { carrierUploads } from "./carrier.ts";
import { containerPlan, type SitePlace } from "./container.ts";

const place: SitePlace = {
  region: "lab",
  site: "dc",
  publicAddress: "127.0.10.1",
  network: "lab-dc",
  backbone: "lab-backbone",
  internalDomain: "dc.lab.internal",
};

const dns: Workload = {
  name: "dns",
  kind: "dns",
  image: "dns",
  user: { uid: 2003, gid: 2003 },
  environment: { B: "2", A: "1" },
  files: [
    { path: "tls/server.key", content: "secret words", secret: true },
    { path: "knot.conf", content: "server:\n" },
  ],
  volumes: [{ name: "data", path: "/var/lib/knot", keeps: "data" }],
  scratch: { "/scratch": 1024 * 1024 },
  reached: {
    address: "10.91.0.11",
    backboneAddress: "10.90.0.11",
    aliases: ["names.lab.internal"],
    published: [{ port: 5353, published: 53, protocol: "udp" }],
  },
  limits: { memoryBytes: 100 * 1024 * 1024 + 1 },
};

test("a workload is rendered with least privilege, memory without swap, and its addresses", () => {
  expect(containerPlan(place, dns)).toEqual({
    name: "lab-dc-dns",
    user: "2003:2003",
    init: true,
    restart: "unless-stopped",
    readOnly: true,
    memory: 101,
    memorySwap: 101,
    envs: ["A=1", "B=2"],
    labels: [
      { label: "id.lumbung.kind", value: "dns" },
      { label: "id.lumbung.region", value: "lab" },
      { label: "id.lumbung.site", value: "dc" },
      { label: "id.lumbung.workload", value: "dns" },
    ],
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    networks: [
      { name: "lab-dc", ipv4Address: "10.91.0.11", aliases: ["dns.dc.lab.internal", "names.lab.internal"] },
      { name: "lab-backbone", ipv4Address: "10.90.0.11", aliases: ["dns.dc.lab.internal"] },
    ],
    tmpfs: {
      "/run": "rw,nosuid,nodev,size=16777216,uid=2003,gid=2003,mode=0700",
      "/scratch": "rw,nosuid,nodev,size=1048576,uid=2003,gid=2003,mode=0700",
      "/tmp": "rw,nosuid,nodev,size=16777216,uid=2003,gid=2003,mode=0700",
    },
    ports: [{ internal: 5353, external: 53, ip: "127.0.10.1", protocol: "udp" }],
    healthcheck: {
      tests: ["CMD", "/usr/local/lib/lumbung/health"],
      interval: "30s",
      timeout: "10s",
      startPeriod: "60s",
      retries: 3,
    },
    stopTimeout: 10,
    destroyGraceSeconds: 10,
    logDriver: "json-file",
    logOpts: { "max-file": "3", "max-size": "10m" },
  });
});

test("a workload without an address has no network at all", () => {
  const alone = containerPlan(place, { ...dns, reached: {} });
  expect(alone.networkMode).toBe("none");
  expect(alone.networks).toEqual([]);
});

test("capabilities are added by their full name, in order", () => {
  expect(containerPlan(place, { ...dns, capabilities: ["SETUID", "CHOWN"] }).capabilities).toEqual({
    drops: ["ALL"],
    adds: ["CAP_CHOWN", "CAP_SETUID"],
  });
});

test("no secret's content stands in what docker inspect shows", () => {
  expect(JSON.stringify(containerPlan(place, dns))).not.toContain("secret words");
});

test("the carrier gets a manifest and each file, secrets marked and of mode 0600", () => {
  const uploads = carrierUploads([dns]);
  expect(uploads.map((upload) => [upload.file, upload.secret])).toEqual([
    ["/in/manifest.json", false],
    ["/in/dns/knot.conf", false],
    ["/in/dns/tls/server.key", true],
  ]);
  expect(JSON.parse(String(uploads[0]?.content))).toEqual({
    dns: {
      uid: 2003,
      gid: 2003,
      files: [
        { path: "knot.conf", mode: "0644" },
        { path: "tls/server.key", mode: "0600" },
      ],
    },
  });
});

test("the order in which workloads and files are declared changes nothing", () => {
  const ops: Workload = {
    ...dns,
    name: "ops",
    files: [
      { path: "b", content: "" },
      { path: "a", content: "" },
    ],
  };
  const reversed = { ...dns, files: [...dns.files].reverse() };
  expect(carrierUploads([dns, ops])).toEqual(carrierUploads([ops, reversed]));
});
