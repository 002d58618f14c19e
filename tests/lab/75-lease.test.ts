/** Closed unless leased (D7), in the whole lab: whoever is killed or frozen, the site closes in time and opens again by itself; `ops` closes nothing. */
import { describe, expect, test } from "vitest";
import { throughout } from "./support/eventually.ts";
import { Guards } from "./support/guards.ts";
import { ENGINES, leaseCases } from "./support/lease-cases.ts";
import { lumbungWell } from "./support/lumbung.ts";
import { labModel, REGION } from "./support/region.ts";

const guards = new Guards(REGION);

test("a frozen ops closes nothing and opens nothing", async () => {
  for (const site of ["dc", "drc"]) guards.docker("pause", guards.name(site, "ops"));
  try {
    await throughout(2 * guards.state("dc", "gateway").ttlSeconds, () => {
      for (const engine of ENGINES) {
        expect(guards.takesWrites("dc", engine), engine).toBe(true);
        expect(guards.takesWrites("drc", engine), engine).toBe(false);
      }
    });
  } finally {
    for (const site of ["dc", "drc"]) guards.docker("unpause", guards.name(site, "ops"));
  }
});

describe("guards", () => leaseCases(guards, "dc", "drc"));

test("a name server moves the region's addresses to the site that holds the lease, whoever asks, and to no other", async () => {
  const model = await labModel();
  const tls = "/config/current/tls";
  const proof = ["--cacert", `${tls}/ca.crt`, "--cert", `${tls}/server.crt`, "--key", `${tls}/server.key`];
  const addressOf = (site: string) => model.sites.find(({ id }) => id === site)?.publicAddress;
  const ask = (from: string, workload: string, at: string, to: string) => {
    const host = model.sites.find(({ id }) => id === at)?.workloads.find(({ kind }) => kind === "dns")?.hostName;
    const order = JSON.stringify({ verb: "addresses", address: addressOf(to) });
    const words = ["curl", "--silent", "--max-time", "20", "--noproxy", "*", ...proof, "--data", order];
    const { said } = guards.exec(from, workload, [
      ...words,
      "--write-out",
      "\n%{http_code}",
      `https://${host}:8010/lease`,
    ]);
    return said.split("\n").at(-1);
  };
  for (const from of ["dc", "drc"]) {
    expect(["dc", "drc"].map((at) => ask(from, "ops", at, "dc"))).toEqual(["202", "202"]);
    expect(["dc", "drc"].map((at) => ask(from, "ops", at, "drc"))).toEqual(["409", "409"]);
  }
  expect(ask("dc", "gateway", "dc", "dc")).toBe("403");
});

test("all is well afterwards", async () => {
  await lumbungWell(["up", "--region", REGION]);
});
