/**
 * It shows that duties turn red by what runs: each mutant of the catalogue is done to the running sites, rounds of probes look, and the
 * assessment says so of its duties and of no other but those that it lists; mended and looked at again, all is as it was.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { DutyResult } from "../../compliance/index.ts";
import { type Seeing, type SiteMutant, seeBroken, seeMended, siteMutants } from "../../compliance/site-mutation.ts";
import { catalogue } from "../../compliance/testing/catalogue.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { tellFigures } from "../faults/figures.ts";
import { type SiteBreak, siteBreak } from "../mutation/site-breaks.ts";
import { dutiesAfter, dutiesNow, roundsAt } from "./support/assessed.ts";
import { breakSite, endedCertificate, mendSite } from "./support/broken-site.ts";
import { lastSeen } from "./support/eventually.ts";
import { labModel } from "./support/region.ts";
import { statusNow, wellWithin } from "./support/watch.ts";

/** A round asks a name server that is gone for every name, and waits for each. */
const ROUND_SECONDS = 600;
const BROKEN_SECONDS = 600;
const MENDED_SECONDS = 900;
const WELL_SECONDS = 300;

const mutants = siteMutants(catalogue());
const figures = { killed: 0, falseReds: 0, mended: 0 };
let model: Model;
let certificate: string;
/** As the last assessment saw it while nothing was broken. */
let before: readonly DutyResult[];
/** What was broken and is to be mended, the last first. */
const broken: SiteBreak[] = [];

beforeAll(async () => {
  model = await labModel();
  certificate = await endedCertificate(model, new Date());
  await wellWithin(model, WELL_SECONDS);
  const states = (await statusNow(model)).sites.map(({ id, state }) => `${id}: ${state}`);
  // What mutants break at which site follows from who is active.
  expect(states).toEqual(
    model.sites.map(({ id, designation }) => `${id}: ${designation === "primary" ? "active" : "standby"}`),
  );
  await roundsAt(model.sites, ROUND_SECONDS);
  before = await dutiesNow();
}, 1_800_000);

afterEach(mendAll, 300_000);

afterAll(() => {
  const of = mutants.flatMap(({ breaks }) => breaks).length;
  tellFigures({
    "mutants of the running site: killed": figures.killed,
    "mutants of the running site: of": of,
    "mutants of the running site: false reds": figures.falseReds,
    "mutants of the running site: mended": figures.mended,
  });
});

/** All of it, however many of them cannot be. */
async function mendAll(): Promise<void> {
  const outcomes = await Promise.allSettled(broken.splice(0).reverse().map(mendSite));
  const faults = outcomes.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
  if (faults.length > 0) throw new Error(`the site could not be mended:\n${faults.join("\n")}`);
}

/** Sites whose `ops` can be asked while this is broken. */
function askable({ edit }: SiteMutant): readonly SiteModel[] {
  const silent = edit.flatMap((one) => (one.op === "stop" && one.workload === "ops" ? [one.site] : []));
  return model.sites.filter(({ id }) => !silent.includes(id));
}

function seenBroken(mutant: SiteMutant): Promise<Seeing> {
  const look = async (): Promise<Seeing> => {
    await roundsAt(askable(mutant), ROUND_SECONDS);
    const after = await (mutant.laterSeconds > 0 ? dutiesAfter(mutant.laterSeconds) : dutiesNow());
    return seeBroken(mutant, before, after);
  };
  return lastSeen(`${mutant.duty} broken`, BROKEN_SECONDS, look, ({ survived }) => survived.length === 0);
}

/** What stays broken. What is mended is what the next mutant is compared with. */
async function seenMended(mutant: SiteMutant): Promise<readonly string[]> {
  const look = async (): Promise<{ readonly after: readonly DutyResult[]; readonly left: readonly string[] }> => {
    await roundsAt(model.sites, ROUND_SECONDS);
    const after = await dutiesNow();
    return { after, left: seeMended(mutant, before, after) };
  };
  const { after, left } = await lastSeen(
    `${mutant.duty} mended`,
    MENDED_SECONDS,
    look,
    (seen) => seen.left.length === 0,
  );
  before = after;
  return left;
}

describe.each(mutants.map((mutant) => [mutant.duty, mutant] as const))("the mutant of %s", (_, mutant) => {
  const does = mutant.edit.map(({ op, site, ...what }) => [op, site, ...Object.values(what)].join(" ")).join(", ");
  test(`${does}: turns ${mutant.breaks.join(", ")} red and nothing that is not listed; mended, all is as before`, async () => {
    for (const edit of mutant.edit) {
      const one = siteBreak(edit, model, certificate);
      broken.push(one);
      await breakSite(one);
    }
    const { survived, falseReds } = await seenBroken(mutant);
    figures.killed += mutant.breaks.length - survived.length;
    figures.falseReds += falseReds.length;
    await mendAll();
    await wellWithin(model, WELL_SECONDS);
    const unmended = await seenMended(mutant);
    figures.mended += unmended.length === 0 ? mutant.breaks.length : 0;
    expect({ survived, falseReds, unmended }).toEqual({ survived: [], falseReds: [], unmended: [] });
  }, 3_600_000);
});
