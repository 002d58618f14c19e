/** Evidence through the command line, from a folder; and the recipe of the handbook, typed by a shell as it stands there. */
import { spawnSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ensureRegionSecrets } from "../custody/store.ts";
import { keyIdOf } from "../evidence/dsse.ts";
import { keepMissing } from "../evidence/keep-missing.ts";
import { keyRing } from "../evidence/keys.ts";
import { MadeChain, newSite, REGION } from "../evidence/testing/made.ts";
import { systemClock } from "../io/clock.ts";
import { evidenceFolder } from "../io/evidence-folder.ts";
import { REPOSITORY } from "../io/repository.ts";
import type { SiteModel } from "../model/types.ts";
import { loadModel } from "../stacks/load.ts";
import { checkSources } from "./evidence/check.ts";
import { writeKeys } from "./evidence/keys.ts";
import { signerSource } from "./evidence/sources.ts";
import { main } from "./main.ts";

const [dc, drc] = [newSite("dc"), newSite("drc")];
const chain = new MadeChain(dc).grow(8);
const other = new MadeChain(drc).grow(2);
other.see(chain);
const all = [...chain.records, ...other.records];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-evidence-"));
  vi.stubEnv("LUMBUNG_HOME", join(folder, "home"));
  vi.stubEnv("LUMBUNG_CACHE", join(folder, "cache"));
  const store = evidenceFolder({ root: folder, region: REGION });
  for (const { id, bytes } of all) await store.put(id, bytes);
  await writeKeys(join(folder, "keys"), [dc.publicKey, drc.publicKey]);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const fileOf = (number: number): string =>
  join(folder, REGION, `${dc.writer}/${String(number).padStart(10, "0")}.json`);
async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err] = [[] as string[], [] as string[]];
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0),
  ];
  try {
    return { code: await main(["evidence", ...words, "--region", REGION]), out: out.join(""), err: err.join("") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
const here = () => ["--from", folder, "--keys", join(folder, "keys")];

describe("verify", () => {
  test("passes, in both languages and as JSON, and says how far chains are counter-signed", async () => {
    const english = await run("verify", ...here(), "--lang", "en");
    expect([english.code, english.err]).toEqual([0, ""]);
    expect(english.out).toContain("11 of 11 records verified, 0 findings");
    expect(english.out).toContain("8 (drc, 2026-03-01T00:00:02Z)");
    expect((await run("verify", ...here(), "--lang", "id")).out).toContain(
      "11 dari 11 catatan terverifikasi, 0 temuan",
    );
    const { code, out } = await run("verify", ...here(), "--json");
    expect([code, JSON.parse(out)]).toMatchObject([0, { records: 11, verified: 11, broken: [] }]);
  });
  test.each([
    [
      "altered",
      async () => writeFile(fileOf(5), (await readFile(fileOf(5), "utf8")).replace('"sig":"', '"sig":"A')),
      5,
    ],
    ["removed", () => rm(fileOf(5)), 5],
    ["cut off", () => rm(fileOf(8)), 8],
  ] as const)("fails where a record is %s, and names it", async (_, change, number) => {
    await change();
    const { code, out } = await run("verify", ...here(), "--json");
    const { broken } = JSON.parse(out);
    expect([code, broken.map(({ id }: { id: string }) => id)]).toEqual([1, [`${dc.writer}/000000000${number}`]]);
    expect(Object.keys(broken[0].reason)).toEqual(["id", "en"]);
    expect((await run("verify", ...here(), "--lang", "en")).out).toContain(`✗ ${broken[0].id}: ${broken[0].reason.en}`);
  });
  test("fails where two records are swapped, and names both", async () => {
    await rename(fileOf(5), join(folder, "five"));
    await rename(fileOf(6), fileOf(5));
    await rename(join(folder, "five"), fileOf(6));
    const { code, out } = await run("verify", ...here(), "--json");
    expect([code, JSON.parse(out).broken.map(({ id }: { id: string }) => id.slice(-1))]).toEqual([1, ["5", "6"]]);
  });
  test("--site says whose copy the folder is: what it lacks of the other's was not copied", async () => {
    await rm(fileOf(8));
    const codes = async (...more: string[]) =>
      JSON.parse((await run("verify", ...here(), "--json", ...more)).out).broken.map(
        ({ code }: { code: string }) => code,
      );
    expect([await codes(), await codes("--site", "dc"), await codes("--site", "drc")]).toEqual([
      ["cut-tail"],
      ["cut-tail"],
      ["not-copied"],
    ]);
  });
  test("no record proves nothing: exit code 1; no folder or no key is wrong use: 2", async () => {
    await rm(join(folder, REGION), { recursive: true });
    expect(await run("verify", ...here(), "--lang", "en")).toMatchObject({
      code: 1,
      out: expect.stringContaining("nothing is proven"),
    });
    expect((await run("verify", "--from", join(folder, "nowhere"), "--keys", join(folder, "keys"))).code).toBe(2);
    expect((await run("verify", "--from", folder, "--keys", folder)).code).toBe(2);
    expect((await run("nonsense")).code).toBe(2);
  });
});

test("list and show say what the records say", async () => {
  const listed = await run("list", ...here(), "--lang", "en");
  expect(listed.out.replace(/ +/g, " ")).toContain(`${dc.writer}/0000000002 2026-03-01T00:00:01Z state seen`);
  expect(JSON.parse((await run("list", ...here(), "--json")).out).items).toHaveLength(11);
  const shown = await run("show", `${dc.writer}/2`, ...here(), "--lang", "en");
  expect([shown.code, shown.out]).toEqual([0, expect.stringContaining("the signature fits")]);
  expect(shown.out).toContain('"detail": "number 2"');
  await writeFile(fileOf(2), "forged");
  expect(await run("show", `${dc.writer}/2`, ...here(), "--lang", "en")).toMatchObject({
    code: 1,
    out: expect.stringContaining("not a whole signed envelope"),
  });
  expect((await run("show", `${dc.writer}/99`, ...here())).code).toBe(2);
});

test("export writes what verifies elsewhere, and never overwrites", async () => {
  const to = join(folder, "taken");
  expect((await run("export", ...here(), "--to", to)).code).toBe(0);
  expect((await readdir(join(to, "keys"))).length).toBe(2);
  expect((await run("verify", "--from", to, "--keys", join(to, "keys"))).code).toBe(0);
  await writeFile(join(to, REGION, `${dc.writer}/0000000003.json`), "other");
  expect((await run("export", ...here(), "--to", to)).code).toBe(4);
});

test("what a store lacks is put, once, and nothing that differs", async () => {
  const store = evidenceFolder({ root: join(folder, "bucket"), region: REGION });
  expect(await keepMissing(all.slice(0, 5), store)).toBe(5);
  expect(await keepMissing([...all, { id: "stranger", bytes: Buffer.from("x") }], store)).toBe(6);
  expect(await keepMissing(all, store)).toBe(0);
  await expect(keepMissing([{ id: `${dc.writer}/0000000003`, bytes: Buffer.from("x") }], store)).rejects.toThrow(
    "never overwritten",
  );
});

test("without --keys the region's own bundles say which keys count", async () => {
  const { secrets } = await ensureRegionSecrets(await loadModel("lab"), { env: process.env, clock: systemClock });
  const own = secrets.sites.dc?.evidenceKeys ?? [];
  const { code, out } = await run("keys", "--json", "--to", join(folder, "out"));
  expect(code).toBe(0);
  expect(JSON.parse(out).items.map(({ keyid }: { keyid: string }) => keyid)).toEqual(
    own.map(({ publicKey }) => keyIdOf(createPublicKey(publicKey))),
  );
  expect(out).not.toContain("PRIVATE");
  const verified = await run("verify", "--from", folder, "--lang", "en");
  expect([verified.code, verified.out]).toEqual([
    1,
    expect.stringContaining("signed with a key that this region does not know"),
  ]);
});

describe("of the sites", () => {
  const site = (id: string) => ({ id }) as SiteModel;
  const lines = (records: typeof all) =>
    records.map(({ id, bytes }) => JSON.stringify({ id, content: Buffer.from(bytes).toString("base64") })).join("\n");
  const answers = (stdout: string) => () => ({
    execLines: async function* () {
      yield* stdout.split("\n");
    },
  });
  const silent = () => ({
    // biome-ignore lint/correctness/useYield: it says nothing before it fails.
    execLines: async function* () {
      throw new Error("no such container");
    },
  });
  const ring = keyRing([dc.publicKey, drc.publicKey]);
  test("each is asked for all that its signer has, and one that is silent is told", async () => {
    const sources = [
      signerSource("lab", site("dc"), silent),
      signerSource("lab", site("drc"), answers(lines(all.slice().sort((a, b) => (a.id < b.id ? -1 : 1))))),
    ];
    const check = await checkSources(sources, REGION, ring);
    expect(check).toMatchObject({ records: 11, verified: 11, broken: [], unreachable: [{ site: "dc" }] });
    expect(check.unreachable[0]?.reason.en).toContain("lab-dc-signer: evidence cannot be read: no such container");
  });
  test("what a lost site had not copied is named", async () => {
    const survived = [...chain.records.slice(0, 6), ...other.records].sort((a, b) => (a.id < b.id ? -1 : 1));
    const { broken } = await checkSources([signerSource("lab", site("drc"), answers(lines(survived)))], REGION, ring);
    expect(broken).toMatchObject([{ id: `${dc.writer}/0000000007`, code: "not-copied", site: "drc" }]);
    expect(broken[0]?.reason.en).toContain("numbers 7 to 8 were at dc");
  });
  test("two that tell one number differently are found", async () => {
    const anew = new MadeChain(dc, dc.writer).grow(1);
    const twin = [
      ...anew.records,
      anew.add({ ...chain.records[1]?.statement, observed: { detail: "other" } } as never),
    ];
    const sources = [
      signerSource("lab", site("dc"), answers(lines(chain.records.slice(0, 2)))),
      signerSource("lab", site("drc"), answers(lines(twin))),
    ];
    const { broken, verified } = await checkSources(sources, REGION, ring);
    expect(broken.map(({ id, code }) => `${id} ${code}`)).toEqual([`${dc.writer}/0000000002 fork`]);
    expect(verified).toBe(3);
  });
});

describe.each(["evidence.md", "evidence.id.md"])("the recipe in %s", (name) => {
  /** The commands exactly as they stand in the document, after the line that marks them. */
  async function recipe(): Promise<string> {
    const text = await readFile(join(REPOSITORY, "docs", "handbook", name), "utf8");
    const [, commands] = /<!-- recipe -->\n\n```sh\n([\s\S]*?)```/.exec(text) ?? [];
    if (commands === undefined) throw new Error(`${name}: no recipe`);
    return commands;
  }
  async function typed(
    record: string,
    key = join(folder, "keys", `dc.${keyIdOf(dc.key).slice(0, 12)}.pem`),
  ): Promise<boolean> {
    const cwd = await mkdtemp(join(folder, "auditor-"));
    // No path but the system's own: nothing of ours is called.
    const env = { PATH: "/usr/bin:/bin", record, key };
    const { stdout } = spawnSync("sh", ["-c", await recipe()], { cwd, env, encoding: "utf8" });
    return stdout.includes("Signature Verified Successfully") && stdout.includes("the record holds nothing else");
  }
  test("uses openssl and the shell's own tools alone, and is the same in both languages", async () => {
    const commands = await recipe();
    expect(commands).not.toMatch(/lumbung|node|jq|python/);
    const english = await readFile(join(REPOSITORY, "docs", "handbook", "evidence.md"), "utf8");
    expect(english).toContain(commands);
  });
  test("passes on every record", async () => {
    for (let number = 1; number <= 8; number += 1) expect(await typed(fileOf(number))).toBe(true);
  });
  test("fails when a byte is changed, wherever it is", async () => {
    const whole = await readFile(fileOf(3));
    const step = Math.ceil(whole.length / 24);
    const places = [
      ...Array.from({ length: 24 }, (_, index) => index * step),
      whole.length - 1,
      whole.length - 5,
      whole.length - 7,
    ];
    for (const at of places.filter((place) => place < whole.length)) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const file = join(folder, "changed.json");
      await writeFile(file, changed);
      expect([at, await typed(file)]).toEqual([at, false]);
    }
  });
  test("fails when something is added, and with another's key", async () => {
    const file = join(folder, "longer.json");
    await writeFile(file, Buffer.concat([await readFile(fileOf(3)), Buffer.from("\n")]));
    expect(await typed(file)).toBe(false);
    expect(await typed(fileOf(3), join(folder, "keys", `drc.${keyIdOf(drc.key).slice(0, 12)}.pem`))).toBe(false);
  });
});
