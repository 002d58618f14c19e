/** The auditor's bundle, checked as an auditor would: its own instructions typed into a shell that has nothing of ours. */
import { spawnSync } from "node:child_process";
import { sign } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ALL_WELL,
  type Bundle,
  bundleOf,
  COMMANDS_BEGIN,
  COMMANDS_END,
  render,
  sourcesOf,
} from "../../compliance/render/index.ts";
import { madeAssessment } from "../../compliance/testing/assessment.ts";
import { MadeChain, newSite } from "../../evidence/testing/made.ts";
import { LANGS } from "../../web/text.ts";
import { archiveOf } from "./bundle.ts";

const [dc, drc] = [newSite("dc"), newSite("drc-batam")];
const chains = [new MadeChain(dc).grow(4), new MadeChain(drc).grow(3)];
const records = chains.flatMap(({ records: all }) => all);
const made = madeAssessment();
const sources = sourcesOf({
  ...made,
  evidence: {
    ...made.evidence,
    cited: [
      ...records.slice(1).map(({ id, head: { digest } }) => ({
        id,
        digest: digest ?? "",
        kind: "state" as const,
        about: "dc/postgres-utama",
        at: made.at,
        site: "dc",
        duties: ["site.drc"],
      })),
      ...made.evidence.cited.filter(({ kind }) => kind === "document"),
    ],
  },
});
const renderings = new Map(
  LANGS.flatMap((lang) =>
    (["html", "csv", "oscal", "json"] as const).flatMap((format) =>
      render(sources, "audit", format, lang).map(({ path, content }) => [path, Buffer.from(content)] as const),
    ),
  ),
);

let folder: string;
let bundle: Bundle;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-bundle-"));
  bundle = bundleOf(sources, {
    renderings,
    records,
    documents: new Map(),
    keys: [dc.publicKey, drc.publicKey],
    signer: dc.publicKey,
  });
  await writeFile(join(folder, "auditor.tar"), archiveOf(bundle, sign(null, bundle.manifest, dc.key)));
  expect(spawnSync("tar", ["-xf", "auditor.tar"], { cwd: folder }).status).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

const at = (path: string) => join(folder, "auditor", path);

/** What the commands say that stand in the bundle's own instructions. */
async function typed(guide = "VERIFY.txt"): Promise<string[]> {
  const text = await readFile(at(guide), "utf8");
  const commands = text.slice(text.indexOf(COMMANDS_BEGIN) + COMMANDS_BEGIN.length, text.indexOf(COMMANDS_END));
  expect(commands).not.toMatch(/node|lumbung|jq|python/);
  // No path but the system's own: nothing of ours is called.
  const { stdout } = spawnSync("sh", ["-c", commands], {
    cwd: join(folder, "auditor"),
    env: { PATH: "/usr/bin:/bin" },
    encoding: "utf8",
  });
  return stdout.trim().split("\n");
}

describe("the bundle", () => {
  test.each(["PERIKSA.txt", "VERIFY.txt"])("is whole by the commands of %s", async (guide) => {
    expect(await typed(guide)).toEqual(ALL_WELL);
  });
  test("holds assessment, renderings, cited evidence, keys and guides in both languages, and names what it lacks", async () => {
    const there = await readdir(at("."), { recursive: true });
    for (const path of [
      "assessment.json",
      "audit.id.html",
      "audit.en.html",
      "csv.id/figures.csv",
      "oscal/poam.en.json",
      "KUNCI.txt",
      "NOT-EXAMINED.txt",
    ])
      expect(there).toContain(path);
    expect(there.filter((path) => path.startsWith("evidence/") && path.endsWith(".json"))).toHaveLength(
      records.length - 1,
    );
    expect(bundle.absent).toEqual(["documents/sop-induk"]);
    expect(await readFile(at("NOT-EXAMINED.txt"), "utf8")).toContain("documents/sop-induk");
    expect(await readFile(at("KEYS.txt"), "utf8")).toContain("_lumbung-evidence.contohkab.go.id");
  });
  test("a changed byte is found in every file, whichever it is", async () => {
    const files = [...bundle.files.keys(), "MANIFEST.sig"];
    expect(files.length).toBeGreaterThan(30);
    for (const path of files) {
      const whole = await readFile(at(path));
      const changed = Buffer.from(whole);
      const place = Math.floor(changed.length / 2);
      changed[place] = (changed[place] ?? 0) ^ 1;
      await writeFile(at(path), changed);
      // The instructions themselves may be what was changed: the other language's are typed.
      expect([path, await typed(path === "VERIFY.txt" ? "PERIKSA.txt" : "VERIFY.txt")]).not.toEqual([path, ALL_WELL]);
      await writeFile(at(path), whole);
    }
    expect(await typed()).toEqual(ALL_WELL);
  }, 120_000);
  test("a file more, a file less, and a manifest that was made anew are found", async () => {
    await writeFile(at("evidence/lebih.json"), "{}");
    expect(await typed()).not.toContain("files: none added");
    await rm(at("evidence/lebih.json"));
    const page = await readFile(at("audit.id.html"));
    await rm(at("audit.id.html"));
    expect(await typed()).not.toContain("files: as listed");
    await writeFile(at("audit.id.html"), page);
    const manifest = await readFile(at("MANIFEST.sha256"));
    await writeFile(at("MANIFEST.sha256"), Buffer.concat([manifest, Buffer.from(`${"0".repeat(64)}  x\n`)]));
    expect(await typed()).not.toContain("Signature Verified Successfully");
    await writeFile(at("MANIFEST.sha256"), manifest);
  });
  test("evidence with another content than was cited is not taken along", () => {
    const [first, second] = records.slice(1);
    const swapped = [{ id: first?.id ?? "", bytes: second?.bytes ?? Buffer.alloc(0) }];
    const other = bundleOf(sources, {
      renderings,
      records: swapped,
      documents: new Map(),
      keys: [dc.publicKey],
      signer: dc.publicKey,
    });
    expect(other.absent).toContain(first?.id);
  });
});
