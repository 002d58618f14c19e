/** Which secrets a preview gets, by what is on the machine. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../io/clock.ts";
import type { Text } from "../model/types.ts";
import { fixtureModel, withWitness } from "./fixture.ts";
import { custodyPaths } from "./paths.ts";
import { previewSecrets } from "./provisional.ts";
import { ensureRegionSecrets } from "./store.ts";

const model = fixtureModel();
const none = async () => 0;
let env: { LUMBUNG_HOME: string };
let told: Text[];
beforeEach(async () => {
  env = { LUMBUNG_HOME: await mkdtemp(join(tmpdir(), "lumbung-preview-")) };
  told = [];
});
afterEach(() => rm(env.LUMBUNG_HOME, { recursive: true, force: true }));

const secretsOf = () => previewSecrets(model, { env, clock: systemClock, tell: (text) => told.push(text) });

describe("previewSecrets", () => {
  it("makes throwaway ones for a region that never had any: of one region, told once, kept nowhere", async () => {
    const of = secretsOf();
    const [dc, drc] = [await of.site("dc", none), await of.site("drc", none)];
    expect([dc.site, drc.site]).toEqual(["dc", "drc"]);
    expect(drc.tsig).toEqual(dc.tsig);
    expect(drc.regionIdentity).toBe(dc.regionIdentity);
    expect(told).toHaveLength(1);
    expect(await readdir(env.LUMBUNG_HOME)).toEqual([]);
  });

  it("makes the witness's with them, and no other witness than the region's own", async () => {
    const watched = withWitness(model);
    const of = previewSecrets(watched, { env, clock: systemClock, tell: (text) => told.push(text) });
    const [witness, dc] = [await of.witness(none), await of.site("dc", none)];
    expect(witness.authority.root).toBe(dc.authority.root);
    expect(told).toHaveLength(1);
    await expect(of.witness(async () => 1)).rejects.toMatchObject({ exitCode: 2 });
    await expect(secretsOf().witness(none)).rejects.toThrow("expected a place of");
  });

  it("takes the region's own where they are", async () => {
    const { secrets } = await ensureRegionSecrets(model, { env, clock: systemClock });
    const resources = () => Promise.reject(new Error("nobody asks the stack"));
    expect(await secretsOf().site("drc", resources)).toEqual(secrets.sites.drc);
    expect(told).toEqual([]);
  });

  it("refuses where the stack has resources, whose secrets are elsewhere then", async () => {
    await expect(secretsOf().site("dc", async () => 1)).rejects.toMatchObject({ exitCode: 2 });
    expect(told).toEqual([]);
  });

  it("refuses where another site of the region is known: this one's secrets are with its holder", async () => {
    const { record } = custodyPaths(model.region.id, "dc", env);
    await mkdir(dirname(record), { recursive: true });
    const known = { version: 1, region: model.region.id, sites: ["dc", "drc"], founded: null, workloads: {} };
    await writeFile(record, JSON.stringify({ ...known, regionIdentity: "5d1c0f6e-6a39-4b0e-9a57-0f0a3f1c2b4d" }));
    await expect(secretsOf().site("drc", none)).rejects.toMatchObject({ exitCode: 2 });
    expect(told).toEqual([]);
  });
});
