import fc from "fast-check";
import { expect, it } from "vitest";
import { hasMajority } from "../region/edges.ts";
import { FAULTS } from "./deck.ts";
import { told } from "./fault.ts";
import { isolates, type PlannedRound, planPairs, roundOf, splitting, toldRound } from "./plan.ts";

const LEASE = { ttl: 10, margin: 2 };
const rounds = (check: (round: PlannedRound, index: number) => void) =>
  fc.assert(
    fc.property(fc.nat(), (seed) => planPairs(seed, 24, LEASE).forEach(check)),
    { numRuns: 50 },
  );

it("plans the same for the same seed, and a round the same however many follow", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), (seed, count) => {
      const plan = planPairs(seed, count, LEASE);
      expect(plan).toHaveLength(count);
      expect(planPairs(seed, 60, LEASE).slice(0, count)).toEqual(plan);
    }),
  );
  expect(planPairs(1, 8, LEASE)).not.toEqual(planPairs(2, 8, LEASE));
});

it("the second fault begins while the first lasts; some rounds have one alone", () => {
  rounds(({ faults: [first, second] }, index) => {
    expect(first?.afterMs).toBe(0);
    expect(second === undefined).toBe(index % 8 === 0);
    if (second) expect(second.afterMs).toBeLessThanOrEqual(first?.lastsMs ?? 0);
  });
});

it("what waits for a promotion takes the active site's lease away, and the promotion is asked for", () => {
  rounds(({ faults, asksAfterMs }, index) => {
    for (const one of faults) if (one.untilPromoted) expect(isolates(one), told(one.fault)).toBe(true);
    expect(faults.filter(isolates).length).toBeGreaterThanOrEqual(index % 2);
    if (faults.some(isolates)) expect(asksAfterMs).not.toBeNull();
  });
});

it("a fault isolates the active site exactly where that has no majority while it lasts", () => {
  rounds(({ faults }) => {
    for (const one of faults)
      if (one.fault.kind === "cut") expect(isolates(one)).toBe(!hasMajority(one.fault.edges, "active"));
  });
});

it("rounds that split the region are many in any plan, those with something stopped first", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const split = splitting(planPairs(seed, 60, LEASE));
      expect(split.length).toBeGreaterThanOrEqual(3);
      for (const { faults } of split)
        expect(faults.some(({ fault, untilPromoted }) => untilPromoted && fault.kind === "cut")).toBe(true);
      const stops = split.map(({ faults }) => faults.some(({ fault }) => fault.kind === "stop"));
      expect(stops).toEqual([...stops].sort((a, b) => Number(b) - Number(a)));
    }),
  );
});

it("each fault comes before one comes again, at both sites, shorter and longer than the lease", () => {
  const plan = planPairs(7, 120, LEASE).flatMap(({ faults }) => faults);
  const drawn = plan.filter((one) => !isolates(one) && one.fault.kind !== "promotion-callback");
  const names = drawn.map(({ fault }) => (fault.kind === "cut" || fault.kind === "poor" ? fault.kind : told(fault)));
  expect(new Set(names.slice(0, FAULTS.length))).toEqual(new Set(names));
  for (const name of [
    "kill postmaster in postgres-utama at the active site",
    "kill backend in postgres-utama at the active site",
    "kill patroni in postgres-utama at the other site",
    "kill the callback of PostgreSQL's start at the active site",
    "kill etcd in etcd at the active site",
    "kill mariadbd in mariadb-php at the active site",
    "kill agent in mariadb-php at the other site",
    "kill haproxy in gateway at the active site",
    "kill keeper in mariadb-php at the active site",
    "kill watch in postgres-utama at the other site",
    "kill etcd in epoch at the other site",
    "stop patroni in postgres-utama at the active site",
    "stop keeper in postgres-utama at the active site",
    "stop etcd in epoch at the active site",
    "PostgreSQL of the active site asleep with a transaction open",
    "postgres-utama at the active site off",
    "the volume of mariadb-php at the active site full",
    "postgres-utama at the other site applies nothing",
    "poor",
    "cut",
  ])
    expect(names).toContain(name);
  const asleep = drawn.filter(({ fault }) => fault.kind === "asleep").map(({ lastsMs }) => lastsMs);
  expect(Math.min(...asleep)).toBeLessThan(1000 * (LEASE.ttl - LEASE.margin));
  expect(Math.max(...asleep)).toBeGreaterThan(1000 * LEASE.ttl);
});

it("says of a round what is done and when, so that a person can do the same", () => {
  const round: PlannedRound = {
    faults: [
      {
        fault: { kind: "kill", at: "active", in: "mariadb-php", process: "keeper" },
        afterMs: 0,
        lastsMs: 4000,
        untilPromoted: false,
      },
      {
        fault: { kind: "cut", edges: [{ from: "active", to: "other" }] },
        afterMs: 300,
        lastsMs: 9,
        untilPromoted: true,
      },
    ],
    asksAfterMs: 500,
    calmMs: 1000,
  };
  expect(toldRound(round)).toBe(
    "kill keeper in mariadb-php at the active site (at 0, for 4000 ms); active ⇸ other (at 300, until the promotion); " +
      "the other site is asked to take over (at 500)",
  );
  expect([roundOf({}), roundOf({ LUMBUNG_ROUND: "7" })]).toEqual([null, 7]);
});
