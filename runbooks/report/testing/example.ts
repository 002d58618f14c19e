/** For tests only: a switchover (example) that was resumed once, with what was measured of it. */
import type { Accepted } from "../../approvals/judge.ts";
import type { RunEvent } from "../../engine/events.ts";
import { type Plan, planDigest } from "../../engine/plan.ts";
import { examplePlan } from "../../engine/testing/world.ts";
import type { Measured, ReportRegion, Signed } from "../report.ts";

const START = Date.parse("2026-03-01T03:00:00.000Z");
export const RUN = "switchover-20260301t030000000z";
export const REGION: ReportRegion = {
  name: "Kabupaten Contoh",
  government: "Pemerintah Kabupaten Contoh",
  timezone: "Asia/Makassar",
};

export const approval = (plan: Plan): Accepted => ({
  ...{ region: plan.region, runbook: plan.runbook, plan: planDigest(plan), epoch: plan.epoch, decision: plan.needs },
  ...{ approvedAt: "2026-03-01T02:50:00.000Z", expiresAt: "2026-03-01T03:50:00.000Z", nonce: "0".repeat(32) },
  ...{ keyid: "c".repeat(64), role: "kepala-diskominfo", post: "Kepala Dinas (contoh)", envelope: "{}" },
});

type Untimed = RunEvent extends infer E ? (E extends unknown ? Omit<E, "at"> : never) : never;

/** Events a quarter of a minute and a bit apart. */
export function eventsOf(plan: Plan, rest: readonly Untimed[]): RunEvent[] {
  const opened = { event: "opened", run: RUN, plan, digest: planDigest(plan), commit: "5f5b72f" } as const;
  return [{ ...opened, approvals: [approval(plan)] }, ...rest].map(
    (event, index): RunEvent => ({ at: new Date(START + index * 15_250).toISOString(), ...event }),
  );
}

export const plan = examplePlan();

const doneSteps = (ids: readonly string[]): Untimed[] =>
  ids.flatMap((step): Untimed[] => [
    { event: "begun", step, attempt: 1 },
    { event: "done", step, seen: "after-action", facts: {} },
  ]);

export const succeeded: RunEvent[] = eventsOf(plan, [
  { event: "skipped", step: "lower-ttl", reason: 'TTL <sudah> "rendah"', by: "kepala-infrastruktur" },
  ...doneSteps(["close-writes"]),
  { event: "begun", step: "raise-epoch", attempt: 1 },
  { event: "torn", bytes: 40 },
  { event: "resumed", commit: "77aa31c" },
  { event: "done", step: "raise-epoch", seen: "before-repeat", facts: {} },
  ...doneSteps(["promote", "names", "measure"]),
  { event: "closed", result: "succeeded" },
]);

/** Stopped at a step, which failed for a reason. */
export const failedAt = (step: string, why: string, one: Plan = plan): RunEvent[] => {
  const ids = one.steps.map(({ id }) => id);
  return eventsOf(one, [
    ...doneSteps(ids.slice(0, ids.indexOf(step))),
    { event: "begun", step, attempt: 1 },
    { event: "failed", step, phase: "action", why: { id: why, en: why } },
  ]);
};

export const measured: Measured = {
  epochAfter: 8,
  writesStoppedSeconds: 1234.5,
  leaseWaitSeconds: 17.5,
  names: {
    ...{ movedAt: "2026-03-01T03:03:10.000Z", ttlSeconds: 60, cachesUntil: "2026-03-01T03:04:10.000Z" },
    serials: [
      { site: "drc", before: 2026030101, after: 2026030102 },
      { site: "dc", before: 2026030101, after: null },
    ],
  },
  targets: [
    {
      target: "postgresql:utama",
      rpo: { declaredSeconds: 60, measuredSeconds: 3.5 },
      rto: { declaredSeconds: 900, measuredSeconds: 1000 },
    },
    {
      target: "mariadb:php",
      rpo: { declaredSeconds: 300, measuredSeconds: null },
      rto: { declaredSeconds: null, measuredSeconds: 77 },
    },
  ],
  lost: [
    { target: "postgresql:utama", rows: 12_345, seconds: 3.5 },
    { target: "mariadb:php", rows: null, seconds: null },
  ],
  proofs: [
    {
      ...{ target: "postgresql:utama", at: "2026-03-01T03:03:20.000Z", row: `proof[17] = ${"5".repeat(32)}` },
      through: "pengaduan.contoh.go.id",
    },
    { target: "mariadb:php", at: "2026-03-01T03:03:20.000Z", row: "lumbung.epoch = 8", through: null },
  ],
};

export const signed: Signed = {
  evidence: { id: "drc-3f2a9c01b2d4-20261125T160722123Z/0000000042", digest: "d".repeat(64) },
  heads: [
    {
      ...{ writer: "drc-3f2a9c01b2d4-20261125T160722123Z", last: 42, digest: "d".repeat(64) },
      counterSigned: {
        writer: "drc-3f2a9c01b2d4-20261125T160722123Z",
        sequence: 40,
        digest: "e".repeat(64),
        by: "dc",
        at: "2026-03-01T03:00:00.000Z",
      },
    },
  ],
};
