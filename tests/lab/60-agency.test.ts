/** It shows 6: an agency comes and goes while a client keeps asking; nothing else changes, no request fails. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, parseDocument } from "yaml";
import { REPOSITORY } from "../../io/repository.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { hammer } from "./support/hammer.ts";
import { lumbungWell } from "./support/lumbung.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";
import { ask } from "./support/web.ts";

const host = "disuji.lumbungkab.go.id";
let folder: string;
let model: Model;
let primary: SiteModel;
let ca: string;

beforeAll(async () => {
  model = await labModel();
  primary = siteWith(model, "primary");
  ca = (await secretsOf(primary.id)).authority.root;
  folder = await mkdtemp(join(tmpdir(), "lumbung-inventory-"));
  await cp(join(REPOSITORY, "inventory", REGION), join(folder, REGION), { recursive: true });
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
      engine.exec(`${REGION}-${id}-dns`, ["kdig", "@127.0.0.1", "-p", "5353", host, "CNAME", "+short"]),
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
  await addAgency();
  const before = await containers();
  const { asked, failed } = await upWhileAsked({ LUMBUNG_INVENTORY: folder });
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(50);
  expect(await containers()).toEqual(before);
  expect(await resolved()).toEqual(model.sites.map(() => `${model.region.gatewayName}.`));
  const { status, body } = await ask({ address: primary.publicAddress, host, ca });
  expect([status, body.includes("Dinas Pengujian")]).toEqual([200, true]);
});

test("removed: its page, name and route go; no request fails", async () => {
  const before = await containers();
  const { asked, failed } = await upWhileAsked({});
  expect(failed).toEqual([]);
  expect(asked).toBeGreaterThan(50);
  expect(await containers()).toEqual(before);
  expect(await resolved()).toEqual(model.sites.map(() => ""));
  expect((await ask({ address: primary.publicAddress, host, ca })).status).toBe(421);
});

/** Writes an agency like the first one into the copy of the inventory, with a number and a name of its own. */
async function addAgency(): Promise<void> {
  const opds = join(folder, REGION, "opd.yaml");
  const opd = parseDocument(await readFile(opds, "utf8"));
  const first = parse(await readFile(opds, "utf8")).opd[1];
  const numbers = model.opds.map(({ number }) => number);
  opd.addIn(["opd"], {
    ...first,
    id: "disuji",
    number: Math.max(...numbers) + 1,
    name: "Dinas Pengujian",
    shortName: "Disuji",
    aliases: [],
  });
  await writeFile(opds, String(opd));
  const zones = join(folder, REGION, "zones.yaml");
  const zone = parseDocument(await readFile(zones, "utf8"));
  zone.addIn(["subdomains"], {
    host,
    owner: "disuji",
    opd: "disuji",
    decree: { number: "800/99/DISKOMINFO/2026", date: "2026-01-02" },
    expires: "2031-01-01",
  });
  await writeFile(zones, String(zone));
}
