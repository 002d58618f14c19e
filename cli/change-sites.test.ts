import { expect, test } from "vitest";
import type { Model } from "../model/types.ts";
import { changeSites, reasonsAgainst, type SiteChanges } from "./change-sites.ts";
import { CAUGHT_UP_BYTES, rollout } from "./rollout.ts";
import type { Observations } from "./status/assemble.ts";
import type { Status } from "./status/types.ts";

const site = (id: string) => ({
  id,
  workloads: [
    { name: "postgres-utama", kind: "postgresql" },
    { name: "gateway", kind: "gateway" },
  ],
});
const model = { region: { id: "lab" }, sites: [site("dc"), site("drc")] } as unknown as Model;

type Seen = "active" | "standby" | "unknown" | "absent";

function observed(states: Readonly<Record<string, Seen>>): Pick<Observations, "workloads" | "ops"> {
  const ids = Object.keys(states);
  const names = ["postgres-utama", "gateway"];
  return {
    workloads: Object.fromEntries(
      ids.flatMap((id) =>
        names.map((name) => [`${id}/${name}`, states[id] === "absent" ? { kind: "removed" } : RUNNING] as const),
      ),
    ),
    ops: Object.fromEntries(
      ids.map((id) => [id, states[id] === "absent" ? undefined : ({ state: states[id], ...NOTHING } as never)]),
    ),
  };
}
const RUNNING = { kind: "running", health: { ok: true, line: "" } } as const;
const NOTHING = { lagBytes: null, workloads: {} };

test.each<[string, Record<string, Seen>, string[], string | undefined]>([
  [
    "the standby before the active one, whatever they are designated",
    { dc: "active", drc: "standby" },
    ["drc", "dc"],
    "dc",
  ],
  ["after a failover", { dc: "standby", drc: "active" }, ["dc", "drc"], "drc"],
  ["nobody known as active: as declared", { dc: "unknown", drc: "standby" }, ["dc", "drc"], undefined],
  ["nothing there yet: as declared", { dc: "absent", drc: "absent" }, ["dc", "drc"], undefined],
  ["two active: as declared", { dc: "active", drc: "active" }, ["dc", "drc"], undefined],
  ["a site that does not answer still comes first", { dc: "active", drc: "unknown" }, ["drc", "dc"], "dc"],
  ["a new site comes after the active one, from which it copies", { dc: "active", drc: "absent" }, ["dc", "drc"], "dc"],
])("order: %s", (_, states, order, active) => {
  expect(rollout(model, observed(states))).toEqual({ order, active, fresh: new Set() });
});

function status(state: string, health: string, lagBytes: number | null): Status {
  const workloads = [{ name: "postgres-utama", kind: "postgresql", health, detail: { id: "uraian", en: "detail" } }];
  return { region: "lab", sites: [{ id: "drc", state, lagBytes, workloads }] } as unknown as Status;
}

function recorder(replaced: readonly string[], ready: Status) {
  const told: string[] = [];
  const changes: SiteChanges = {
    replaced: async () => replaced,
    deploy: async ({ id }) => void told.push(`deploy ${id}`),
    beforeStop: async ({ id }, names) => void told.push(`before stop ${id}: ${names.join(" ")}`),
    awaitReady: async ({ id }) => {
      told.push(`await ${id}`);
      return ready;
    },
  };
  return { told, changes };
}
const BOTH = rollout(model, observed({ dc: "active", drc: "standby" }));

test("containers are replaced at the active site when the standby is well, after a checkpoint", async () => {
  const { told, changes } = recorder(["gateway", "postgres-utama"], status("standby", "ok", 0));
  await changeSites(model, BOTH, changes);
  expect(told).toEqual(["deploy drc", "await drc", "before stop dc: gateway postgres-utama", "deploy dc"]);
});

test("where nothing is replaced nobody waits", async () => {
  const { told, changes } = recorder([], status("unknown", "failing", null));
  await changeSites(model, BOTH, changes);
  expect(told).toEqual(["deploy drc", "deploy dc"]);
});

test.each([
  ["a workload fails", status("standby", "failing", 0), "postgres-utama: detail"],
  ["its state is not known", status("unknown", "ok", 0), "the site is unknown, expected standby"],
  ["it is behind", status("standby", "ok", CAUGHT_UP_BYTES + 1), "bytes behind"],
  ["nobody knows how far it is behind", status("standby", "ok", null), "not known"],
])("the active site is left alone where at the standby %s", async (_, ready, reason) => {
  const { told, changes } = recorder(["gateway"], ready);
  await expect(changeSites(model, BOTH, changes)).rejects.toMatchObject({
    exitCode: 1,
    text: { en: expect.stringContaining(reason) },
    hint: { en: expect.stringContaining("--site dc") },
  });
  expect(told).toEqual(["deploy drc", "await drc"]);
});

test("what is new to the region does not hold the active site up: only there can it begin", () => {
  const seen = observed({ dc: "active", drc: "standby" });
  const { fresh } = rollout(model, {
    ...seen,
    workloads: { ...seen.workloads, "dc/postgres-utama": { kind: "removed" } },
  });
  expect([...fresh]).toEqual(["postgres-utama"]);
  const drc = model.sites[1] as Model["sites"][number];
  expect(reasonsAgainst(drc, status("unknown", "failing", null), fresh)).toEqual([]);
  expect(reasonsAgainst(drc, status("unknown", "failing", null), new Set())).not.toEqual([]);
});

test("a site that its guards keep closed need not be a standby: its databases wait, everything else must be well", () => {
  const drc = model.sites[1] as Model["sites"][number];
  expect(reasonsAgainst(drc, status("closed", "failing", null), new Set())).toEqual([]);
  const closed = status("closed", "failing", null);
  const workloads = [{ name: "gateway", kind: "gateway", health: "failing", detail: { id: "mati", en: "down" } }];
  const broken = { ...closed, sites: closed.sites.map((one) => ({ ...one, workloads })) } as unknown as Status;
  expect(reasonsAgainst(drc, broken, new Set())).toEqual([{ id: "gateway: mati", en: "gateway: down" }]);
});
