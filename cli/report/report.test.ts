import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { assessmentBytes, keptOf } from "../../compliance/index.ts";
import { madeAssessment } from "../../compliance/testing/assessment.ts";
import { canonicalJson } from "../../evidence/canonical.ts";
import { MadeChain, newSite } from "../../evidence/testing/made.ts";
import { checkStatement } from "../../services/ops/checks/statement.ts";
import { writeKeys } from "../evidence/keys.ts";
import { main } from "../main.ts";
import { chooseLanguage } from "../output/language.ts";
import { recordBytes } from "./assessment.ts";

const made = madeAssessment();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-report-"));
  await writeFile(join(folder, "a.json"), assessmentBytes(made));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  chooseLanguage("id");
  await rm(folder, { recursive: true });
});

async function run(...words: string[]): Promise<{ code: number; said: string }> {
  let said = "";
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
  const code = await main(["report", "--region", "contoh", "--from", join(folder, "a.json"), ...words]);
  vi.restoreAllMocks();
  return { code, said };
}
const out = () => join(folder, "out");
const written = async () => (await readdir(out(), { recursive: true })).sort();

describe("lumbung report", () => {
  test.each([
    ["audit", "html", "en", ["audit.en.html"]],
    ["half-yearly", "html", "id", ["half-yearly.id.html"]],
    ["audit", "json", "id", ["assessment.json"]],
    ["audit", "oscal", "en", ["oscal", "oscal/assessment-results.en.json", "oscal/poam.en.json"]],
  ])("%s as %s in %s", async (kind, format, lang, expected) => {
    const { code, said } = await run("--kind", kind, "--format", format, "--lang", lang, "--out", out());
    expect([code, await written()]).toEqual([0, expected]);
    expect(said).toContain(join(out(), expected.at(-1) ?? ""));
  });
  test("writes what `check --to` wrote as it is", async () => {
    await run("--format", "json", "--out", out());
    expect(await readFile(join(out(), "assessment.json"))).toEqual(assessmentBytes(made));
  });
  test("makes a PDF with the WeasyPrint that is named, and says why it cannot", async () => {
    const program = join(folder, "weasyprint");
    await writeFile(program, "#!/bin/sh\ncat > /dev/null; printf '%%PDF-1.7 made'\n", { mode: 0o755 });
    vi.stubEnv("LUMBUNG_WEASYPRINT", program);
    expect((await run("--kind", "bupati", "--format", "pdf", "--out", out())).code).toBe(0);
    expect(await readFile(join(out(), "bupati.id.pdf"), "utf8")).toBe("%PDF-1.7 made");
    await writeFile(program, "#!/bin/sh\ncat > /dev/null; echo no font >&2; exit 1\n", { mode: 0o755 });
    expect(await run("--kind", "bupati", "--format", "pdf", "--out", out())).toEqual({
      code: 3,
      said: expect.stringContaining("no font"),
    });
    vi.stubEnv("LUMBUNG_WEASYPRINT", join(folder, "absent"));
    expect((await run("--kind", "bupati", "--format", "pdf", "--out", out())).code).toBe(3);
  });
  test("names everything that is wrong with its options at once", async () => {
    const { code, said } = await run("--kind", "annual", "--format", "docx", "--lang", "en");
    expect(code).toBe(2);
    for (const part of [
      "--kind: expected one of audit, half-yearly",
      'received "annual"',
      'received "docx"',
      "--out <folder> was not given",
    ])
      expect(said).toContain(part);
  });
  test("is made of a signed record, whose signature is checked first", async () => {
    const site = newSite("dc");
    const chain = new MadeChain(site);
    const statement = checkStatement(canonicalJson(keptOf({ ...made, commit: "5f5b72f" }, 240_000)), "contoh");
    if (!("kind" in statement)) throw new Error(statement.join());
    const [first, record] = [chain.records[0], chain.add(statement)];
    await writeKeys(join(folder, "keys"), [site.publicKey]);
    const from = (bytes: Uint8Array, keys = "keys") =>
      writeFile(join(folder, "a.json"), bytes).then(() =>
        run("--out", out(), "--format", "json", "--lang", "en", "--keys", join(folder, keys)),
      );
    expect((await from(record.bytes)).code).toBe(0);
    expect(await readFile(join(out(), "assessment.json"))).toEqual(assessmentBytes({ ...made, commit: "5f5b72f" }));
    expect(await from(first?.bytes ?? Buffer.of())).toMatchObject({
      code: 2,
      said: expect.stringContaining("holds no whole"),
    });
    await writeKeys(join(folder, "others"), [newSite("dc").publicKey]);
    expect(await from(record.bytes, "others")).toMatchObject({ code: 2, said: expect.stringContaining("unknown-key") });
    const source = {
      records: async function* () {
        yield* chain.records;
      },
    };
    expect(await recordBytes(record.id, [source])).toEqual(record.bytes);
    await expect(recordBytes(`${site.writer}/0000000009`, [source])).rejects.toThrow("no record has this name");
  });
  test("prints nothing of an assessment that contradicts itself, nor of another region's", async () => {
    await writeFile(join(folder, "a.json"), assessmentBytes({ ...made, totals: { ...made.totals, openFindings: 0 } }));
    const { code, said } = await run("--out", out(), "--lang", "en");
    expect([code, said.includes("totals.openFindings: expected 4")]).toEqual([2, true]);
    await writeFile(join(folder, "a.json"), assessmentBytes({ ...made, region: { ...made.region, id: "lain" } }));
    expect((await run("--out", out())).code).toBe(2);
    await writeFile(join(folder, "a.json"), "{");
    expect((await run("--out", out())).code).toBe(2);
    await expect(readdir(out())).rejects.toThrow("ENOENT");
  });
});
