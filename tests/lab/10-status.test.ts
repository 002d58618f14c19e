/** It shows 1: after `npm start`, every workload is ok, dc is active and drc standby. */
import { expect, test } from "vitest";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { REGION } from "./support/region.ts";

test("up ends well and with a table of addresses", async () => {
  const { stdout } = await lumbungWell(["up", "--region", REGION]);
  expect(stdout).toContain("https://127.0.10.1");
  expect(stdout).toContain("https://127.0.20.1");
  expect(stdout).toContain("https://lumbungkab.go.id");
});

test("status has every workload ok, dc active and drc standby", async () => {
  const { code, stdout } = await lumbung(["status", "--region", REGION, "--json"]);
  const status = JSON.parse(stdout);
  const bad = status.sites.flatMap(
    (site: { id: string; workloads: { name: string; health: string; detail: { en: string } }[] }) =>
      site.workloads
        .filter((workload) => workload.health !== "ok")
        .map(({ name, detail }) => `${site.id}/${name}: ${detail.en}`),
  );
  expect(bad).toEqual([]);
  expect(code).toBe(0);
  expect(status.sites.map(({ id, designation, state }: Record<string, string>) => [id, designation, state])).toEqual([
    ["dc", "primary", "active"],
    ["drc", "recovery", "standby"],
  ]);
  expect(status.sites[1].lagBytes).toBeTypeOf("number");
  expect(status.toolchain.pulumi.route).toBeTypeOf("string");
});

test("status knows versions and when certificates end", async () => {
  const { sites } = JSON.parse((await lumbungWell(["status", "--region", REGION, "--json"])).stdout);
  const postgres = sites[0].workloads.find((workload: { name: string }) => workload.name === "postgres-utama");
  expect(postgres.version).toMatch(/17/);
  expect(Date.parse(postgres.certificateExpires)).toBeGreaterThan(Date.now());
});
