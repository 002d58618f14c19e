/** `attest`, `waive`, `calendar` and `finding list` as they are typed, on a copy of an inventory and without any site. */
import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sha256 } from "../../evidence/dsse.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { main } from "../main.ts";
import { chooseLanguage } from "../output/language.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-papers-"));
  await cp(join(REPOSITORY, "inventory"), folder, { recursive: true });
  vi.stubEnv("LUMBUNG_INVENTORY", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  chooseLanguage("id");
  await rm(folder, { recursive: true });
});

async function said(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: "", err: "" };
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    told.out += text;
    return true;
  });
  const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    told.err += text;
    return true;
  });
  const code = await main([...words, "--lang", "en"]);
  out.mockRestore();
  err.mockRestore();
  return { code, ...told };
}

test("attest puts the file's SHA-256 into the inventory, which others can still read", async () => {
  const path = join(folder, "lab", "documents", "rencana-induk.txt");
  await writeFile(path, "naskah baru\n");
  const yaml = join(folder, "lab", "documents.yaml");
  const before = await readFile(yaml, "utf8");
  const refused = await said("attest", "rencana-induk", "--region", "lab", "--file", path);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("--yes")]);
  expect(await readFile(yaml, "utf8")).toBe(before);
  const { code, out } = await said("attest", "rencana-induk", "--region", "lab", "--file", path, "--yes", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ file: "rencana-induk.txt", sha256: sha256(Buffer.from("naskah baru\n")) });
  expect(await readFile(yaml, "utf8")).toContain(sha256(Buffer.from("naskah baru\n")));
  expect((await stat(yaml)).mode & 0o044).not.toBe(0);
});

test("attest tells all that is wrong, and waive too", async () => {
  const { code, err } = await said("attest", "tidak-ada", "lain", "--region", "lab", "--file", "/etc/hostname");
  expect([code, err]).toEqual([2, expect.stringContaining("3 problems of input")]);
  expect(err).toContain("outside of the region's folder of documents");
  const bare = await said("waive", "--region", "langsa");
  expect([bare.code, bare.err]).toEqual([2, expect.stringContaining("4 problems of input")]);
});

test("waive writes a waiver that the next check knows", async () => {
  const words = ["--justification", "Menunggu pengadaan", "--approver", "kepala-diskominfo", "--expires", "2099-12-31"];
  const { code, out } = await said("waive", "gov.master-plan", "--region", "langsa", ...words);
  expect([code, out]).toEqual([
    0,
    "gov-master-plan: gov.master-plan is waived until 2099-12-31; written to langsa/waivers.yaml\n",
  ]);
  expect((await said("inventory", "check", "--region", "langsa")).code).toBe(0);
});

test("the calendar and the list of findings need no site", async () => {
  const nowhere = ["--region", "langsa", "--from", join(folder, "nowhere")];
  const { code, out } = await said("calendar", ...nowhere, "--json");
  const { items } = JSON.parse(out) as { items: { date: string; duty: string }[] };
  expect(code).toBe(0);
  expect(items.map(({ date }) => date)).toEqual(items.map(({ date }) => date).sort());
  expect(items.map(({ duty }) => duty)).toContain("gov.master-plan");
  const until = items[0]?.date ?? "";
  const short = JSON.parse((await said("calendar", ...nowhere, "--json", "--until", until)).out) as typeof JSON;
  expect(short).toMatchObject({ items: items.filter(({ date }) => date === until) });
  expect((await said("calendar", ...nowhere, "--until", "soon")).code).toBe(2);
  const listed = await said("finding", "list", ...nowhere, "--json");
  const findings = (JSON.parse(listed.out) as { items: { id: string }[] }).items;
  expect(findings.length).toBeGreaterThan(0);
  expect((await said("finding", "show", findings[0]?.id ?? "", ...nowhere)).out).toContain("recommendation: ");
  expect((await said("finding", "show", "x/y", ...nowhere)).code).toBe(2);
  const wrong = await said("finding", "update", "x/y", ...nowhere, "--status", "done");
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("4 problems of input")]);
});
