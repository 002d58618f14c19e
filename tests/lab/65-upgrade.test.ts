/**
 * It shows 7: images of both databases, the gateway, the web server and two applications are changed and changed back under load. The site
 * that stands by comes first; writes stop for no longer than `lumbung up` said before; no row is missing.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { expectedStop, kindsOf } from "../../cli/stops.ts";
import { siteWorkloads } from "../../components/workloads.ts";
import { imageNames } from "../../io/image-names.ts";
import { REPOSITORY } from "../../io/repository.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { longestStop } from "../faults/ledger/judge.ts";
import {
  clearLoad,
  complaintsDatabase,
  expectNothingLost,
  failuresOf,
  type Loaded,
  startLoad,
} from "./support/load.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { engine, labModel, REGION, secretsOf, siteWith } from "./support/region.ts";
import { isStandby } from "./support/sql.ts";
import { brokenOf, type Variant, variantOf } from "./support/variant.ts";

/** Folder below images/, and the Debian packages that are put back a version. */
const CHANGED: Readonly<Record<string, readonly string[]>> = {
  postgres: ["postgresql-17"],
  gateway: ["haproxy"],
  web: ["nginx", "nginx-common"],
  node: ["nodejs"],
  mariadb: ["mariadb-server"],
  wordpress: ["wordpress"],
};

let model: Model;
let active: SiteModel;
let standby: SiteModel;
let database: string;
let names: ReadonlyMap<string, string>;
let folder: string;
const variants: Record<string, Variant> = {};
const tags: string[] = [];

beforeAll(async () => {
  model = await labModel();
  [active, standby] = [siteWith(model, "primary"), siteWith(model, "recovery")];
  database = complaintsDatabase(model).server.workload;
  names = await imageNames();
  folder = await mkdtemp(join(tmpdir(), "lumbung-inventory-"));
  for (const [image, packages] of Object.entries(CHANGED)) {
    const tag = `lumbung-test/${image}:variant`;
    tags.push(tag);
    variants[image] = await variantOf(names.get(image) ?? image, tag, packages);
    process.stderr.write(`${image}: ${variants[image]?.note}\n`);
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await clearLoad(model);
  for (const tag of tags) await engine.removeImage(tag);
});

/** An inventory like the lab's, with these images in place of the folders'. */
async function inventoryWith(images: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  await cp(join(REPOSITORY, "inventory", REGION), join(folder, REGION), { recursive: true });
  const path = join(folder, REGION, "region.yaml");
  const document = parseDocument(await readFile(path, "utf8"));
  document.setIn(["region", "images"], images);
  await writeFile(path, String(document));
  return { LUMBUNG_INVENTORY: folder };
}

const variantIds = () => Object.fromEntries(Object.entries(variants).map(([image, { id }]) => [image, id]));

interface Running {
  readonly site: string;
  readonly workload: string;
  readonly folder: string;
  readonly image: string;
  readonly startedAt: string;
}

/** What runs of the changed images, at both sites. */
async function running(): Promise<Running[]> {
  const found: Running[] = [];
  for (const site of model.sites) {
    const secrets = await secretsOf(site.id);
    for (const { name, image } of siteWorkloads({ model, site, secrets, sites: new Uint8Array() })) {
      if (CHANGED[image] === undefined) continue;
      const container = await engine.inspectContainer(`${REGION}-${site.id}-${name}`);
      if (!container) throw new Error(`${site.id}/${name}: no container`);
      found.push({
        site: site.id,
        workload: name,
        folder: image,
        image: container.Image,
        startedAt: container.State.StartedAt,
      });
    }
  }
  return found;
}

async function imageIds(of: (folder: string) => string): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const image of Object.keys(CHANGED)) ids[image] = (await engine.inspectImage(of(image)))?.Id ?? "absent";
  return ids;
}

interface Changed {
  readonly stderr: string;
  readonly run: string;
  readonly loaded: Loaded;
}

async function upUnderLoad(env: Record<string, string>): Promise<Changed> {
  const load = await startLoad(model, active);
  try {
    const { stderr } = await lumbungWell(["up", "--region", REGION], env);
    return { stderr, run: load.run, loaded: await load.stop() };
  } catch (error) {
    await load.stop();
    throw error;
  }
}

/** Everything that must hold after a change of images under load; prints what was measured. */
async function holds({ stderr, run, loaded }: Changed, expected: Readonly<Record<string, string>>): Promise<void> {
  const now = await running();
  expect(now.map(({ site, workload, image }) => [site, workload, image])).toEqual(
    now.map(({ site, workload, folder }) => [site, workload, expected[folder]]),
  );
  const started = (site: SiteModel) =>
    now.filter((one) => one.site === site.id).map((one) => Date.parse(one.startedAt));
  expect(Math.max(...started(standby))).toBeLessThan(Math.min(...started(active)));

  const stop = expectedStop(
    kindsOf(
      active,
      now.filter(({ site }) => site === active.id).map(({ workload }) => workload),
    ),
  );
  expect(stderr).toContain(
    `writes stop for at most ${stop.writesSeconds} s, requests for at most ${stop.requestsSeconds} s`,
  );
  const seconds = (history: Loaded["rows"]) => longestStop(history).milliseconds / 1000;
  const figures = {
    rows: seconds(loaded.rows),
    mariadbRows: seconds(loaded.mariadbRows),
    complaints: seconds(loaded.complaints),
    ...Object.fromEntries(Object.entries(loaded.pages).map(([host, history]) => [host, seconds(history)])),
  };
  process.stderr.write(`longest stop in seconds: ${JSON.stringify(figures)}\n`);
  expect(figures.rows).toBeLessThan(stop.writesSeconds);
  expect(figures.mariadbRows).toBeLessThan(stop.writesSeconds);
  expect(figures.complaints).toBeLessThan(stop.writesSeconds);
  for (const history of Object.values(loaded.pages)) expect(seconds(history)).toBeLessThan(stop.requestsSeconds);

  const judged = await expectNothingLost(model, [active, standby], run, loaded);
  for (const [what, { acknowledged, asked }] of Object.entries(judged)) {
    process.stderr.write(`${what}: ${acknowledged} of ${asked} acknowledged, none missing at either site\n`);
    expect(acknowledged).toBeGreaterThan(20);
  }
  expect([await isStandby(active.id, database), await isStandby(standby.id, database)]).toEqual([false, true]);
}

test("changed: the standby first, writes stopped for no longer than stated, no row missing", async () => {
  const changed = await upUnderLoad(await inventoryWith(variantIds()));
  await holds(changed, variantIds());
});

test("images: what runs, what is declared, and what one can go back to", async () => {
  const { stdout } = await lumbungWell(["images", "--region", REGION, "--json"]);
  const { items } = JSON.parse(stdout) as {
    items: { site: string; workload: string; id: string; declared: string; state: string; kept: { id: string }[] }[];
  };
  const former = await imageIds((image) => names.get(image) ?? image);
  const gateway = items.filter(({ workload }) => workload === "gateway");
  expect(gateway.map(({ site, id, declared, state }) => [site, id, declared, state])).toEqual(
    model.sites.map(({ id }) => [id, variants.gateway?.id, names.get("gateway"), "other"]),
  );
  for (const { kept } of gateway) expect(kept.map(({ id }) => id)).toContain(former.gateway);
});

test("a change that does not come up stops at the standby: the active site is not touched", async () => {
  const tag = "lumbung-test/gateway:broken";
  tags.push(tag);
  const env = await inventoryWith({ ...variantIds(), gateway: await brokenOf(names.get("gateway") ?? "gateway", tag) });
  const before = (await running()).filter(({ site }) => site === active.id);
  const load = await startLoad(model, active);
  const { code, stderr } = await lumbung(["up", "--region", REGION, "--within", "10"], env);
  const loaded = await load.stop();
  expect(code).toBe(1);
  expect(stderr).toContain(`${standby.id} (standby) is not well; ${active.id} (active) was not touched`);
  expect((await running()).filter(({ site }) => site === active.id)).toEqual(before);
  expect(failuresOf(loaded)).toEqual([]);
});

test("rolled back by the former inventory: the same order, the same promises", async () => {
  const former = await imageIds((image) => names.get(image) ?? image);
  await holds(await upUnderLoad({}), former);
});
