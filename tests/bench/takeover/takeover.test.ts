import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { REPOSITORY } from "../../../io/repository.ts";
import type { RunEvent } from "../../../runbooks/engine/events.ts";
import { examplePlan } from "../../../runbooks/engine/testing/world.ts";
import type { History } from "../../faults/ledger/history.ts";
import {
  type Failover,
  failbackFigure,
  failoverFigure,
  failoverOf,
  guardsFigure,
  switchoverFigure,
} from "./figures.ts";
import { failbackMebibytes, scaleFor } from "./size.ts";
import { changedShare, changeHundredth, nameUpdate, rewindSeconds, unguardedStart } from "./words.ts";

const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 1, 3) + seconds * 1000).toISOString();

/** A run that waited for the lease from its 2nd second to `waited`, and proved a write in its 20th. */
function run({
  closedBy,
  waited,
  proven = at(20),
}: {
  closedBy?: string;
  waited: number;
  proven?: string;
}): RunEvent[] {
  const example = examplePlan();
  const steps = example.steps.slice(0, 2).map((step, index) => ({ ...step, id: ["wait-lease", "prove"][index] ?? "" }));
  const plan = { ...example, steps };
  const done = (step: string, seconds: number, facts: Record<string, string>) =>
    ({ event: "done", step, seen: "after-action", facts, at: at(seconds) }) as const;
  return [
    { event: "opened", run: "r", plan, digest: "", commit: null, approvals: [], at: at(1) },
    { event: "begun", step: "wait-lease", attempt: 1, at: at(2) },
    done("wait-lease", waited, closedBy === undefined ? {} : { closedBy }),
    { event: "begun", step: "prove", attempt: 1, at: at(19) },
    done("prove", 20, proven === "" ? {} : { provenAt: proven }),
  ];
}

test("of the wait for the lease only what the lease demands is taken off", () => {
  const leaseWait = (closedBy: number, waited: number) =>
    failoverOf(3, at(0.5), run({ closedBy: at(closedBy), waited })).leaseWait;
  expect(leaseWait(12, 12.2)).toBe(10);
  expect(leaseWait(12, 9)).toBe(7);
  // It had ended before: then what the step took was the runbook's own time.
  expect(leaseWait(-30, 3)).toBe(0);
  expect(() => failoverOf(3, at(0.5), run({ waited: 3 }))).toThrow("expected a wait");
});

test("a failover is counted from the decision to the proof, and without a proof there is none", () => {
  expect(failoverOf(3, at(0.5), run({ closedBy: at(12), waited: 12 }))).toEqual({
    ...{ plan: 3, total: 19.5, leaseWait: 10 },
    steps: { "wait-lease": 10, prove: 1 },
  });
  expect(() => failoverOf(3, at(0), run({ closedBy: at(12), waited: 12, proven: "" }))).toThrow("expected a proof");
  expect(() => failoverOf(3, at(30), run({ closedBy: at(12), waited: 12 }))).toThrow("two times in order");
});

const failover = (total: number, leaseWait: number): Failover => ({ plan: 9, total, leaseWait, steps: {} });
const hand = { promote: 2, name: 0.5, write: 0.5 };

test("half again as long as by hand, the wait apart, and no round is no success", () => {
  const of = (...failovers: Failover[]) => failoverFigure(failovers, [hand, hand], 60);
  expect(of(failover(20, 15.5), failover(19.5, 15))).toMatchObject({
    ...{ name: "failover.first-write", value: 4.5, floor: 3, ratio: 1.5, ok: true },
    detail: { leaseWait: [15.5, 15], nameTtlSeconds: 60 },
  });
  expect(of(failover(20, 15.4))).toMatchObject({ ok: false });
  expect(of()).toMatchObject({ ok: false });
  expect(failoverFigure([failover(20, 16)], [], 60)).toMatchObject({ ok: false });
});

/** Acknowledged at these milliseconds, of a load that lasted 20 seconds. */
const history = (...ends: number[]): History => ({
  ...{ from: 0, to: 20_000 },
  attempts: ends.map((endedAt, id) => ({ id, value: "", askedAt: endedAt, endedAt, outcome: "acknowledged" })),
});

test("the longest stop of any engine in any switchover counts", () => {
  const short = history(5000, 10_000, 15_000);
  const seen = (...all: Readonly<Record<string, History>>[]) => switchoverFigure(all, {});
  expect(seen({ a: short, b: short })).toMatchObject({ value: 5, floor: 10, ratio: 0.5, ok: true });
  expect(seen({ a: short, b: history(1000, 11_000, 19_000) })).toMatchObject({ value: 10, ok: true });
  expect(seen({ a: short, b: short }, { a: short, b: history(1000, 11_001, 19_000) })).toMatchObject({ ok: false });
  expect(seen({ a: history() })).toMatchObject({ value: 20, ok: false });
  expect(seen()).toMatchObject({ ok: false });
});

test("of pgbench below the guards 0.95 must stay", () => {
  expect(guardsFigure({ guarded: [95, 96, 1], unguarded: [100] }, {})).toMatchObject({ ratio: 0.95, ok: true });
  expect(guardsFigure({ guarded: [94.9], unguarded: [100] }, {})).toMatchObject({ ok: false });
  expect(guardsFigure({ guarded: [], unguarded: [100] }, {})).toMatchObject({ ok: false });
});

test("a rewind takes at most a tenth of a reseed", () => {
  expect(failbackFigure({ rewind: [10, 9, 11], reseed: [100] }, {})).toMatchObject({ ratio: 0.1, ok: true });
  expect(failbackFigure({ rewind: [10.1], reseed: [100] }, {})).toMatchObject({ ok: false });
  expect(failbackFigure({ rewind: [], reseed: [] }, {})).toMatchObject({ ok: false });
});

test("2 GiB come back unless another size is asked for", () => {
  expect([failbackMebibytes({}), failbackMebibytes({ LUMBUNG_BENCH_FAILBACK_MIB: "5120" })]).toEqual([2048, 5120]);
  expect([scaleFor(2048), scaleFor(16)]).toEqual([126, 1]);
  expect(() => failbackMebibytes({ LUMBUNG_BENCH_FAILBACK_MIB: "5 GiB" })).toThrow(
    "LUMBUNG_BENCH_FAILBACK_MIB: expected",
  );
});

test("a hundredth of the blocks is changed, or the bench says so", () => {
  expect(changeHundredth({ row: 3, by: 1000 })).toContain("format('(%s,%s)', block, 3)::tid");
  expect(changedShare("2621 262144\n")).toEqual({ changed: 2621, blocks: 262_144 });
  for (const said of ["0 262144", "4000 262144", "", "many"]) expect(() => changedShare(said)).toThrow("a hundredth");
});

test("how long pg_rewind ran is in Patroni's log, and one that failed or did not run is none", () => {
  const line = (at: string, text: string) => `2026-03-01 03:00:${at} INFO patroni: ${text}`;
  const begun = line("59,900", "running pg_rewind from postgres-utama.drc");
  expect(rewindSeconds(`${begun}\nsomething\n2026-03-01 03:01:01,150 INFO patroni: pg_rewind exit code=0\n`)).toBe(
    1.25,
  );
  const failed = line("59,950", "pg_rewind exit code=1");
  for (const log of ["", begun, `${begun}\n${failed}`]) expect(() => rewindSeconds(log)).toThrow("expected a rewind");
});

test("one update moves the name, by its key, at the name server itself", () => {
  const key = { name: "update-1", algorithm: "hmac-sha256", secret: "c2Vj", created: "" } as const;
  const to = { zone: "uji.go.id", name: "gerbang.uji.go.id", ttlSeconds: 60, address: "192.0.2.20", key };
  expect(nameUpdate(to).split("\n")).toEqual([
    "server 127.0.0.1 5353",
    "key hmac-sha256:update-1 c2Vj",
    "zone uji.go.id.",
    "update delete gerbang.uji.go.id. A",
    "update add gerbang.uji.go.id. 60 A 192.0.2.20",
    "send",
    "",
  ]);
});

const FLOOR = fileURLToPath(new URL("../floor-failover", import.meta.url));

/** With the programs that it runs replaced by ones that say what they were told. */
function floor(words: readonly string[], input: string) {
  const told = 'patronictl() { echo "patronictl $*"; }; knsupdate() { echo knsupdate; cat; }; . "$0"';
  const { status, stdout, stderr } = spawnSync("sh", ["-c", told, FLOOR, ...words], { input, encoding: "utf8" });
  return { status, stdout, stderr };
}

test("the floor is the three commands and nothing else", () => {
  expect(floor(["promote", "lab-utama"], "go\n")).toEqual({
    ...{ status: 0, stdout: "ready\ndone\n" },
    stderr: "patronictl -c /config/current/patroni.yml promote-cluster --force lab-utama\n",
  });
  expect(floor(["name"], "go\nsend\n")).toEqual({ status: 0, stdout: "ready\ndone\n", stderr: "knsupdate\nsend\n" });
  expect(floor(["check"], "go\n")).toMatchObject({ status: 2, stdout: "ready\n" });
  // Nobody types: nothing is done.
  expect(floor(["promote", "lab-utama"], "")).toMatchObject({ status: 1, stdout: "ready\n", stderr: "" });
});

test("without guards nothing of them is begun, and everything else is as the image begins it", () => {
  const own = readFileSync(join(REPOSITORY, "images/postgres/usr/local/lib/lumbung/start"), "utf8");
  const ours = unguardedStart(own);
  expect(ours).not.toMatch(/lease_keeper|import guard/);
  expect(ours.trimEnd().split("\n").at(-1)).toBe("exec patroni /run/lumbung/patroni");
  const begins = (text: string) => text.split("\n").filter((line) => line.endsWith(" &"));
  expect(begins(own).length).toBeGreaterThan(0);
  expect(begins(ours)).toEqual(begins(own));
  expect(() => unguardedStart("#!/bin/sh\nexec patroni\n")).toThrow("expected the keeper");
});
