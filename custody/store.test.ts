import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stoppedClock } from "../io/clock.ts";
import { systemEntropy } from "./entropy.ts";
import { fixtureModel, withApplication } from "./fixture.ts";
import { readRegionRecord, recordFounded } from "./founding.ts";
import { loadSite } from "./read.ts";
import { ensureRegionSecrets, loadRegion, rotateRegionSecrets, type StoreOptions } from "./store.ts";

const model = fixtureModel();
const grown = withApplication(model, "perizinan");
const SITES = ["dc", "drc"];
let home: string;
let options: StoreOptions;
const at = (...parts: string[]): string => join(home, "lab", ...parts);
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

const digest = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "custody-store-"));
  options = { env: { LUMBUNG_HOME: home }, clock: stoppedClock(new Date("2026-03-01T00:00:00Z")) };
});
afterEach(() => rmSync(home, { recursive: true }));

test("first use makes a private folder per site with its own passphrase, and one for the root", async () => {
  await ensureRegionSecrets(model, options);
  for (const part of [...SITES, "root"]) {
    expect(mode(at(part))).toBe("700");
    expect(mode(at(part, "passphrase"))).toBe("600");
    expect(mode(at(part, part === "root" ? "root.age" : "secrets.age"))).toBe("600");
  }
  const passphrases = [...SITES, "root"].map((part) => readFileSync(at(part, "passphrase"), "utf8"));
  expect(new Set(passphrases).size).toBe(3);
  expect((await loadSite("lab", "drc", options.env)).site).toBe("drc");
  expect(existsSync(at("secrets.lock"))).toBe(false);
  expect(existsSync(at("secrets.commit"))).toBe(false);
});

test("without need nothing is written; a change writes both sites and keeps the one before", async () => {
  await ensureRegionSecrets(model, options);
  const before = SITES.map((site) => digest(at(site, "secrets.age")));
  const rootBefore = statSync(at("root", "root.age")).ino;
  expect((await ensureRegionSecrets(model, options)).changes).toEqual([]);
  expect(SITES.map((site) => digest(at(site, "secrets.age")))).toEqual(before);
  await ensureRegionSecrets(grown, options);
  expect(SITES.map((site) => digest(at(site, "secrets.age.previous")))).toEqual(before);
  expect(statSync(at("root", "root.age")).ino).toBe(rootBefore);
  const [dc, drc] = await Promise.all(SITES.map((site) => loadSite("lab", site, options.env)));
  expect(dc?.databaseRoles["utama/perizinan"]).toEqual(drc?.databaseRoles["utama/perizinan"]);
});

test("the other site's folder and the root gone, the survivor goes on and says what must be reconciled", async () => {
  await ensureRegionSecrets(model, options);
  renameSync(at("dc"), join(home, "dc-elsewhere"));
  rmSync(at("root"), { recursive: true });
  const made = await ensureRegionSecrets(grown, options);
  expect(made.absent).toEqual(["dc"]);
  expect(made.warnings[0]?.en).toContain("reconciled later");
  expect(existsSync(at("dc"))).toBe(false);
  expect(existsSync(at("root"))).toBe(false);
  expect((await loadSite("lab", "drc", options.env)).certificates["app-perizinan"]).toBeDefined();
  renameSync(join(home, "dc-elsewhere"), at("dc"));
  const joined = await ensureRegionSecrets(grown, options);
  expect(joined.changes.map(({ what, action }) => `${action} ${what}`)).toEqual([
    "copied database-role:utama/perizinan",
    "made certificate:dc/app-perizinan",
  ]);
});

test("a site whose folder is lost for good is rebuilt on demand with the root key", async () => {
  await ensureRegionSecrets(model, options);
  const identity = (await loadSite("lab", "drc", options.env)).regionIdentity;
  rmSync(at("dc"), { recursive: true });
  await ensureRegionSecrets(model, { ...options, rebuild: ["dc"] });
  expect((await loadSite("lab", "dc", options.env)).regionIdentity).toBe(identity);
});

test("a passphrase that others can read is refused, with the command that mends it", async () => {
  await ensureRegionSecrets(model, options);
  chmodSync(at("dc", "passphrase"), 0o644);
  const loading = loadSite("lab", "dc", options.env);
  await expect(loading).rejects.toMatchObject({ exitCode: 4 });
  await expect(loading).rejects.toThrow(/mode 0644, expected 0600.*chmod 600/);
});

test("a passphrase taken to a safe comes from the environment; without it, wrong or of another site: exit code 2", async () => {
  await ensureRegionSecrets(model, options);
  const safe = join(home, "safe");
  renameSync(at("dc", "passphrase"), safe);
  const load = (more: Record<string, string>) => loadSite("lab", "dc", { ...options.env, ...more });
  expect((await load({ PULUMI_CONFIG_PASSPHRASE_FILE: safe })).site).toBe("dc");
  expect((await load({ PULUMI_CONFIG_PASSPHRASE: readFileSync(safe, "utf8").trim() })).site).toBe("dc");
  await expect(load({})).rejects.toMatchObject({ exitCode: 2 });
  await expect(load({ PULUMI_CONFIG_PASSPHRASE: "lain" })).rejects.toMatchObject({ fault: "wrong-passphrase" });
  await expect(load({ PULUMI_CONFIG_PASSPHRASE_FILE: at("drc", "passphrase") })).rejects.toMatchObject({ exitCode: 2 });
  await expect(load({ PULUMI_CONFIG_PASSPHRASE_FILE: join(home, "none") })).rejects.toThrow(/there is no file/);
  await expect(ensureRegionSecrets(grown, options)).rejects.toMatchObject({ exitCode: 2 });
});

test("a damaged bundle is never replaced by a new one", async () => {
  await ensureRegionSecrets(model, options);
  const bytes = readFileSync(at("dc", "secrets.age"));
  writeFileSync(at("dc", "secrets.age"), bytes.subarray(0, 100));
  await expect(ensureRegionSecrets(model, options)).rejects.toMatchObject({ fault: "damaged", exitCode: 4 });
  expect(readFileSync(at("dc", "secrets.age"))).toHaveLength(100);
});

test("a bundle in another site's folder is noticed", async () => {
  await ensureRegionSecrets(model, options);
  for (const name of ["secrets.age", "passphrase"])
    writeFileSync(at("dc", name), readFileSync(at("drc", name)), { mode: 0o600 });
  await expect(loadSite("lab", "dc", options.env)).rejects.toThrow(/holds the secrets of lab\/drc, expected lab\/dc/);
});

test("before the first secrets, loading says how to make them", async () => {
  await expect(loadSite("lab", "dc", options.env)).rejects.toThrow(
    /has no secrets on this machine.*lumbung secrets --region lab/,
  );
  expect(await loadRegion("lab", SITES, options.env)).toEqual({ secrets: { sites: {} }, record: undefined });
});

test("a change that was cut short after its moment of truth is read whole, and completed by the next writer", async () => {
  await ensureRegionSecrets(model, options);
  const old = readFileSync(at("drc", "secrets.age"));
  await ensureRegionSecrets(grown, options);
  const next = readFileSync(at("drc", "secrets.age"));
  // As if the process had died between the rename at dc and the one at drc.
  writeFileSync(at("drc", "secrets.age"), old);
  writeFileSync(at("drc", "secrets.age.next"), next);
  writeFileSync(at("secrets.commit"), JSON.stringify(["dc/secrets.age", "drc/secrets.age"]));
  expect((await loadSite("lab", "drc", options.env)).certificates["app-perizinan"]).toBeDefined();
  expect((await ensureRegionSecrets(grown, options)).changes).toEqual([]);
  expect(next.equals(readFileSync(at("drc", "secrets.age")))).toBe(true);
  expect(existsSync(at("secrets.commit"))).toBe(false);
});

test("a change that was cut short before its moment of truth never happened", async () => {
  await ensureRegionSecrets(model, options);
  writeFileSync(at("drc", "secrets.age.next"), "half");
  expect((await loadSite("lab", "drc", options.env)).site).toBe("drc");
  expect((await ensureRegionSecrets(model, options)).changes).toEqual([]);
  await ensureRegionSecrets(grown, options);
  expect((await loadSite("lab", "drc", options.env)).site).toBe("drc");
});

test("two at once: one makes the secrets, the other is told who does", async () => {
  const results = await Promise.allSettled([ensureRegionSecrets(model, options), ensureRegionSecrets(model, options)]);
  const refusals = results.filter((result) => result.status === "rejected");
  expect(refusals).toHaveLength(1);
  expect(refusals[0]?.reason).toMatchObject({ exitCode: 3 });
  expect(String(refusals[0]?.reason)).toContain(String(process.pid));
  expect((await ensureRegionSecrets(model, options)).changes).toEqual([]);
});

test("the lock of a process that was killed is taken over; a living one's is not", async () => {
  await ensureRegionSecrets(model, options);
  const script = `import { withLock } from ${JSON.stringify(join(process.cwd(), "io/locks.ts"))};
    await withLock(process.argv[1], async () => { console.log("held"); await new Promise((resolve) => setTimeout(resolve, 60_000)); });`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script, at("secrets.lock")]);
  const said = await new Promise((resolve) =>
    child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim())),
  );
  expect(said).toBe("held");
  await expect(ensureRegionSecrets(model, options)).rejects.toMatchObject({ exitCode: 3 });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  expect(existsSync(at("secrets.lock"))).toBe(true);
  expect((await ensureRegionSecrets(model, options)).changes).toEqual([]);
});

test("rotation by name is kept", async () => {
  await ensureRegionSecrets(model, options);
  const before = await loadSite("lab", "dc", options.env);
  const made = await rotateRegionSecrets(model, { what: "tsig:update" }, options);
  expect(made.changes.map(({ message }) => message.id)).toEqual(["tsig:update: diperbarui"]);
  const after = await loadSite("lab", "drc", options.env);
  expect(after.tsig.update.secret).not.toBe(before.tsig.update.secret);
  expect(after.tsig.transfer).toEqual(before.tsig.transfer);
});

test("the founding is written at every site, once, and survives the loss of one", async () => {
  await ensureRegionSecrets(model, options);
  expect((await readRegionRecord("lab", SITES, options.env))?.founded).toBeNull();
  await recordFounded("lab", SITES, "postgres-utama", "dc", options);
  await recordFounded("lab", SITES, "postgres-utama", "dc", options);
  await expect(recordFounded("lab", SITES, "postgres-utama", "drc", options)).rejects.toMatchObject({ exitCode: 4 });
  rmSync(at("dc"), { recursive: true });
  const record = await readRegionRecord("lab", SITES, options.env);
  expect(record?.founded).toEqual({ at: "2026-03-01T00:00:00.000Z", by: "dc" });
  await ensureRegionSecrets(grown, options);
  expect((await readRegionRecord("lab", ["drc"], options.env))?.founded?.by).toBe("dc");
});

test("nothing is drawn for a region whose lock cannot be had", async () => {
  mkdirSync(dirname(at("secrets.lock")), { recursive: true });
  let drawn = 0;
  const entropy = { ...systemEntropy, uuid: () => `${++drawn}` };
  writeFileSync(at("secrets.lock"), JSON.stringify({ host: "another-machine", pid: 1, started: "" }), { mode: 0o600 });
  await expect(ensureRegionSecrets(model, { ...options, entropy })).rejects.toMatchObject({ exitCode: 3 });
  expect(drawn).toBe(0);
});
