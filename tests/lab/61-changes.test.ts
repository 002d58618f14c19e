/** An agency is merged into another and an application handed to another, while people use everything else: no request fails. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { REPOSITORY } from "../../io/repository.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { clearLoad, failuresOf, historiesOf, startLoad } from "./support/load.ts";
import { lumbungWell } from "./support/lumbung.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";
import { ask } from "./support/web.ts";

let model: Model;
let active: SiteModel;
let ca: string;
let folder: string;
/** Two agencies with a host each that stand by themselves: the last of them, which no other test asks for. */
let former: { id: string; host: string; name: string };
let taking: { id: string; host: string; name: string };

beforeAll(async () => {
  model = await labModel();
  active = siteWith(model, "primary");
  ca = (await secretsOf(active.id)).authority.root;
  folder = await mkdtemp(join(tmpdir(), "lumbung-inventory-"));
  await cp(join(REPOSITORY, "inventory", REGION), join(folder, REGION), { recursive: true });
  const alone = model.opds.flatMap(({ id, name, host, mergedInto }) =>
    host !== undefined && mergedInto === undefined ? [{ id, name, host }] : [],
  );
  const [taker, taken] = alone.slice(-2);
  if (!taken || !taker) throw new Error("the lab has no two agencies with a host");
  [former, taking] = [taken, taker];
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await clearLoad(model);
});

async function alter(file: string, change: (document: ReturnType<typeof parseDocument>) => void): Promise<void> {
  const path = join(folder, REGION, file);
  const document = parseDocument(await readFile(path, "utf8"));
  change(document);
  await writeFile(path, String(document));
}

const indexOf = (document: ReturnType<typeof parseDocument>, list: string, id: string): number =>
  (document.toJS()[list] as { id: string }[]).findIndex((one) => one.id === id);

/** Ids of the region's containers, but for the carriers of files. */
async function containers(): Promise<Record<string, string>> {
  const all = await engine.listContainers({ "id.lumbung.region": REGION });
  return Object.fromEntries(
    all.flatMap(({ Id, Names, Labels }) => (Labels["id.lumbung.kind"] === "config" ? [] : [[Names[0] ?? Id, Id]])),
  );
}

/** Runs `up` under load; returns why anything was not answered. No container may be another one afterwards. */
async function upUnderLoad(env: Record<string, string>): Promise<(string | undefined)[]> {
  const before = await containers();
  const load = await startLoad(model, active);
  try {
    await lumbungWell(["up", "--region", REGION], env);
  } finally {
    await load.stop();
  }
  const loaded = await load.stop();
  expect(await containers()).toEqual(before);
  for (const { attempts } of historiesOf(loaded)) expect(attempts.length).toBeGreaterThan(10);
  return failuresOf(loaded);
}

const page = (host: string, path = "/") => ask({ address: active.publicAddress, host, path, ca });

test("an agency is merged and an application handed over: nothing else is disturbed, no container is another one", async () => {
  await alter("opd.yaml", (document) => {
    document.setIn(["opd", indexOf(document, "opd", former.id), "mergedInto"], { opd: taking.id, on: "2026-06-01" });
  });
  await alter("applications.yaml", (document) => {
    document.setIn(["applications", indexOf(document, "applications", "pengaduan"), "owner"], taking.id);
  });
  expect(await upUnderLoad({ LUMBUNG_INVENTORY: folder })).toEqual([]);
});

test("the host of the merged agency says where it went, and old addresses lead there", async () => {
  for (const path of ["/", "/en/"]) {
    const { status, body } = await page(former.host, path);
    expect([status, body.includes(former.name), body.includes(`https://${taking.host}`)]).toEqual([200, true, true]);
  }
  const old = await page(former.host, "/berita/2025/lama.html");
  expect([old.status, old.headers.location]).toEqual([301, `https://${taking.host}/`]);
  expect((await page(former.host, "/en/news/old.html")).headers.location).toBe(`https://${taking.host}/en/`);
  expect((await page(taking.host)).body).toContain(former.name);
  // Who was not merged still says that a page is not there.
  expect((await page(taking.host, "/berita/2025/lama.html")).status).toBe(404);
});

test("the application has its new owner, and goes on as it was", async () => {
  expect((await page(`pengaduan.${model.region.domain}`)).status).toBe(200);
  const { body } = await page(model.region.domain, "/aplikasi/");
  expect(body).toMatch(new RegExp(`Pengaduan Masyarakat[\\s\\S]{0,400}https://${taking.host.replaceAll(".", "\\.")}`));
});

test("and all of it taken back", async () => {
  expect(await upUnderLoad({})).toEqual([]);
  expect((await page(former.host)).body).not.toContain(`Digabung ke dalam`);
  expect((await page(former.host, "/berita/2025/lama.html")).status).toBe(404);
});
