/** A site's custody handed over to a machine that has nothing, through the command line; no engine is asked. */
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadSite } from "../custody/read.ts";
import { ensureRegionSecrets } from "../custody/store.ts";
import { systemClock } from "../io/clock.ts";
import { REPOSITORY } from "../io/repository.ts";
import { loadModel } from "../stacks/load.ts";
import { main } from "./main.ts";

let folder: string;
let key: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-custody-"));
  vi.stubEnv("LUMBUNG_CACHE", join(folder, "cache"));
  vi.stubEnv("LUMBUNG_HOME", join(folder, "here"));
  vi.stubEnv("LUMBUNG_INVENTORY", join(folder, "inventory"));
  await cp(join(REPOSITORY, "inventory", "lab"), join(folder, "inventory", "lab"), { recursive: true });
  const identity = await generateIdentity();
  key = join(folder, "key.txt");
  await writeFile(key, `# custodian of drc\n${identity}\n`, { mode: 0o600 });
  const roles = join(folder, "inventory", "lab", "roles.yaml");
  const recipient = await identityToRecipient(identity);
  const text = await readFile(roles, "utf8");
  await writeFile(roles, text.replace("id: admin-basis-data,", `id: admin-basis-data, ageRecipients: [${recipient}],`));
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const run = async (...words: string[]) => {
  const errors: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    errors.push(String(text));
    return true;
  });
  try {
    return { code: await main([...words, "--lang", "en"]), errors: errors.join("") };
  } finally {
    spy.mockRestore();
  }
};

test("one site goes to a new machine, whole, and nothing of the other goes with it", async () => {
  await ensureRegionSecrets(await loadModel("lab"), { env: process.env, clock: systemClock });
  const before = await loadSite("lab", "drc", process.env);
  const file = join(folder, "drc.age");
  expect(await run("custody", "export", "--region", "lab", "--site", "drc", "--to", file)).toEqual({
    code: 0,
    errors: "",
  });
  const sealed = (await readFile(file)).toString("latin1");
  expect(sealed.startsWith("age-encryption.org/v1")).toBe(true);
  expect(sealed).not.toContain("PRIVATE KEY");

  vi.stubEnv("LUMBUNG_HOME", join(folder, "there"));
  const bring = () => run("custody", "import", "--from", file, "--identity", key);
  expect(await bring()).toEqual({ code: 0, errors: "" });
  expect(await loadSite("lab", "drc", process.env)).toEqual(before);
  const there = await readdir(join(folder, "there", "lab"));
  expect(there.filter((name) => !/\.(?:lock|commit)$/.test(name)).sort()).toEqual(["drc", "inventory"]);
  expect(await readFile(join(folder, "there", "lab", "inventory", "lab", "sites.yaml"), "utf8")).toContain("Batam");

  const again = await bring();
  expect(again.code).toBe(4);
  expect(again.errors).toContain("this site is on this machine already");
});

test.each<[string, (file: string) => Promise<unknown>, number, string]>([
  ["a key that others may read", () => chmod(key, 0o644), 4, "key.txt"],
  ["a file that is not there", (file) => rm(file), 2, "not there"],
  ["another's key", async () => writeFile(key, `${await generateIdentity()}\n`), 2, "do not open it"],
  ["no key in the file", () => writeFile(key, "nothing\n"), 2, "no age key"],
])("import is refused: %s", async (_, spoil, code, message) => {
  await ensureRegionSecrets(await loadModel("lab"), { env: process.env, clock: systemClock });
  const file = join(folder, "drc.age");
  await run("custody", "export", "--region", "lab", "--site", "drc", "--to", file);
  vi.stubEnv("LUMBUNG_HOME", join(folder, "there"));
  await spoil(file);
  const failed = await run("custody", "import", "--from", file, "--identity", key);
  expect(failed.code).toBe(code);
  expect(failed.errors).toContain(message);
});

test("without a key of a custodian nothing is exported, and the message says whose is missing", async () => {
  await ensureRegionSecrets(await loadModel("lab"), { env: process.env, clock: systemClock });
  const file = join(folder, "dc.age");
  const failed = await run("custody", "export", "--region", "lab", "--site", "dc", "--to", file);
  expect(failed).toMatchObject({
    code: 2,
    errors: expect.stringContaining("none of kepala-infrastruktur has an age key"),
  });
  expect(await readdir(folder)).not.toContain("dc.age");
});
