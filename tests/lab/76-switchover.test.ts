/**
 * It shows 1 of never two writers: `lumbung switchover` there and back under the ledger, with a client at each side that goes where the public name
 * sends it. Nothing acknowledged is missing, and the site that was left acknowledges nothing after the first acknowledgement by the other one.
 * `LUMBUNG_SWITCHOVERS`: how often there and back; default 1, ten in `npm run test:full`.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Model, SiteModel } from "../../model/types.ts";
import { tellFigures } from "../faults/figures.ts";
import { handover } from "../faults/ledger/handover.ts";
import { longestStop } from "../faults/ledger/judge.ts";
import { eventually } from "./support/eventually.ts";
import { clearLoad, expectNothingLost, startLoad, tally } from "./support/load.ts";
import { lumbungWell } from "./support/lumbung.ts";
import { byPublicName, siteNamedBy } from "./support/public-name.ts";
import { labModel, REGION, siteWith } from "./support/region.ts";
import { expectProven, runbook } from "./support/runbook.ts";
import { changesOf } from "./support/shell.ts";
import { statusNow, wellWithin } from "./support/watch.ts";

const TIMES = Number(process.env.LUMBUNG_SWITCHOVERS ?? 1);
const WELL_SECONDS = 180;
let model: Model;
let dc: SiteModel;
let drc: SiteModel;

beforeAll(async () => {
  model = await labModel();
  [dc, drc] = [siteWith(model, "primary"), siteWith(model, "recovery")];
  await wellWithin(model, WELL_SECONDS);
});
afterAll(() => clearLoad(model));

async function switchesOver(from: SiteModel, to: SiteModel): Promise<void> {
  const load = await startLoad(model, from, [byPublicName(model, from), byPublicName(model, to)]);
  const { loaded, report } = await (async () => {
    try {
      const report = await runbook("switchover", ["--to", to.id]);
      await wellWithin(model, WELL_SECONDS);
      return { report, loaded: await load.stop() };
    } catch (error) {
      await load.stop();
      throw error;
    }
  })();
  expect(report.result).toBe("succeeded");
  expectProven(report, model.region.domain);
  expect((await statusNow(model)).sites.map(({ id, state }) => [id, state])).toEqual(
    model.sites.map(({ id }) => [id, id === to.id ? "active" : "standby"]),
  );
  for (const at of model.sites) expect((await siteNamedBy(model, at)).id).toBe(to.id);
  const order = [from.id, to.id];
  const { pages: _, ...written } = loaded;
  for (const [what, history] of Object.entries(written)) {
    expect(handover(history, from.id, to.id).lies, what).toEqual([]);
    const by = new Set(history.attempts.flatMap((one) => (one.outcome === "acknowledged" ? [one.by] : [])));
    expect([...by].sort(), `${what}: ${JSON.stringify(tally(history))}`).toEqual([...order].sort());
  }
  await expectNothingLost(model, [to, from], load.run, loaded);
  for (const [what, history] of Object.entries({ postgresql: loaded.rows, mariadb: loaded.mariadbRows })) {
    const stopped = longestStop(history).milliseconds / 1000;
    tellFigures({ [`without_writes_${what}_to_${to.id}`]: `${stopped.toFixed(1)} s` });
  }
}

test.each(Array.from({ length: TIMES }, (_, index) => index + 1))(
  "there and back, time %i: no acknowledged row is missing, none by the site that was left",
  async (time) => {
    await switchesOver(dc, drc);
    if (time === 1) await nothingChanged();
    await switchesOver(drc, dc);
  },
  900_000,
);

/** It shows 6: what is active is not declared, so nothing that is declared differs. */
async function nothingChanged(): Promise<void> {
  for (const part of ["backbone", "dc", "drc", "witness"]) expect([part, await changesOf(part)]).toEqual([part, {}]);
}

test("each run left a signed record that both sites have, and all of them verify", async () => {
  const runs = await json<{ items: { runbook: string; result: string; evidence: string | null }[] }>("runs", "list");
  const own = runs.items.filter((one) => one.runbook === "switchover");
  expect(own.length).toBeGreaterThanOrEqual(2 * TIMES);
  for (const site of model.sites)
    await eventually(`every record at ${site.id}`, 120, async () => {
      const { items } = await json<{ items: { id: string }[] }>("evidence", "list", "--site", site.id);
      const there = new Set(items.map(({ id }) => id));
      const lacking = own.filter(({ evidence }) => evidence === null || !there.has(evidence));
      if (lacking.length > 0) throw new Error(JSON.stringify(lacking));
      return true;
    });
  await lumbungWell(["evidence", "verify", "--region", REGION]);
});

async function json<T>(...words: readonly string[]): Promise<T> {
  return JSON.parse((await lumbungWell([...words, "--region", REGION, "--json"])).stdout) as T;
}
