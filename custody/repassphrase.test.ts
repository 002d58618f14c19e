/** A new passphrase: everything it opens changes with it, or nothing does, also where the machine goes off in the middle. */
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stoppedClock } from "../io/clock.ts";
import { completeChange } from "./complete.ts";
import { systemEntropy } from "./entropy.ts";
import { fixtureModel } from "./fixture.ts";
import { findPassphrase } from "./passphrase.ts";
import { custodyPaths, regionMarker } from "./paths.ts";
import { loadSite } from "./read.ts";
import { replacePassphrase } from "./repassphrase.ts";
import { ensureRegionSecrets, loadRegion } from "./store.ts";

let home: string;
const env = () => ({ LUMBUNG_HOME: home });
const paths = () => custodyPaths("lab", "dc", env());
const state = () => join(paths().folder, "state.json");
const replace = (part: string, fail = false) =>
  replacePassphrase("lab", part, env(), systemEntropy, async (before, after) => {
    if (fail) throw new Error("pulumi stopped");
    return part === "dc" ? [{ path: state(), content: `${before.length} ${after}` }] : [];
  });

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "custody-repassphrase-"));
  await ensureRegionSecrets(fixtureModel(), { env: env(), clock: stoppedClock(new Date("2026-03-01T00:00:00Z")) });
  writeFileSync(state(), "old", { mode: 0o600 });
});
afterEach(() => rmSync(home, { recursive: true }));

test("the bundle opens with the new one, holds the same, and nothing here opens with the old one", async () => {
  const [secrets, before] = [await loadSite("lab", "dc", env()), readFileSync(paths().passphrase, "utf8").trim()];
  await replace("dc");
  const after = await findPassphrase("lab", "dc", env());
  expect(after).not.toBe(before);
  expect(await loadSite("lab", "dc", env())).toEqual(secrets);
  expect(readFileSync(state(), "utf8")).toBe(`${before.length} ${after}`);
  for (const path of [state(), paths().passphrase, paths().sealed]) expect(existsSync(`${path}.previous`)).toBe(false);
  expect(await findPassphrase("lab", "drc", env())).not.toBe(after);
});

test("the root's, too", async () => {
  const before = (await loadRegion("lab", ["dc", "drc"], env())).secrets.root;
  await replace("root");
  expect((await loadRegion("lab", ["dc", "drc"], env())).secrets.root).toEqual(before);
});

test("where the stack cannot be locked anew, nothing changes", async () => {
  const before = [paths().passphrase, paths().sealed, state()].map((path) => readFileSync(path).toString("base64"));
  await expect(replace("dc", true)).rejects.toThrow("pulumi stopped");
  expect([paths().passphrase, paths().sealed, state()].map((path) => readFileSync(path).toString("base64"))).toEqual(
    before,
  );
});

test("cut short after the moment of truth, whoever reads sees the new, and the next one completes it", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "custody-repassphrase-done-"));
  cpSync(home, elsewhere, { recursive: true });
  const secrets = await loadSite("lab", "dc", env());
  const left = home;
  home = elsewhere;
  await replace("dc");
  const done = [paths().passphrase, paths().sealed, state()];
  home = left;
  // As a crash right after the marker leaves it: all of the new beside all of the old.
  const here = [paths().passphrase, paths().sealed, state()];
  for (const [index, path] of here.entries()) copyFileSync(done[index] ?? "", `${path}.next`);
  const marked = ["dc/passphrase", "dc/secrets.age", "dc/state.json"];
  writeFileSync(regionMarker("lab", env()), JSON.stringify(marked), { mode: 0o600 });
  expect(await loadSite("lab", "dc", env())).toEqual(secrets);
  await completeChange("lab", env());
  expect(existsSync(regionMarker("lab", env()))).toBe(false);
  expect(readFileSync(paths().passphrase)).toEqual(readFileSync(done[0] ?? ""));
  expect(await loadSite("lab", "dc", env())).toEqual(secrets);
  rmSync(elsewhere, { recursive: true });
});

test("one that is kept elsewhere is not replaced here", async () => {
  rmSync(paths().passphrase);
  await expect(replace("dc")).rejects.toMatchObject({ exitCode: 4 });
});
