import { expect, test } from "vitest";
import type { LeaseState } from "../../model/lease.ts";
import type { Model } from "../../model/types.ts";
import { allWell, assembleStatus, isSettled, type Observations } from "./assemble.ts";

const model = {
  region: { id: "lab" },
  sites: [
    {
      id: "dc",
      designation: "primary",
      publicAddress: "127.0.10.1",
      workloads: [{ name: "dns", kind: "dns", address: "10.91.0.11" }],
    },
    {
      id: "drc",
      designation: "recovery",
      publicAddress: "127.0.20.1",
      workloads: [{ name: "dns", kind: "dns", address: "10.92.0.11" }],
    },
  ],
} as unknown as Model;

const same = (line: string) => ({ id: line, en: line });

const well: Observations = {
  at: "2026-01-01T00:00:00+07:00",
  toolchain: null,
  workloads: {
    "dc/dns": { kind: "running", health: { ok: true, line: "1 zone" } },
    "drc/dns": { kind: "running", health: { ok: true, line: "1 zone" } },
  },
  ops: {
    dc: {
      state: "active",
      lagBytes: null,
      workloads: {
        dns: { health: "ok", detail: same("1 zone"), version: "3.4.6", certificateExpires: "2027-01-01T00:00:00Z" },
      },
    },
    drc: { state: "standby", lagBytes: 0, workloads: {} },
  },
};

test("all is well when every workload answers well, one site is active and the other stands by", () => {
  const status = assembleStatus(model, well);
  expect(allWell(status)).toBe(true);
  expect(status.sites[0]?.workloads[0]).toMatchObject({ health: "ok", detail: same("1 zone"), version: "3.4.6" });
});

test.each<[string, Partial<Observations>, string]>([
  ["a removed container fails", { workloads: { ...well.workloads, "dc/dns": { kind: "removed" } } }, "failing"],
  [
    "a stopped container fails",
    { workloads: { ...well.workloads, "dc/dns": { kind: "stopped", status: "exited", exitCode: 0 } } },
    "failing",
  ],
  [
    "a container that says it is ill fails",
    { workloads: { ...well.workloads, "dc/dns": { kind: "running", health: { ok: false, line: "x" } } } },
    "failing",
  ],
  [
    "a health command without answer is unknown",
    { workloads: { ...well.workloads, "dc/dns": { kind: "running", health: "no answer" } } },
    "unknown",
  ],
  ["what nobody saw is unknown", { workloads: {} }, "unknown"],
])("%s", (_, change, health) => {
  const status = assembleStatus(model, { ...well, ...change });
  expect(status.sites[0]?.workloads[0]?.health).toBe(health);
  expect(allWell(status)).toBe(false);
});

test("a site whose ops does not answer is in an unknown state, and that is not well", () => {
  const status = assembleStatus(model, { ...well, ops: { drc: well.ops.drc } });
  expect(status.sites[0]?.state).toBe("unknown");
  expect(allWell(status)).toBe(false);
});

test("what only ops can see, as two sites that both take writes, makes a workload that calls itself well fail", () => {
  const both = { id: "KEDUA situs menerima tulisan", en: "BOTH sites take writes" };
  const dns = { health: "failing" as const, detail: both, version: null, certificateExpires: null };
  const dc = { state: "active" as const, lagBytes: null, workloads: { dns } };
  const status = assembleStatus(model, { ...well, ops: { ...well.ops, dc } });
  expect(status.sites[0]?.workloads[0]).toMatchObject({ health: "failing", detail: both });
  expect(allWell(status)).toBe(false);
});

test("two active sites are not well", () => {
  const status = assembleStatus(model, { ...well, ops: { dc: well.ops.dc, drc: well.ops.dc } });
  expect(allWell(status)).toBe(false);
});

test("a region with a witness is well only where the witness is", () => {
  const witness = { id: "witness", publicAddress: "127.0.30.1", workloads: [{ name: "epoch", kind: "epoch" }] };
  const watched = { ...model, witness } as unknown as Model;
  const seen = (ok: boolean): Observations => ({
    ...well,
    workloads: { ...well.workloads, "witness/epoch": { kind: "running", health: { ok, line: "answers" } } },
  });
  expect(allWell(assembleStatus(watched, seen(true)))).toBe(true);
  expect(allWell(assembleStatus(watched, seen(false)))).toBe(false);
  expect(assembleStatus(watched, well).witness?.workloads).toMatchObject([{ name: "epoch", health: "unknown" }]);
  expect(allWell(assembleStatus(watched, well))).toBe(false);
  expect(assembleStatus(model, well).witness).toBeNull();
});

test("a site that every guard keeps closed, as the other one holds the lease, is closed: settled, exposed, and not well", () => {
  const drc = { ...well.ops.dc, workloads: {} } as Observations["ops"][string];
  const dc = { state: "unknown" as const, lagBytes: null, workloads: {} };
  const store = {
    epoch: 4,
    site: "drc",
    holder: { epoch: 4, site: "drc" },
    revision: 1,
    term: 1,
    agoSeconds: 1,
    absentSeconds: null,
  };
  const guard = (site: string, state: LeaseState["state"]) =>
    ({
      site,
      workload: "gateway",
      witness: true,
      state,
      code: "other-site",
      epoch: 4,
      epochSite: "drc",
      store,
      known: [],
    }) as unknown as LeaseState;
  const seen = (own: LeaseState["state"]) =>
    assembleStatus(model, { ...well, ops: { dc, drc }, leases: [guard("dc", own), guard("drc", "open")] });
  const status = seen("closed");
  expect(status.sites.map(({ state }) => state)).toEqual(["closed", "active"]);
  expect([isSettled(status), allWell(status)]).toEqual([true, false]);
  expect(status.warnings[0]?.en).toMatch(/runs at drc alone.*lumbung failback --to dc/);
  expect(isSettled(seen("open"))).toBe(false);
});
