/** With the DC's stack, secrets and containers gone: `pulumi up` on lab-drc works, and so does a machine that has the DRC's handover alone. */
import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSite } from "../../custody/read.ts";
import { lumbungHome } from "../../io/home.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { run } from "../../io/shell.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { engine, REGION } from "./support/region.ts";
import { pulumi } from "./support/shell.ts";

const home = join(lumbungHome(), REGION, "dc");
const away = `${home}.away`;
let folder: string;
const key = () => join(folder, "key.txt");
const handover = () => join(folder, "drc.age");

/** The lab's inventory, in which the DRC's custodian has a key of this test's. */
async function inventoryWithKey(): Promise<string> {
  const inventory = join(folder, "inventory");
  await cp(join(REPOSITORY, "inventory", REGION), join(inventory, REGION), { recursive: true });
  const identity = await generateIdentity();
  await writeFile(key(), `${identity}\n`, { mode: 0o600 });
  const roles = join(inventory, REGION, "roles.yaml");
  const custodian = "id: admin-basis-data,";
  const recipient = await identityToRecipient(identity);
  await writeFile(
    roles,
    (await readFile(roles, "utf8")).replace(custodian, `${custodian} ageRecipients: [${recipient}],`),
  );
  return inventory;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-alone-"));
  await lumbungWell(["custody", "export", "--region", REGION, "--site", "drc", "--to", handover()], {
    LUMBUNG_INVENTORY: await inventoryWithKey(),
  });
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
  const secrets = await loadSite(REGION, "drc", process.env);
  const env = { LUMBUNG_HOME: join(folder, "home") };
  await lumbungWell(["custody", "import", "--from", handover(), "--identity", key()], env);

  const seen = JSON.parse((await lumbung(["status", "--region", REGION, "--json"], env)).stdout);
  const [dc, drc] = seen.sites;
  expect(dc.workloads.map(({ health }: { health: string }) => health)).not.toContain("ok");
  expect(drc.workloads.find(({ name }: { name: string }) => name === "gateway").health).toBe("ok");

  await run(["docker", "rm", "--force", "lab-drc-web"]);
  await lumbungWell(["up", "--region", REGION, "--site", "drc"], env);
  expect((await engine.inspectContainer("lab-drc-web"))?.State.Running).toBe(true);
  expect(await engine.listContainers({ "id.lumbung.site": "dc" })).toEqual([]);

  const shown = async (name: string) =>
    (await lumbungWell(["secrets", "show", name, "--region", REGION, "--site", "drc"], env)).stdout.trim();
  const names = (await lumbungWell(["secrets", "show", "--region", REGION, "--site", "drc"], env)).stdout
    .trim()
    .split("\n");
  expect(names).toContain("authority.intermediate.key");
  for (const role of Object.keys(secrets.databaseRoles)) expect(names).toContain(`databaseRoles.${role}.password`);
  const password = secrets.databaseRoles["utama/pengaduan"]?.password;
  expect(await shown("databaseRoles.utama/pengaduan.password")).toBe(password);
  expect(await shown("authority.intermediate.key")).toBe(secrets.authority.intermediate.key.trim());
  await expect(lumbungWell(["secrets", "show", "--region", REGION, "--site", "dc"], env)).rejects.toThrow(
    "has no secrets",
  );
});
