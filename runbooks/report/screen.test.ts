import { describe, expect, test } from "vitest";
import { text } from "../../model/text.ts";
import { LANGS, type Lang } from "../../web/text.ts";
import type { RunEvent } from "../engine/events.ts";
import { BY_HAND_LENGTH, type Plan, planFaults, TITLE_LENGTH } from "../engine/plan.ts";
import { stateOf } from "../engine/state.ts";
import { possibleOf } from "./possible.ts";
import { type RegionSeen, writesText } from "./region.ts";
import { failureScreen, SCREEN } from "./screen.ts";
import { eventsOf, failedAt, plan, RUN } from "./testing/example.ts";

const seen: RegionSeen = {
  at: "2026-03-01T03:05:00.000Z",
  epoch: 8,
  sites: [
    { id: "dc", state: "closed" },
    { id: "drc", state: "unknown" },
  ],
};
const screen = (events: readonly RunEvent[], lang: Lang = "id", region = seen) =>
  failureScreen(stateOf(events), region, lang, "Asia/Jakarta");
/** Rows of a terminal: a longer line takes several. */
const rowsOf = (said: string) =>
  said.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil([...line].length / SCREEN.columns)), 0);
const commands = (events: readonly RunEvent[]) =>
  possibleOf(stateOf(events)).map(({ command }) => command.en.split(" ").slice(1, 3).join(" "));

describe("the one screen of a run that failed", () => {
  test("says the region's state, the step and why, what to do by hand, and what can be done", () => {
    expect(screen(failedAt("promote", "Patroni tidak menjawab"), "en")).toMatchInlineSnapshot(`
      "FAILED: Planned switchover to the DRC
      switchover-20260301t030000000z · lab · 2026-03-01 10:02:02 WIB
      State    unknown where writes are accepted
               dc closed · drc unknown · epoch 8 · 2026-03-01 10:05:00 WIB
      Step     4/6 Step promote
               while it was done; the point of no return HAS passed
      Why      Patroni tidak menjawab
      By hand  Do promote by hand

      1. resume: the cause is gone, or it was done by hand
         lumbung resume switchover-20260301t030000000z --region lab
      2. put another runbook in its place: two approvals
         lumbung <runbook> --region lab --supersedes switchover-20260301t030000000z"
    `);
  });
  test.each(LANGS)("fits on one screen at its longest (%s)", (lang) => {
    const most = (length: number) =>
      "kata panjang sekali "
        .repeat(length)
        .slice(0, length - 1)
        .concat("x");
    const id = "a".repeat(32);
    const long: Plan = {
      ...plan,
      ...{ runbook: "r".repeat(24), region: "w".repeat(32), title: text(most(TITLE_LENGTH), most(TITLE_LENGTH)) },
      steps: plan.steps.map((step, index) => ({
        ...step,
        id: index === 1 ? id : step.id,
        title: text(most(TITLE_LENGTH), most(TITLE_LENGTH)),
        byHand: text(most(BY_HAND_LENGTH), most(BY_HAND_LENGTH)),
        maySkip: index === 1,
      })),
    };
    expect(planFaults(long)).toEqual([]);
    const events = failedAt(id, "sebab yang panjang ".repeat(60), long).map((event) =>
      event.event === "opened" ? { ...event, run: `${long.runbook}-20260301t030000000z` } : event,
    );
    expect(possibleOf(stateOf(events))).toHaveLength(3);
    const unseen: RegionSeen = {
      ...seen,
      epoch: null,
      at: null,
      sites: seen.sites.map(({ id: site }) => ({ id: `pusat-data-${site}`, state: "active" })),
    };
    const said = screen(events, lang, unseen);
    expect(rowsOf(said)).toBeLessThanOrEqual(SCREEN.rows);
    for (const whole of [long.steps[1]?.byHand[lang] ?? "?"]) expect(said.replace(/\s+/g, " ")).toContain(whole);
    expect(said).toContain("…");
  });
  test("two or three things, and only those that would be allowed", () => {
    expect(commands(failedAt("lower-ttl", "x"))).toEqual([`resume ${RUN}`, `skip ${RUN}`, `abort ${RUN}`]);
    expect(commands(failedAt("close-writes", "x"))).toEqual([`resume ${RUN}`, `abort ${RUN}`]);
    expect(commands(failedAt("raise-epoch", "x"))).toEqual([`resume ${RUN}`, "<runbook> --region"]);
    expect(commands(failedAt("measure", "x"))).toEqual([`resume ${RUN}`, `skip ${RUN}`, "<runbook> --region"]);
    const aborting = eventsOf(plan, [
      { event: "aborting", reason: "x", by: "y" },
      { event: "failed", step: "lower-ttl", phase: "undo", why: text("x", "x") },
    ]);
    expect(commands(aborting)).toEqual([`resume ${RUN}`, "<runbook> --region"]);
  });
  test("a run that was cut off or paused has a screen, too", () => {
    const cut = eventsOf(plan, [{ event: "begun", step: "lower-ttl", attempt: 1 }]);
    expect(screen(cut)).toMatch(/^TERHENTI: [\s\S]*1\/6 Langkah lower-ttl[\s\S]*terputus/);
    expect(screen([...cut, { at: cut[0]?.at ?? "", event: "paused" }], "en")).toContain("paused before this step");
  });
  test("no control character of an engine's message reaches the terminal", () => {
    expect(screen(failedAt("promote", "a\u001b[2Jb\nc\u202ed"))).toContain("a [2Jb c d");
  });
});

test.each([
  [["active", "standby"], "writes are accepted at dc alone"],
  [["active", "unknown"], "writes are accepted at dc; unknown whether at drc, too"],
  [["closed", "standby"], "writes are accepted nowhere"],
  [["closed", "unknown"], "unknown where writes are accepted"],
  [["unknown", "unknown"], "unknown where writes are accepted"],
  [["active", "active"], "DANGER: writes are accepted at dc, drc: close all but one"],
  [[], "unknown where writes are accepted"],
] as const)("%j: %s", (states, expected) => {
  const sites = states.map((state, index) => ({ id: ["dc", "drc"][index] ?? "", state }));
  expect(writesText({ ...seen, sites }).en).toBe(expected);
});
