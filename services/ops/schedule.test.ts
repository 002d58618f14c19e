import { expect, test } from "vitest";
import type { OpsConfig, Target } from "./config.ts";
import { slotsOf, startSchedule } from "./schedule.ts";

const target = (site: string, workload: string): Target => ({
  site,
  workload,
  kind: "etcd",
  probe: "etcd",
  host: "h",
  port: 1,
});
const targets = [target("dc", "etcd"), target("dc", "dns"), target("dc", "web"), target("drc", "dns")];
const config = { targets, probes: { periodSeconds: 9, timeoutSeconds: 1, concurrency: 2 } } as unknown as OpsConfig;

/** Timers that fire when told. */
function byHand() {
  let fire: () => void = () => {};
  let everyMs = 0;
  const timers = {
    setInterval: (run: () => void, ms: number) => {
      [fire, everyMs] = [run, ms];
      return 1;
    },
    clearInterval: () => {
      fire = () => {};
    },
  } as unknown as Pick<typeof globalThis, "setInterval" | "clearInterval">;
  return { timers, fire: () => fire(), everyMs: () => everyMs };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the same workload of both sites shares a slot, and slots divide the period", async () => {
  expect(slotsOf(targets).map((slot) => slot.map(({ site }) => site))).toEqual([["dc"], ["dc", "drc"], ["dc"]]);
  const { timers, fire, everyMs } = byHand();
  const asked: string[] = [];
  const schedule = startSchedule(config, async ({ site, workload }) => void asked.push(`${site}/${workload}`), timers);
  expect(everyMs()).toBe(3000);
  for (let tick = 0; tick < 5; tick++) {
    await settled();
    fire();
  }
  expect(asked).toEqual(["dc/etcd", "dc/dns", "drc/dns", "dc/web", "dc/etcd", "dc/dns", "drc/dns", "dc/web"]);
  schedule.stop();
  fire();
  expect(asked).toHaveLength(8);
});

test("never two of one target, never more under way than allowed", async () => {
  const { timers, fire } = byHand();
  const open: (() => void)[] = [];
  let most = 0;
  let underWay = 0;
  const names: string[] = [];
  startSchedule(
    config,
    async ({ site, workload }) => {
      names.push(`${site}/${workload}`);
      most = Math.max(most, ++underWay);
      await new Promise<void>((resolve) => open.push(resolve));
      underWay--;
    },
    timers,
  );
  for (let tick = 0; tick < 6; tick++) fire();
  expect(most).toBe(2);
  expect(names).toEqual(["dc/etcd", "dc/dns"]);
  for (const finish of open.splice(0)) finish();
  await settled();
  fire();
  expect(names).toEqual(["dc/etcd", "dc/dns", "dc/dns", "drc/dns"]);
});

test("a target that hangs is not asked a second time meanwhile", () => {
  const { timers, fire } = byHand();
  const names: string[] = [];
  const wide = { ...config, probes: { ...config.probes, concurrency: 10 } };
  startSchedule(
    wide,
    ({ site, workload }) => {
      names.push(`${site}/${workload}`);
      return new Promise(() => {});
    },
    timers,
  );
  for (let tick = 0; tick < 9; tick++) fire();
  expect(names).toEqual(["dc/etcd", "dc/dns", "drc/dns", "dc/web"]);
});

test("nothing to ask, nothing to do", () => {
  startSchedule({ ...config, targets: [] }, () => Promise.reject(new Error("asked"))).stop();
});
