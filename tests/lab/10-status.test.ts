/** It shows 1: after `npm start`, every workload is ok, dc is active and drc standby. */
import { expect, test } from "vitest";
import { lastSeen } from "./support/eventually.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { REGION } from "./support/region.ts";

test("up ends well and with a table of addresses", async () => {
  const { stdout } = await lumbungWell(["up", "--region", REGION]);
  expect(stdout).toContain("https://127.0.10.1");
  expect(stdout).toContain("https://127.0.20.1");
  expect(stdout).toContain("https://lumbungkab.go.id");
  // On a machine that has none of the images yet they are made first.
}, 1_200_000);

test("status has every workload ok, dc active and drc standby", async () => {
  // A host that makes first copies may answer late for a moment.
  const { code, status, bad } = await lastSeen("all of it well", 120, lookedAt, (seen) => seen.bad.length === 0);
  expect(bad).toEqual([]);
  expect(code).toBe(0);
  expect(status.sites.map(({ id, designation, state }: Record<string, string>) => [id, designation, state])).toEqual([
    ["dc", "primary", "active"],
    ["drc", "recovery", "standby"],
  ]);
  expect(status.sites[1].lagBytes).toBeTypeOf("number");
  const witness = status.witness.workloads.map(({ name, health }: Record<string, string>) => [name, health]);
  expect(witness).toEqual([
    ["config", "ok"],
    ["epoch", "ok"],
  ]);
  expect(status.toolchain.pulumi.route).toBeTypeOf("string");
});

interface Workload {
  readonly name: string;
  readonly health: string;
  readonly detail: { readonly en: string };
}

async function lookedAt() {
  const { code, stdout } = await saidNow("--json");
  const status = JSON.parse(stdout);
  const bad = status.sites.flatMap(({ id, workloads }: { id: string; workloads: readonly Workload[] }) =>
    workloads.filter(({ health }) => health !== "ok").map(({ name, detail }) => `${id}/${name}: ${detail.en}`),
  );
  return { code, status, bad };
}

/** Whether all is well at this moment is another question: a host that makes first copies may answer late. */
const saidNow = (...more: readonly string[]) => lumbung(["status", "--region", REGION, ...more]);

test("status knows the epoch, who holds the lease, and that every guard of that site alone is open", async () => {
  const { epoch, lease } = JSON.parse((await saidNow("--json")).stdout);
  expect({ epoch, ...lease }).toMatchObject({ epoch: 1, site: "dc", holder: "dc", open: ["dc"], witness: true });
  expect(lease.leftSeconds).toBeGreaterThan(0);
  const guards = lease.guards.map(({ site, workload, state, code, engine }: Record<string, string>) =>
    [site, workload, state, code, engine].join(" "),
  );
  expect(guards.sort()).toEqual([
    "dc gateway open leased exempt",
    "dc mariadb-php open leased armed",
    "dc postgres-utama open leased armed",
    "drc gateway closed other-site exempt",
    "drc mariadb-php closed other-site exempt",
    "drc postgres-utama closed other-site exempt",
  ]);
  const line = async (...more: string[]) => (await saidNow(...more)).stdout;
  expect(await line("--lang", "id")).toMatch(/^epoch 1 milik dc · hak tulis \(lease\) dipegang dc, dc terbuka/m);
  expect(await line("--lang", "en")).toMatch(/^epoch 1 of dc · dc holds the lease, dc open, for [\d.]+ s/m);
});

test("status knows versions and when certificates end", async () => {
  const { sites } = JSON.parse((await saidNow("--json")).stdout);
  const postgres = sites[0].workloads.find((workload: { name: string }) => workload.name === "postgres-utama");
  expect(postgres.version).toMatch(/17/);
  expect(Date.parse(postgres.certificateExpires)).toBeGreaterThan(Date.now());
});
