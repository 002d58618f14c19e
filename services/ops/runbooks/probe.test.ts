/** The proof of a run: only a row that was written and read back counts, at the site that is open. */
import { describe, expect, test } from "vitest";
import type { LeaseState } from "../../../model/lease.ts";
import { PROOF_PATH } from "../../../model/proof.ts";
import type { Guard, RunbooksConfig, Target } from "../config.ts";
import type { call } from "../jobs/call.ts";
import { probeThrough } from "./probe.ts";

const now = new Date("2026-03-01T03:00:00.000Z");
const HOST = "pengaduan.contoh.go.id";
const ADDRESSES: Readonly<Record<string, readonly string[]>> = { dc: ["198.51.100.1"], drc: ["198.51.100.129"] };

const guard = (site: string, engine: "postgresql" | "mariadb"): Guard => ({
  ...{ site, workload: engine, kind: engine, server: `${engine}:satu`, host: engine, address: "10.0.0.1", port: 8010 },
});
const said = (state: "open" | "closed", epoch: number, more: Partial<LeaseState> = {}): LeaseState =>
  ({
    ...{ epoch: 8, epochSite: "drc", state, engine: "armed", store: null },
    known: [{ source: "database", epoch, site: "drc" }],
    ...more,
  }) as unknown as LeaseState;

interface World {
  readonly states: readonly (readonly [Guard, LeaseState])[];
  readonly gateway: readonly string[];
  /** Where the application's own name leads. */
  readonly application: readonly string[];
  readonly provers: RunbooksConfig["provers"];
  readonly answer: (token: string) => { readonly status: number; readonly text: string };
}

const WELL: World = {
  states: [
    [guard("drc", "postgresql"), said("open", 8)],
    [guard("drc", "mariadb"), said("open", 8)],
    [guard("dc", "postgresql"), said("closed", 7)],
  ],
  gateway: ADDRESSES.drc ?? [],
  application: ADDRESSES.drc ?? [],
  provers: [{ host: HOST, server: "postgresql:satu" }],
  answer: (token) => ({ status: 201, text: JSON.stringify({ table: "proof", slot: 17, token, at: now }) }),
};

function probe(more: Partial<World> = {}) {
  const world: World = { ...WELL, ...more };
  const asked: string[] = [];
  const ask: typeof call = async (peer, _, { method, path, body, headers }) => {
    asked.push(
      `${method} ${peer.host}${path} at ${peer.address}:${peer.port} ${headers?.["content-type"] ?? ""}`.trim(),
    );
    if (path !== PROOF_PATH) return { status: 200, text: "" };
    return world.answer((JSON.parse(body ?? "{}") as { token: string }).token);
  };
  const sites = ["dc", "drc"].map((id) => ({ id, addresses: ADDRESSES[id] }));
  const { write } = probeThrough({
    config: { declared: { sites } as never, publicHost: "contoh.go.id", provers: world.provers },
    targets: [{ site: "drc", probe: "gateway", host: "gateway.drc", address: "10.0.0.9" } as Target],
    tls: {},
    guards: { states: async () => new Map(world.states) },
    names: {
      seen: async () => ({ addresses: world.gateway, serial: 5, ttlSeconds: 60 }),
      addresses: async () => world.application,
    },
    now: () => now,
    ask,
  });
  return { write, asked };
}

describe("the proof", () => {
  test("is a row through an application where one writes to the server, and the server's own row where none does", async () => {
    const { write, asked } = probe();
    expect(await write("drc")).toEqual({
      "postgresql:satu": {
        ...{ at: now.toISOString(), through: HOST },
        row: expect.stringMatching(/^proof\[17\] = [0-9a-f]{32}$/),
      },
      "mariadb:satu": { at: now.toISOString(), row: "lumbung.epoch = 8", through: null },
    });
    expect(asked.sort()).toEqual([
      "GET contoh.go.id/ at 10.0.0.9:8443",
      `POST ${HOST}${PROOF_PATH} at 10.0.0.9:8443 application/json`,
    ]);
  });

  test("has another token each time", async () => {
    const { write } = probe();
    const row = async () => (await write("drc"))["postgresql:satu"]?.row;
    expect(await row()).not.toBe(await row());
  });

  test.each([
    ["another row", { answer: () => ({ status: 201, text: '{"table":"proof","slot":1,"token":"0"}' }) }, /not the one/],
    ["a page instead of a row", { answer: () => ({ status: 201, text: "<html>" }) }, /not the one/],
    ["a database that does not acknowledge", { answer: () => ({ status: 503, text: "{}" }) }, /answers 503/],
    ["an application whose name leads elsewhere", { application: ADDRESSES.dc }, /not to drc/],
    ["a public name that leads nowhere", { gateway: [] }, /no site's/],
  ] as const)("is none by %s", async (_, more, why) => {
    await expect(probe(more as Partial<World>).write("drc")).rejects.toThrow(why);
  });

  test.each([
    ["closed", said("closed", 8)],
    ["of the epoch before", said("open", 7)],
    ["a standby", said("open", 8, { engine: "exempt" })],
  ])("does not count at a server that is %s, whatever the application says", async (_, state) => {
    const states = [
      [guard("drc", "postgresql"), state],
      [guard("drc", "mariadb"), said("open", 8)],
    ] as const;
    expect(Object.keys(await probe({ states }).write("drc"))).toEqual(["mariadb:satu"]);
  });
});
