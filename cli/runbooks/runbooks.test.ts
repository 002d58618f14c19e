/** The verbs of runbooks, with an `ops` that says what it is told to say. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ensureLabApprovers, labApprovalKey } from "../../custody/approvers.ts";
import { stoppedClock } from "../../io/clock.ts";
import type { Model, Text } from "../../model/types.ts";
import { judgeApprovals } from "../../runbooks/approvals/judge.ts";
import { readRoster } from "../../runbooks/approvals/roster.ts";
import { planDigest } from "../../runbooks/engine/plan.ts";
import { examplePlan } from "../../runbooks/engine/testing/world.ts";
import { reportOf } from "../../runbooks/report/report.ts";
import { failedAt, measured, RUN, succeeded } from "../../runbooks/report/testing/example.ts";
import type { PlanView, RunbookOrder, RunsView, RunView } from "../../services/ops/runbooks/views.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { modelOf } from "../context.ts";
import { approve } from "../verbs/approve.ts";
import { preflight, preflightText } from "../verbs/preflight.ts";
import { failover, recoveryLost, switchover } from "../verbs/runbook.ts";
import { aborted, resume, runs, skipped } from "../verbs/runs.ts";

const plan = examplePlan();
const view: PlanView = { digest: planDigest(plan), plan, needed: 1, approvedBy: [] };
const seen = { at: "2026-03-01T03:10:00.000Z", epoch: 8, sites: [{ id: "drc", state: "active" as const }] };
const ended = (events = succeeded): RunView => ({
  ...{ running: false, events, seen, evidence: null, refused: null, report: reportOf(events, measured) },
});

let home: string;
let printed: string;
let warned: string;
let exposure: Text | null;
let told: { site: string; words: readonly string[]; order?: RunbookOrder }[];
let says: (order: RunbookOrder | undefined, words: readonly string[]) => { code?: number; value: unknown };
const ask: AskOps = async ({ id: site }, words, stdin) => {
  const order = stdin === undefined ? undefined : (JSON.parse(stdin) as RunbookOrder);
  told.push({ site, words, ...(order ? { order } : {}) });
  const { code = 0, value } = says(order, words);
  return { code, text: typeof value === "string" ? value : JSON.stringify({ ...(value as object), exposure }) };
};
const options = (words: readonly string[], more: object = {}) => ({ region: "lab", words, ...more });

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "cli-runbooks-"));
  vi.stubEnv("LUMBUNG_HOME", home);
  [printed, told, exposure] = ["", [], null];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  warned = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    warned += text;
    return true;
  });
  const items = [
    {
      id: RUN,
      runbook: "switchover",
      epoch: 7,
      startedAt: "2026-03-01T03:00:00.000Z",
      endedAt: null,
      result: "succeeded",
      writesStoppedSeconds: 7,
      rpo: 0,
      rto: 7,
      lost: [],
      evidence: "drc-x/4",
    },
  ];
  says = (order, words) => {
    if (order?.verb === "plan") return { value: view };
    if (order?.verb === "approve") return { value: { ...view, approvedBy: ["kepala-diskominfo"] } };
    if (order !== undefined) return { value: { run: RUN } };
    return {
      value:
        words[1] === undefined
          ? ({ region: "lab", site: "drc", items, waiting: [view] } as unknown as RunsView)
          : ended(),
    };
  };
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

const verbs = () => told.map(({ site, order, words }) => `${site} ${order?.verb ?? words.join(" ")}`);

describe("a runbook's verb", () => {
  test("--plan shows the steps and gives no other order", async () => {
    expect(await switchover(options([], { plan: true, to: "drc", lang: "en" }), ask)).toBe(0);
    expect(verbs()).toEqual(["drc plan"]);
    expect(told[0]?.order).toEqual({ verb: "plan", runbook: "switchover", to: "drc" });
    expect(printed).toContain(view.digest);
    expect(printed.match(/^ +\d\. /gm)).toHaveLength(plan.steps.length);
  });

  test("with the lab's keys: plan, approval, run, report, in one command", async () => {
    await ensureLabApprovers(await modelOf(options([])), process.env);
    expect(await failover(options([], { by: "kepala-diskominfo" }), ask)).toBe(0);
    expect(verbs()).toEqual(["drc plan", "drc approve", "drc begin", `drc runbooks ${RUN}`]);
    expect(printed).toContain("Berita acara");
  });

  test("without approvals it says what is lacking and how, and begins nothing", async () => {
    await expect(failover(options([]), ask)).rejects.toMatchObject({
      exitCode: 4,
      hint: { en: expect.stringContaining("lumbung approve") },
    });
    expect(verbs()).toEqual(["drc plan"]);
  });

  test("the loss of the recovery site is dealt with at the primary", async () => {
    await recoveryLost(options([], { plan: true }), ask);
    expect(verbs()).toEqual(["dc plan"]);
  });

  test("what ops refuses is told with its words and exit code", async () => {
    const text = { id: "dc aktif", en: "dc is active" };
    says = () => ({ code: 1, value: { exitCode: 4, text, hint: { id: "switchover", en: "switchover" } } });
    await expect(failover(options([]), ask)).rejects.toMatchObject({ exitCode: 4, text, hint: { en: "switchover" } });
  });

  test("a run that failed is one screen with what can be done, and exit code 1", async () => {
    const before = says;
    says = (order, words) =>
      order === undefined && words[1] !== undefined
        ? { value: ended(failedAt("promote", "listrik padam")) }
        : before(order, words);
    await ensureLabApprovers(await modelOf(options([])), process.env);
    expect(await switchover(options([], { by: "kepala-diskominfo" }), ask)).toBe(1);
    expect(printed).toContain("listrik padam");
    expect(printed).toContain(`lumbung resume ${RUN} --region lab`);
  });

  test("a key that others may read is refused before anything is asked", async () => {
    await writeFile(join(home, "key"), "x", { mode: 0o644 });
    await expect(switchover(options([], { key: [join(home, "key")] }), ask)).rejects.toMatchObject({ exitCode: 4 });
    expect(told).toEqual([]);
  });
});

describe("approve", () => {
  test("keygen writes a private key for its holder alone, and shows the public one", async () => {
    const to = join(home, "kepala.key");
    expect(await approve(options(["keygen"], { to }))).toBe(0);
    expect((await stat(to)).mode & 0o777).toBe(0o600);
    expect(printed).toContain("BEGIN PUBLIC KEY");
    expect(printed).not.toContain("PRIVATE");
    await expect(approve(options(["keygen"], { to }))).rejects.toMatchObject({ exitCode: 4 });
  });

  test("signs the plan that waits, after it was read", async () => {
    const model = await modelOf(options([]));
    await ensureLabApprovers(model, process.env);
    await expect(approve(options([], { by: "kepala-diskominfo" }), ask)).rejects.toMatchObject({ exitCode: 4 });
    expect(await approve(options([view.digest.slice(0, 8)], { by: "kepala-diskominfo", yes: true }), ask)).toBe(0);
    const sent = told.find(({ order }) => order?.verb === "approve")?.order as Extract<
      RunbookOrder,
      { verb: "approve" }
    >;
    const entry = await labEntry(model, "kepala-diskominfo");
    const judged = judgeApprovals([Buffer.from(sent.approval, "base64")], {
      ...{ plan, epoch: plan.epoch, roster: readRoster([entry]).roster, used: new Set<string>() },
      now: stoppedClock(new Date()).now(),
    });
    expect(judged).toMatchObject({ enough: true });
    await expect(approve(options(["ffff"], { by: "kepala-diskominfo", yes: true }), ask)).rejects.toMatchObject({
      exitCode: 2,
    });
  });

  test("signs a plan in a file, where ops is not reached", async () => {
    await ensureLabApprovers(await modelOf(options([])), process.env);
    const [from, to] = [join(home, "plan.json"), join(home, "approval.json")];
    await writeFile(from, JSON.stringify({ ...view, digest: "0".repeat(64) }));
    expect(await approve(options([], { from, to, by: "kepala-diskominfo", yes: true }), ask)).toBe(0);
    // The digest that is signed is the plan's own, whatever the file says.
    expect(Buffer.from(JSON.parse(await readFile(to, "utf8")).payload, "base64").toString()).toContain(view.digest);
    expect(told).toEqual([]);
  });
});

async function labEntry({ region }: Model, role: string) {
  const { publicKey: path } = labApprovalKey(region.id, role, process.env);
  return { role, post: "Kepala", may: ["approve", "override"] as const, publicKey: await readFile(path, "utf8") };
}

describe("runs", () => {
  test("are listed of both sites, with plans that wait", async () => {
    expect(await runs(options(["list"]), ask)).toBe(0);
    expect(printed).toContain(RUN);
    expect(printed).toContain(view.digest.slice(0, 12));
    printed = "";
    await runs(options([], { json: true, site: "drc" }), ask);
    expect(JSON.parse(printed)).toMatchObject({ region: "lab", items: [{ id: RUN, rpo: 0 }] });
  });

  test("one is shown, and is refused by a name that nobody knows", async () => {
    expect(await runs(options(["show", RUN]), ask)).toBe(0);
    expect(printed).toContain("Berita acara");
    await expect(runs(options(["show", "x"]), ask)).rejects.toMatchObject({ exitCode: 2 });
  });

  test("resume, abort and skip go to the site that has the run; a decision needs a reason and a role", async () => {
    expect(await resume(options([RUN]), ask)).toBe(0);
    await expect(aborted(options([RUN]), ask)).rejects.toMatchObject({ exitCode: 2 });
    const decided = { reason: "tidak jadi", by: "kepala-infrastruktur" };
    await aborted(options([RUN], decided), ask);
    await skipped(options([RUN, "measure"], decided), ask);
    expect(told.flatMap(({ order }) => order ?? [])).toEqual([
      { verb: "resume", run: RUN },
      { verb: "abort", run: RUN, ...decided },
      { verb: "skip", run: RUN, step: "measure", ...decided },
    ]);
    await expect(skipped(options([RUN], decided), ask)).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe("how exposed the region is", () => {
  const alone = { id: "wilayah berjalan di drc saja", en: "the region runs at drc alone" };
  const found = { region: "lab", at: seen.at, epoch: 7, to: "drc", score: 50, state: "ready", items: [], loss: [] };
  test.each([
    ["a plan", () => switchover(options([], { plan: true }), ask)],
    ["a run that ended", () => resume(options([RUN]), ask)],
    ["runs", () => runs(options([]), ask)],
    ["one run", () => runs(options(["show", RUN]), ask)],
    [
      "preflight",
      () => {
        says = () => ({ value: found });
        return preflight(options([]), ask);
      },
    ],
  ])("stands on the screen of %s", async (_, show) => {
    await show();
    expect(warned).not.toContain("saja");
    exposure = alone;
    await show();
    expect(warned).toContain(`! ${alone.id}\n`);
  });

  test("is nothing of a plan: what is approved is the plan alone", async () => {
    exposure = alone;
    await switchover(options([], { plan: true, json: true }), ask);
    expect(JSON.parse(printed)).toEqual(view);
  });
});

test("preflight prints score, reasons and what would be lost", () => {
  const title = { id: "jeda", en: "lag" };
  const text = preflightText(
    {
      ...{ region: "lab", at: seen.at, epoch: 7, to: "drc", score: 50, state: "not-ready" as const },
      items: [{ id: "lag", title, verdict: "unknown", reason: { id: "tidak diketahui", en: "unknown" } }],
      loss: [
        { target: "postgresql:utama", seconds: 4 },
        { target: "files:ppid", seconds: null },
      ],
    },
    "Asia/Jakarta",
  );
  expect(text).toContain("nilai 50 dari 100");
  expect(text).toMatch(/postgresql:utama +paling banyak 4/);
  expect(text).toMatch(/files:ppid +TIDAK DIKETAHUI/);
});
