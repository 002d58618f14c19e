/**
 * It shows 4 of never two writers, on real sites: `ops` of the recovery centre is killed -9 in the middle of a switchover, in each step in turn. Another process
 * finds the run, `resume` brings it to the same end, and nothing acknowledged is missing. (Every question and order: runbooks/engine/kill.test.ts.)
 */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../io/shell.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import type { RunView } from "../../services/ops/runbooks/views.ts";
import { tellFigures } from "../faults/figures.ts";
import { handover } from "../faults/ledger/handover.ts";
import { eventually } from "./support/eventually.ts";
import { clearLoad, expectNothingLost, startLoad } from "./support/load.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { byPublicName } from "./support/public-name.ts";
import { engine, labModel, REGION, siteWith } from "./support/region.ts";
import { APPROVER } from "./support/runbook.ts";
import { statusNow, wellWithin } from "./support/watch.ts";

const STEPS = ["close-writes", "last-writes", "end-lease", "raise-epoch", "open-writes", "open-gateway", "move-names"];
const WELL_SECONDS = 180;
let model: Model;

beforeAll(async () => {
  model = await labModel();
  await wellWithin(model, WELL_SECONDS);
});
afterAll(() => clearLoad(model));

/** As an operator sees it: from the recovery centre's own `ops`. @throws where that does not answer. */
async function shown(name: string): Promise<RunView> {
  const { code, stdout, stderr } = await lumbung(["runs", "show", name, "--region", REGION, "--json"]);
  if (code !== 0 && stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as RunView;
}

/** Kills `ops` as soon as the journal says that the step was begun. Returns how the step stood when it came. */
async function killIn(name: string, step: string): Promise<string> {
  const ops = `${REGION}-${siteWith(model, "recovery").id}-ops`;
  const journal = ["docker", "exec", ops, "cat", `/data/runbooks/${name}.jsonl`];
  await eventually(`${step} is begun`, 120, async () => {
    const { stdout } = await run(journal);
    const begun = stdout.split("\n").some((line) => line.includes('"begun"') && line.includes(`"${step}"`));
    return begun ? true : undefined;
  });
  // Its process, as the engine starts no container anew that was killed through it.
  const pid = (await engine.inspectContainer(ops))?.State.Pid;
  if (!pid) throw new Error(`${ops} does not run`);
  process.kill(pid, "SIGKILL");
  const found = await eventually("ops is back, with the run", 90, () => shown(name));
  expect(found.running).toBe(false);
  return found.report.result;
}

async function switchesOverKilledIn(step: string, from: SiteModel, to: SiteModel): Promise<void> {
  const load = await startLoad(model, from, [byPublicName(model, from), byPublicName(model, to)]);
  const loaded = await (async () => {
    try {
      const begun = await lumbungWell([
        ...["switchover", "--to", to.id, "--by", APPROVER, "--region", REGION, "--detach", "--json"],
      ]);
      const { run: name } = JSON.parse(begun.stdout) as { run: string };
      const result = await killIn(name, step);
      tellFigures({ [`killed_in_${step}_to_${to.id}`]: result });
      if (result !== "succeeded") await lumbungWell(["resume", name, "--region", REGION]);
      expect((await shown(name)).report.result).toBe("succeeded");
      await wellWithin(model, WELL_SECONDS);
      await pause(1_000); // what is written after
      return await load.stop();
    } catch (error) {
      await load.stop();
      throw error;
    }
  })();
  expect((await statusNow(model)).sites.map(({ id, state }) => [id, state])).toEqual(
    model.sites.map(({ id }) => [id, id === to.id ? "active" : "standby"]),
  );
  for (const history of [loaded.rows, loaded.mariadbRows, loaded.complaints])
    expect(handover(history, from.id, to.id).lies).toEqual([]);
  await expectNothingLost(model, [to, from], load.run, loaded);
}

test.each(STEPS.map((step, index) => ({ step, there: index % 2 === 0 })))(
  "killed in $step, then resumed: the same end, nothing missing",
  async ({ step, there }) => {
    const [dc, drc] = [siteWith(model, "primary"), siteWith(model, "recovery")];
    await (there ? switchesOverKilledIn(step, dc, drc) : switchesOverKilledIn(step, drc, dc));
  },
  600_000,
);

test("the data centre is active again", async () => {
  const dc = siteWith(model, "primary");
  const active = (await statusNow(model)).sites.find(({ state }) => state === "active");
  if (active?.id !== dc.id)
    await lumbungWell(["switchover", "--to", dc.id, "--by", APPROVER, "--region", REGION, "--json"]);
  await wellWithin(model, WELL_SECONDS);
}, 300_000);
