import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { fixtureModel } from "../../custody/fixture.ts";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { RegionSecrets } from "../../custody/types.ts";
import { ask } from "../signer/ask.ts";
import type { BackupConfig } from "./config.ts";
import { Runs } from "./runs.ts";
import { backupServer } from "./server.ts";
import type { CopyList, Report } from "./wire.ts";

/** `web` stands for the repository host: same authority, same kind. */
const HOST = "web";
let secrets: RegionSecrets;
let server: Server;
let port: number;

const config = {
  ...{ version: 1, role: "host", region: "lab", site: "dc", timezone: "Asia/Jakarta", port: 0 },
  name: "web.dc.lab.internal",
  ops: "ops.dc.lab.internal",
  monitors: ["ops.dc.lab.internal", "ops.drc.lab.internal"],
} as unknown as BackupConfig;

beforeAll(async () => {
  secrets = (await makeRegionSecrets(fixtureModel(), undefined, new Date())).secrets;
  const tls = tlsOf("dc", HOST);
  const log = { info: vi.fn(), warn: vi.fn(), debug: vi.fn(), error: vi.fn() };
  const runs = new Runs({
    perform: async (): Promise<Report> => ({ report: "care", figures: {} }),
    clean: async () => {},
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    log,
  });
  const copies = async (): Promise<CopyList> => ({ site: "dc", at: "", copies: [], unknown: {} });
  server = backupServer({
    files: () => ({ config, tls }),
    runs,
    health: async () => ({ status: 503, text: "store away" }),
    copies,
    log,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function tlsOf(site: string, workload: string) {
  const found = secrets.sites[site]?.certificates[workload];
  if (!found) throw new Error(`no certificate of ${site}/${workload}`);
  const ca = secrets.sites[site]?.authority.root ?? "";
  return { ca, cert: found.chain, key: found.key, minVersion: "TLSv1.3" } as const;
}

const asked = (
  site: string,
  workload: string,
  path: string,
  method: "GET" | "POST" | "PUT" | "DELETE" = "GET",
  body = "",
) =>
  ask(
    { address: "127.0.0.1", port, name: config.name, tls: tlsOf(site, workload) },
    method,
    path,
    body === "" ? undefined : Buffer.from(body),
  );

const ORDER = JSON.stringify({ id: "r1", target: "zones", action: "full", engine: "restic", standby: false });

test("ops of the own site orders, asks and takes away", async () => {
  expect(await asked("dc", "ops", "/runs/r1", "PUT", ORDER)).toMatchObject({ status: 202 });
  await vi.waitFor(async () => {
    expect(JSON.parse((await asked("dc", "ops", "/runs/r1")).text)).toMatchObject({ state: "succeeded" });
  });
  expect((await asked("dc", "ops", "/runs/r2")).status).toBe(404);
  expect(JSON.parse((await asked("dc", "ops", "/copies")).text)).toMatchObject({ site: "dc", copies: [] });
  expect((await asked("dc", "ops", "/runs/r1", "DELETE")).status).toBe(200);
});

test.each([
  ["ops of the other site", "drc", "ops"],
  ["a database", "dc", "postgres-utama"],
  ["an application", "dc", "app-pengaduan"],
])("%s orders nothing and sees no copies", async (_, site, workload) => {
  for (const [path, method] of [
    ["/runs/x", "PUT"],
    ["/runs/r1", "GET"],
    ["/runs/r1", "DELETE"],
    ["/copies", "GET"],
  ] as const)
    expect((await asked(site, workload, path, method, method === "PUT" ? ORDER : "")).status).toBe(403);
});

test("who watches sees the health, nobody else", async () => {
  expect(await asked("drc", "ops", "/health")).toEqual({ status: 503, text: "store away" });
  expect((await asked("dc", "postgres-utama", "/health")).status).toBe(403);
});

test("an order that is none is refused with what was expected", async () => {
  for (const body of ["no", "{}", ORDER.replace('"r1"', '"r9"')])
    expect(await asked("dc", "ops", "/runs/r5", "PUT", body)).toMatchObject({
      status: 400,
      text: expect.stringMatching(/expected an order in JSON whose id is r5/),
    });
  expect((await asked("dc", "ops", "/runs/../../etc", "GET")).status).toBe(404);
});
