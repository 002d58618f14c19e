/** Every runbook on a simulated region: to its end, killed at every moment, in any order of steps, and taken back. */
import { describe, expect, test } from "vitest";
import { seeded } from "../tests/seeded.ts";
import { planFaults } from "./engine/plan.ts";
import { Disk } from "./engine/testing/disk.ts";
import { Killer } from "./engine/testing/world.ts";
import { failback } from "./failback/plan.ts";
import { failover } from "./failover/plan.ts";
import { recoveryLost } from "./recovery-lost/plan.ts";
import { courseOf, planFor, programsFor, type Runbook, situationOf } from "./runbook.ts";
import { switchover } from "./switchover/plan.ts";
import { type Life, lifeOf, live, stateIn } from "./testing/lives.ts";
import { type Options, portsOf, Region, type SiteName, TTL } from "./testing/region.ts";

/** A region as it is when the runbook is called for, and the run. */
interface Case {
  readonly name: string;
  readonly runbook: Runbook;
  readonly to: SiteName;
  readonly at: SiteName;
  readonly before?: (region: Region) => void;
  readonly options?: Partial<Options>;
  /** Site that is active afterwards. */
  readonly active: SiteName;
  /** Nothing that was acknowledged is missing. */
  readonly whole: boolean;
  /** Killed at every moment (default), or at every so many. */
  readonly every?: number;
}

/** The old site came back closed after the other one had taken over, with a row that only it has. */
function tookOver(region: Region): void {
  region.cut.add("dc|drc");
  region.advance(2);
  region.stop("dc");
  region.advance(TTL + 5);
  const { guard } = region.sites.drc;
  guard.promote = 8;
  region.advance(10);
  for (const server of Object.values(region.sites.drc.servers)) {
    server.role = "primary";
    server.waits = false;
  }
  region.sites.drc.copies.epoch = 8;
  for (const site of ["dc", "drc"] as const) region.sites[site].names.addresses = ["198.51.100.129"];
  region.advance(5);
  region.cut.clear();
  region.start("dc");
  region.advance(5);
}

const CASES: readonly Case[] = [
  { name: "switchover", runbook: switchover, to: "drc", at: "drc", active: "drc", whole: true },
  {
    name: "switchover, sync",
    every: 3,
    runbook: switchover,
    to: "drc",
    at: "drc",
    active: "drc",
    whole: true,
    options: { sync: true },
  },
  {
    ...{
      name: "switchover without a witness",
      every: 3,
      runbook: switchover,
      to: "drc",
      at: "drc",
      active: "drc",
      whole: true,
    },
    options: { witness: false },
  },
  {
    ...{ name: "failover, DC gone", runbook: failover, to: "drc", at: "drc", active: "drc", whole: false },
    before: (region) => {
      region.stop("dc");
      region.advance(3);
    },
  },
  {
    ...{
      name: "failover, DC gone, sync",
      every: 3,
      runbook: failover,
      to: "drc",
      at: "drc",
      active: "drc",
      whole: true,
    },
    options: { sync: true },
    before: (region) => region.stop("dc"),
  },
  {
    ...{ name: "failover, DC cut off but alive", runbook: failover, to: "drc", at: "drc", active: "drc", whole: false },
    before: (region) => region.isolate("dc"),
  },
  {
    ...{
      name: "failover, its database alone gone",
      every: 3,
      runbook: failover,
      to: "drc",
      at: "drc",
      active: "drc",
      whole: false,
    },
    before: (region) => {
      Object.assign(region.server("dc", "postgresql:utama"), { role: "closed", wasPrimary: false });
      region.advance(3);
    },
  },
  {
    ...{ name: "failover, the witness gone too", runbook: failover, to: "drc", at: "drc", active: "drc", whole: false },
    before: (region) => {
      region.stop("dc");
      region.witnessUp = false;
      region.advance(TTL + 10);
    },
  },
  {
    ...{ name: "failback by rewind", every: 5, runbook: failback, to: "dc", at: "drc", active: "dc", whole: false },
    before: tookOver,
  },
  {
    ...{
      name: "failback by reseed, sync",
      every: 7,
      runbook: failback,
      to: "dc",
      at: "drc",
      active: "dc",
      whole: true,
    },
    options: { sync: true, rewind: false },
    before: tookOver,
  },
  {
    ...{
      name: "recovery-lost",
      runbook: recoveryLost,
      to: "dc",
      at: "dc",
      active: "dc",
      whole: true,
      options: { sync: true },
    },
    before: (region) => {
      region.stop("drc");
      // A person builds it while the run waits for that.
      region.events.push({ at: region.time + 1, act: (one) => one.rebuild("drc") });
    },
  },
];

function begun({ runbook, to, at, before, options }: Case): Life {
  const region = new Region(options);
  before?.(region);
  return lifeOf(region, runbook, to, at);
}

/** Lives one after another, each killed at its moment, and a last one that nobody kills. */
async function lives(one: Case, kills: readonly number[]): Promise<Life> {
  const life = begun(one);
  for (const at of [...kills, Number.POSITIVE_INFINITY]) await live(life, new Killer(at));
  life.region.settle(60);
  return life;
}

const ending = (life: Life) => ({
  ...{ region: life.region.verdict(), stage: stateIn(life).stage },
  steps: stateIn(life).steps.map(({ step, outcome }) => `${step.id} ${outcome}`),
});

describe.each(CASES)("$name", (one) => {
  test("its plan is sound, and made again from what it says was observed", () => {
    const { plan } = begun(one);
    expect(planFaults(plan)).toEqual([]);
    const steps = one.runbook.pieces(courseOf(plan.runbook, situationOf(plan)));
    expect(steps.map(({ id }) => id)).toEqual(plan.steps.map(({ id }) => id));
  });

  test("comes to its end: one site active, the other not, nothing lost that need not be", async () => {
    const life = await lives(one, []);
    const { region } = life;
    expect(stateIn(life).failure ?? stateIn(life).stage).toEqual("succeeded");
    expect(region.violations).toEqual([]);
    for (const id of Object.keys(region.sites.dc.servers)) {
      expect(region.takesWrites(one.active, id)).toBe(true);
      expect(region.takesWrites(one.active === "dc" ? "drc" : "dc", id)).toBe(false);
    }
    const addresses = region.declared().sites.find(({ id }) => id === one.active)?.addresses;
    expect(region.sites[one.active].names.addresses).toEqual(addresses);
    if (one.whole) expect(region.missing(one.active)).toEqual([]);
    if (one.runbook === switchover) expect(region.missingFiles(one.active)).toEqual([]);
  });

  test("killed at any moment, once and twice: the same end", async () => {
    const unbroken = ending(await lives(one, []));
    const killer = new Killer();
    await live(begun(one), killer);
    expect(killer.count).toBeGreaterThan(30);
    for (let first = 1; first <= killer.count; first += one.every ?? 1) {
      const kills = first % 7 === 0 ? [first, 1 + ((first * 13) % killer.count)] : [first];
      const life = await lives(one, kills);
      expect(ending(life), `killed at ${kills}`).toEqual(unbroken);
      if (one.whole) expect(life.region.missing(one.active), `killed at ${kills}`).toEqual([]);
      if (one.runbook === switchover) expect(life.region.missingFiles(one.active), `killed at ${kills}`).toEqual([]);
    }
  }, 600_000);

  test("steps in any order, repeated and left out: never two sites that take writes", async () => {
    for (let seed = 1; seed <= 40; seed += 1)
      expect((await shuffled(one, seed)).violations, `seed ${seed}`).toEqual([]);
  }, 60_000);

  test("aborted after any step before the point of no return: all is as it was", async () => {
    const { plan } = begun(one);
    const last = plan.steps.findIndex(({ pointOfNoReturn }) => pointOfNoReturn);
    for (const { id } of plan.steps.slice(0, last < 0 ? undefined : last)) {
      const untouched = begun(one);
      untouched.region.settle(60);
      const life = begun(one);
      await live(life, new Killer(), id);
      life.region.settle(60);
      const abortable = stateIn(life).stage;
      // The last step of a run without a point of no return: it is over.
      if (abortable === "succeeded") continue;
      expect(abortable, id).toBe("aborted");
      if (one.runbook.name !== "failback" && one.runbook.name !== "recovery-lost")
        expect(life.region.verdict(), id).toEqual(untouched.region.verdict());
      expect(life.region.violations).toEqual([]);
    }
  }, 60_000);
});

/** Every step's precondition is asked, its action done where that holds; order, repeats and omissions by a seed. Faults come and go as well. */
async function shuffled(one: Case, seed: number, options: Partial<Options> = {}): Promise<Region> {
  const life = begun({ ...one, options: { ...one.options, ...options } });
  const { region, plan, runbook, at } = life;
  const random = seeded(seed);
  const ports = portsOf(region, at, new Killer());
  // Waiting for what may never come would only take long.
  const impatient = { ...ports, pause: async () => region.advance(30) };
  const programs = programsFor(runbook, situationOf(plan), impatient);
  const ids = plan.steps.map(({ id }) => id);
  for (let turn = 0; turn < ids.length * 2; turn += 1) {
    const id = ids[Math.floor(random() * ids.length)] as string;
    if (random() < 0.15) region.cut.add(random() < 0.5 ? "dc|drc" : "dc|witness");
    if (random() < 0.15) region.cut.clear();
    const program = programs[id];
    const context = { region: "lab", facts: {}, attempt: 1 };
    try {
      if ((await program?.precondition(context))?.holds) await program?.action(context);
    } catch {
      // A step that fails is what is tried here.
    }
    region.advance(random() * 10);
  }
  return region;
}

describe("each protection is needed", () => {
  test("without guards the same orders of steps find two sites that take writes", async () => {
    let found = 0;
    for (const one of CASES)
      for (let seed = 1; seed <= 10; seed += 1)
        // Some cannot even be planned: two sites are active before anything is done.
        if ((await shuffled(one, seed, { guards: false }).catch(() => undefined))?.violations.length !== 0) found += 1;
    expect(found).toBeGreaterThan(0);
  });

  test("without guards a failover from a site that was only cut off makes two", async () => {
    const cut = CASES.find(({ name }) => name.includes("cut off")) as Case;
    const life = begun({ ...cut, options: { guards: false } });
    await live(life);
    expect(life.region.violations).not.toEqual([]);
  });
});

test("a closing site that gave nothing would keep the last files to itself: the run stops before the epoch", async () => {
  const life = lifeOf(new Region({ lastCopies: false }), switchover, "drc", "drc");
  expect(await live(life)).toMatchObject({ result: "failed", step: "copy-last" });
  expect(life.region.store.epoch).toBe(7);
});

test("ten switchovers in a row, there and back: no row and no file is missing, and stores take the credentials of each epoch", async () => {
  const region = new Region();
  for (let turn = 1; turn <= 10; turn += 1) {
    const [from, to] = turn % 2 === 1 ? (["dc", "drc"] as const) : (["drc", "dc"] as const);
    const life = lifeOf(region, switchover, to, "drc");
    await live(life);
    expect(stateIn(life).failure ?? stateIn(life).stage, `turn ${turn}`).toBe("succeeded");
    expect(region.isActive(to)).toBe(true);
    expect(region.isActive(from)).toBe(false);
    expect([region.sites.dc.copies.epoch, region.sites.drc.copies.epoch]).toEqual([7 + turn, 7 + turn]);
  }
  region.settle(60);
  expect(region.missing("dc")).toEqual([]);
  expect(region.missingFiles("dc")).toEqual([]);
  expect(region.files.length).toBeGreaterThan(50);
  expect(region.violations).toEqual([]);
});

test("the old site comes back before the takeover ends, at any time: never two", async () => {
  for (let after = 1; after < 60; after += 2) {
    const region = new Region();
    region.stop("dc");
    region.advance(1);
    const life = lifeOf(region, failover, "drc", "drc");
    region.events.push({ at: region.time + after, act: (one) => one.start("dc") });
    await live(life);
    region.advance(60);
    expect(region.violations, `after ${after}`).toEqual([]);
    const active = (["dc", "drc"] as const).filter((site) => region.takesWrites(site, "postgresql:utama"));
    expect(active, `after ${after}`).toHaveLength(1);
  }
});

test("a takeover that stopped after the epoch is ended by another one, which does not raise it again", async () => {
  // Killed at the first moment after the epoch was raised.
  let region = withoutDc();
  for (let at = 1; region.store.epoch === 7 && at < 1000; at += 1) {
    region = withoutDc();
    await live(lifeOf(region, failover, "drc", "drc"), new Killer(at));
  }
  expect(region.store).toMatchObject({ epoch: 8, site: "drc" });
  expect(region.sites.drc.names.addresses).not.toEqual(["198.51.100.129"]);
  region.advance(30);
  const plan = planFor(failover, { declared: region.declared(), seen: region.seen("drc"), to: "drc" }, "failover-x");
  expect(plan).toMatchObject({ epoch: 8, needs: "override" });
  expect(plan.steps.map(({ id }) => id)).toEqual(expect.not.arrayContaining(["raise-epoch"]));
  const second = { region, runbook: failover, plan, at: "drc" as const, disk: new Disk() };
  await live(second);
  expect(stateIn(second).stage).toBe("succeeded");
  expect(region.store.epoch).toBe(8);
  expect(region.takesWrites("drc", "postgresql:utama")).toBe(true);
  expect(region.sites.drc.names.addresses).toEqual(["198.51.100.129"]);
});

function withoutDc(): Region {
  const region = new Region();
  region.stop("dc");
  return region;
}

test("the epoch is raised only once the lease is known to have ended: waited for, as another guard may know it later; another epoch ends it at once", async () => {
  const region = new Region();
  region.stop("dc");
  region.advance(1);
  const { plan } = lifeOf(region, failover, "drc", "drc");
  const raise = programsFor(failover, situationOf(plan), portsOf(region, "drc", new Killer()))["raise-epoch"];
  const context = { region: "lab", facts: {}, attempt: 1 };
  const begun = region.time;
  expect(await raise?.precondition(context)).toEqual({ holds: true });
  expect(region.time - begun).toBeGreaterThan(TTL / 2);
  region.store.epoch += 4;
  region.store.site = "dc";
  const before = region.time;
  expect((await raise?.precondition(context))?.holds).toBe(false);
  expect(region.time - before).toBeLessThan(1);
});

test("a runbook that is not for what was seen says why, and what is", () => {
  const well = new Region();
  expect(() => lifeOf(well, failover, "drc", "drc")).toThrow(/switchover --to drc/);
  expect(() => lifeOf(well, switchover, "dc", "drc")).toThrow(/drc is not active/);
  expect(() => lifeOf(well, failback, "dc", "drc")).toThrow(/drc is not active/);
  expect(() => lifeOf(well, recoveryLost, "dc", "dc")).toThrow(/follows as usual/);
  const gone = new Region();
  gone.stop("dc");
  expect(() => lifeOf(gone, switchover, "drc", "drc")).toThrow(/failover --to drc/);
  gone.witnessUp = false;
  expect(lifeOf(gone, failover, "drc", "drc").plan.needs).toBe("override");
});
