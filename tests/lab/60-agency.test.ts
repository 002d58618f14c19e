/** It shows 6: an agency comes and goes while a client keeps asking; nothing else changes, no request fails. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Model, SiteModel } from "../../model/types.ts";
import { AGENCY_HOST, inventoryWithAgency } from "./support/agency.ts";
import { hammer } from "./support/hammer.ts";
import { lumbungWell } from "./support/lumbung.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";
import { ask } from "./support/web.ts";

let folder: string;
let model: Model;
let primary: SiteModel;
let ca: string;

beforeAll(async () => {
  model = await labModel();
  primary = siteWith(model, "primary");
  ca = (await secretsOf(primary.id)).authority.root;
  folder = await mkdtemp(join(tmpdir(), "lumbung-inventory-"));
});

afterAll(() => rm(folder, { recursive: true }));

/** Ids of the region's containers, but for the carriers. */
async function containers(): Promise<Record<string, string>> {
  const all = await engine.listContainers({ "id.lumbung.region": REGION });
  return Object.fromEntries(
    all.flatMap(({ Id, Names, Labels }) => (Labels["id.lumbung.kind"] === "config" ? [] : [[Names[0] ?? Id, Id]])),
  );
}

/** The name as each site's name server answers it. */
async function resolved(): Promise<string[]> {
  const answers = await Promise.all(
    model.sites.map(({ id }) =>
      engine.exec(`${REGION}-${id}-dns`, ["kdig", "@127.0.0.1", "-p", "5353", AGENCY_HOST, "CNAME", "+short"]),
    ),
  );
  return answers.map(({ stdout }) => stdout.trim());
}

async function upWhileAsked(env: Record<string, string>) {
  const others = model.hosts.slice(0, 6).map((one) => ({ address: primary.publicAddress, host: one.host, ca }));
  const client = hammer(others);
  await lumbungWell(["up", "--region", REGION], env);
  return client.stop();
}

test("added: its page, name and route appear; nothing else changes; no request fails", async () => {
  const env = await inventoryWithAgency(model, folder);
  const before = await containers();
  const { asked, failed } = await upWhileAsked(env);
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(50);
  expect(await containers()).toEqual(before);
  expect(await resolved()).toEqual(model.sites.map(() => `${model.region.gatewayName}.`));
  const { status, body } = await ask({ address: primary.publicAddress, host: AGENCY_HOST, ca });
  expect([status, body.includes("Dinas Pengujian")]).toEqual([200, true]);
});

test("removed: its page, name and route go; no request fails", async () => {
  const before = await containers();
  const { asked, failed } = await upWhileAsked({});
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(50);
  expect(await containers()).toEqual(before);
  expect(await resolved()).toEqual(model.sites.map(() => ""));
  expect((await ask({ address: primary.publicAddress, host: AGENCY_HOST, ca })).status).toBe(421);
});
