/** OSCAL files against an implementation that is not ours: compliance-trestle, fetched by this machine's own pip at a pinned version and kept. */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { render, sourcesOf } from "../../compliance/render/index.ts";
import { madeAssessment } from "../../compliance/testing/assessment.ts";
import { cacheFolder, digestOf } from "../../io/kept.ts";
import { LANGS } from "../../web/text.ts";

const REQUIREMENTS = fileURLToPath(new URL("support/trestle-requirements.txt", import.meta.url));

let trestle: string;
let workspace: string;
beforeAll(async () => {
  trestle = await trestleFolder();
  workspace = await mkdtemp(join(tmpdir(), "lumbung-trestle-"));
  expect(asked(["init", "--local"]).code).toBe(0);
}, 600_000);
afterAll(() => rm(workspace, { recursive: true }));

/** Where its packages lie, by what was asked for: fetched once. */
async function trestleFolder(): Promise<string> {
  const home = join(cacheFolder(), "trestle", digestOf(await readFile(REQUIREMENTS)).slice(0, 16));
  if (await stat(home).catch(() => undefined)) return home;
  await mkdir(dirname(home), { recursive: true });
  const scratch = await mkdtemp(`${home}.`);
  const words = ["-m", "pip", "install", "--quiet", "--target", scratch, "--requirement", REQUIREMENTS];
  const { status, stderr } = spawnSync("python3", words, { encoding: "utf8", timeout: 500_000 });
  if (status !== 0) throw new Error(`pip: ${stderr.trim().split("\n").slice(-3).join("; ")}`);
  await rename(scratch, home);
  return home;
}

function asked(words: readonly string[]): { code: number | null; said: string } {
  const program = "import sys; from trestle.cli import Trestle; sys.exit(Trestle().run())";
  const env = { ...process.env, PYTHONPATH: trestle };
  const run = spawnSync("python3", ["-c", program, ...words], {
    cwd: workspace,
    env,
    encoding: "utf8",
    timeout: 100_000,
  });
  return { code: run.status, said: `${run.stdout}${run.stderr}` };
}

/** As trestle wants it to lie in its workspace. */
async function validated(kind: string, name: string, content: string) {
  const file = join(
    workspace,
    kind,
    name,
    `${kind === "plan-of-action-and-milestones" ? kind : "assessment-results"}.json`,
  );
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return asked(["validate", "--file", file]);
}

const EVERY = ["empat-lawang-30-2019", "lamandau-37-2018", "langsa-34-2020", "serdang-bedagai-8-2017"] as const;

describe.each(LANGS)("OSCAL in %s", (lang) => {
  const sources = sourcesOf(madeAssessment({ regulations: EVERY }));
  const [results = "", plan = ""] = render(sources, "audit", "oscal", lang).map(({ content }) => String(content));

  it("assessment results are valid", async () => {
    const { code, said } = await validated("assessment-results", `results-${lang}`, results);
    expect(said).toMatch(/VALID/);
    expect([code, said.includes("INVALID")]).toEqual([0, false]);
  }, 120_000);
  it("the plan of action and milestones is valid", async () => {
    const { code, said } = await validated("plan-of-action-and-milestones", `plan-${lang}`, plan);
    expect(said).toMatch(/VALID/);
    expect([code, said.includes("INVALID")]).toEqual([0, false]);
  }, 120_000);
  it("the validator does refuse: a status that OSCAL has not, one UUID twice", async () => {
    const wrong = results.replace('"state": "satisfied"', '"state": "fulfilled"');
    expect((await validated("assessment-results", "wrong", wrong)).code).not.toBe(0);
    const document = JSON.parse(results);
    const [first, second] = document["assessment-results"].results[0].findings;
    second.uuid = first.uuid;
    expect((await validated("assessment-results", "twice", JSON.stringify(document))).code).not.toBe(0);
  }, 120_000);
});
