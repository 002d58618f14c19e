/** With the DC's stack, secrets and containers gone: `pulumi up` on lab-drc works, and so does a machine that has the DRC's handover alone. */
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leaves } from "../../cli/verbs/secrets.ts";
import { loadSite } from "../../custody/read.ts";
import { lumbungHome } from "../../io/home.ts";
import { cacheFolder } from "../../io/kept.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { run } from "../../io/shell.ts";
import { testInFull } from "./support/full.ts";
import { lumbung, lumbungWell, type Ran } from "./support/lumbung.ts";
import { engine, labModel, REGION } from "./support/region.ts";
import { pulumi } from "./support/shell.ts";

const home = join(lumbungHome(), REGION, "dc");
const away = `${home}.away`;
let folder: string;
const handover = () => join(folder, "drc.age");

/** What a site's secrets are, by name, as digests: no value is printed where a test fails. */
let before: Record<"dc" | "drc", Record<string, string>>;
const escrow = () => join(folder, "dc-escrow.age");
const keyOf = (role: string) => join(folder, `${role}.txt`);
/** Who holds what: the DRC's custodian, one who acts and one who approves. */
const HOLDERS = ["admin-basis-data", "kepala-infrastruktur", "penyetuju-peralihan"];

/** The lab's inventory, in which these roles have a key of this test's. */
async function inventoryWithKeys(): Promise<string> {
  const inventory = join(folder, "inventory");
  await cp(join(REPOSITORY, "inventory", REGION), join(inventory, REGION), { recursive: true });
  const roles = join(inventory, REGION, "roles.yaml");
  let text = await readFile(roles, "utf8");
  for (const role of HOLDERS) {
    const identity = await generateIdentity();
    await writeFile(keyOf(role), `${identity}\n`, { mode: 0o600 });
    const recipient = await identityToRecipient(identity);
    text = text.replace(`id: ${role},`, `id: ${role}, ageRecipients: [${recipient}],`);
  }
  await writeFile(roles, text);
  return inventory;
}

const digestsOf = (values: ReadonlyMap<string, string> | Readonly<Record<string, string>>) =>
  Object.fromEntries(
    [...(values instanceof Map ? values : Object.entries(values))].map(([name, value]) => [
      name,
      createHash("sha256").update(value.trim()).digest("hex"),
    ]),
  );

/**
 * A machine that has nothing of this one but the programs: a fresh clone, an empty home, no variable of ours. The tools come from
 * the shared cache, as `npm start` would put them there.
 */
async function emptyMachine(name: string): Promise<{ run: (...words: string[]) => Promise<Ran>; home: string }> {
  const [clone, home] = [join(folder, name, "clone"), join(folder, name, "home")];
  await mkdir(home, { recursive: true });
  await run(["git", "clone", "--quiet", "--no-hardlinks", REPOSITORY, clone]);
  await symlink(join(REPOSITORY, "node_modules"), join(clone, "node_modules"));
  const cache = cacheFolder();
  const lumbungHome = join(home, ".local", "share", "lumbung");
  const env = {
    HOME: home,
    XDG_DATA_HOME: "",
    XDG_CACHE_HOME: "",
    LUMBUNG_CACHE: cache,
    LUMBUNG_HOME: lumbungHome,
    LUMBUNG_INVENTORY: join(lumbungHome, REGION, "inventory"),
  };
  return { home: lumbungHome, run: (...words) => lumbung(words, env, clone) };
}

async function well(ran: Promise<Ran>): Promise<string> {
  const { code, stdout, stderr } = await ran;
  if (code !== 0) throw new Error(`exit code ${code}\n${stderr}\n${stdout}`);
  return stdout;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-alone-"));
  before = {
    dc: digestsOf(leaves(await loadSite(REGION, "dc", process.env))),
    drc: digestsOf(leaves(await loadSite(REGION, "drc", process.env))),
  };
  const env = { LUMBUNG_INVENTORY: await inventoryWithKeys() };
  await lumbungWell(["custody", "export", "--region", REGION, "--site", "drc", "--to", handover()], env);
  await lumbungWell(["custody", "escrow", "--region", REGION, "--site", "dc", "--to", escrow()], env);
  const containers = await engine.listContainers({ "id.lumbung.region": REGION, "id.lumbung.site": "dc" });
  await run(["docker", "rm", "--force", ...containers.map(({ Id }) => Id)]);
  await rename(home, away);
});

afterAll(async () => {
  await rename(away, home);
  await rm(folder, { recursive: true, force: true });
  await lumbungWell(["up", "--region", REGION]);
});

test("nothing of the DC is there: no container, no state, no secrets", async () => {
  expect(await engine.listContainers({ "id.lumbung.site": "dc" })).toEqual([]);
});

test("pulumi up on lab-drc works, and really changes something", async () => {
  await run(["docker", "rm", "--force", "lab-drc-web"]);
  const { code, stdout, stderr } = await pulumi("drc", [
    "up",
    "--refresh",
    "--yes",
    "--skip-preview",
    "--non-interactive",
  ]);
  expect(code, stderr + stdout).toBe(0);
  expect((await engine.inspectContainer("lab-drc-web"))?.State.Running).toBe(true);
});

test("on a machine that has nothing, the DRC's handover is enough: status, up, and every secret of that site", async () => {
  const machine = await emptyMachine("operator");
  await well(machine.run("custody", "import", "--from", handover(), "--identity", keyOf("admin-basis-data")));
  expect((await readdir(join(machine.home, REGION))).sort()).toEqual(["backbone", "drc", "inventory"]);

  const seen = JSON.parse((await machine.run("status", "--region", REGION, "--json")).stdout);
  const [dc, drc] = seen.sites;
  expect(dc.workloads.map(({ health }: { health: string }) => health)).not.toContain("ok");
  expect(drc.workloads.find(({ name }: { name: string }) => name === "gateway").health).toBe("ok");

  await run(["docker", "rm", "--force", "lab-drc-web"]);
  await well(machine.run("up", "--region", REGION, "--site", "drc"));
  expect((await engine.inspectContainer("lab-drc-web"))?.State.Running).toBe(true);
  expect(await engine.listContainers({ "id.lumbung.site": "dc" })).toEqual([]);

  const show = (...names: string[]) =>
    well(machine.run("secrets", "show", ...names, "--region", REGION, "--site", "drc"));
  const names = (await show()).trim().split("\n");
  expect(names.sort()).toEqual(Object.keys(before.drc).sort());
  expect(names).toContain("authority.intermediate.key");
  expect(digestsOf(JSON.parse(await show(...names)))).toEqual(before.drc);
  expect((await machine.run("secrets", "show", "--region", REGION, "--site", "dc")).stderr).toContain("has no secrets");
});

testInFull(
  "with the data centre gone, its store included, every copy of the recovery site's restores as it was signed (D9)",
  async () => {
    // Whole applications rest on the same copies, and are drilled in 48.
    const targets = (await labModel()).backup?.targets ?? [];
    const own = targets.filter(({ site, engine: by }) => site === "drc" && by !== "foreign").map(({ id }) => id);
    expect(own.length).toBeGreaterThan(8);
    for (const target of own) {
      const ran = await lumbung(["drill", "run", "--target", target, "--region", REGION, "--site", "drc", "--json"]);
      const { items } = JSON.parse(ran.stdout) as { items: { target: string; passed: boolean; proven: string }[] };
      expect(items.map((one) => `${one.target} ${one.passed} ${one.proven}`)).toEqual([`${target} true exactly`]);
      expect(ran.code).toBe(0);
    }
  },
  900_000,
);

test("the DC's escrow opens for one who acts together with one who approves, and gives every secret of that site", async () => {
  const machine = await emptyMachine("escrow");
  const open = (...roles: string[]) =>
    machine.run("custody", "import", "--from", escrow(), ...roles.flatMap((role) => ["--identity", keyOf(role)]));
  for (const role of HOLDERS) expect((await open(role)).code, role).toBe(2);
  expect((await open("kepala-infrastruktur", "admin-basis-data")).code).toBe(2);
  await well(open("kepala-infrastruktur", "penyetuju-peralihan"));
  const names = Object.keys(before.dc);
  const shown = await well(machine.run("secrets", "show", ...names, "--region", REGION, "--site", "dc"));
  expect(digestsOf(JSON.parse(shown))).toEqual(before.dc);
});
