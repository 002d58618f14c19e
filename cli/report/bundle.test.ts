/** The auditor's bundle, checked as an auditor would: its own instructions typed into a shell that has nothing of ours. */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
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
  signaturePath,
  sourcesOf,
  UNSIGNED_WELL,
} from "../../compliance/render/index.ts";
import { madeAssessment } from "../../compliance/testing/assessment.ts";
import { MadeChain, newSite, ringOf } from "../../evidence/testing/made.ts";
import { outOfReach } from "../../io/errors.ts";
import type { SiteModel } from "../../model/types.ts";
import { bundleStatement } from "../../services/ops/checks/bundle.ts";
import { LANGS } from "../../web/text.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { archiveOf } from "./bundle.ts";
import { type Signing, signBundle } from "./sign-bundle.ts";

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

const parts = { renderings, records, documents: new Map(), keys: [dc.publicKey, drc.publicKey] };
const sites = [{ id: "dc" }, { id: "drc-batam" }] as SiteModel[];
const away = outOfReach({ id: "diam", en: "silent" });

/** As `ops` of a site does it: a statement of what was told, in the chain of its signer. */
const signedBy =
  (chain: MadeChain): AskOps =>
  async ({ id }, [word], told = "") => {
    if (id === "dc") throw away;
    const statement = bundleStatement(told, made.region.id);
    if (word !== "bundle" || !("kind" in statement)) return { code: 2, text: JSON.stringify(statement) };
    const { id: record, bytes, head } = chain.add(statement);
    const envelope: unknown = JSON.parse(Buffer.from(bytes).toString());
    return { code: 0, text: JSON.stringify({ id: record, digest: head.digest, envelope }) };
  };
const signing: Signing = {
  ...{ sites, ask: signedBy(chains[1] as MadeChain), ring: ringOf(dc, drc), name: "auditor.contoh.2026-07-01" },
  ...{ now: new Date("2026-07-02T03:00:00Z"), commit: "5f5b72f" },
};

/** What the commands may use: nothing else is on the machine, no Node and nothing of ours. */
const TOOLS = "base64 basename cat cmp cut dirname find grep mktemp openssl rm sed sha256sum sh sort tr wc".split(" ");

let folder: string;
let bundle: Bundle;
let signature: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-bundle-"));
  await mkdir(join(folder, "bin"));
  for (const tool of TOOLS) {
    const { stdout } = spawnSync("sh", ["-c", `command -v ${tool}`], {
      env: { PATH: "/usr/bin:/bin" },
      encoding: "utf8",
    });
    await symlink(stdout.trim(), join(folder, "bin", tool));
  }
  bundle = bundleOf(sources, { ...parts, signed: true });
  const signed = await signBundle(bundle, sources, signing);
  if (!("record" in signed)) throw new Error(signed.why.en);
  signature = signaturePath(signed.record.id);
  await unpack(archiveOf(bundle, signed.record));
});
afterAll(() => rm(folder, { recursive: true }));

async function unpack(archive: Buffer, where = "."): Promise<void> {
  await mkdir(join(folder, where), { recursive: true });
  await writeFile(join(folder, where, "auditor.tar"), archive);
  expect(spawnSync("tar", ["-xf", "auditor.tar"], { cwd: join(folder, where) }).status).toBe(0);
}

const at = (path: string) => join(folder, "auditor", path);

/** What the commands say that stand in the bundle's own instructions, typed in its folder. */
async function typed(guide = "VERIFY.txt", where = "."): Promise<string[]> {
  const cwd = join(folder, where, "auditor");
  const text = await readFile(join(cwd, guide), "utf8");
  const commands = text.slice(text.indexOf(COMMANDS_BEGIN) + COMMANDS_BEGIN.length, text.indexOf(COMMANDS_END));
  const { stdout } = spawnSync("/bin/sh", ["-c", commands], {
    ...{ cwd, env: { PATH: join(folder, "bin"), TMPDIR: tmpdir() }, encoding: "utf8" },
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
    const files = [...bundle.files.keys(), signature];
    expect(files.length).toBeGreaterThan(30);
    // None is there that is not tried.
    const there = await readdir(at("."), { recursive: true, withFileTypes: true });
    expect(there.filter((one) => one.isFile())).toHaveLength(files.length);
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
  test("a changed byte is found anywhere in the record that signs the manifest", async () => {
    const whole = await readFile(at(signature));
    const text = whole.toString();
    for (const part of ['"payload"', "payloadType", "signatures", "keyid", '"keyid":"', '"sig":"', "=="]) {
      const place = text.lastIndexOf(part) + part.length + (part.endsWith('"') ? 1 : -1);
      const changed = Buffer.from(whole);
      changed[place] = (changed[place] ?? 0) ^ 1;
      await writeFile(at(signature), changed);
      expect([part, await typed()]).toEqual([part, ALL_WELL.slice(1)]);
    }
    await writeFile(at(signature), `${text}\n`);
    expect(await typed()).toEqual(ALL_WELL.slice(1));
    await writeFile(at(signature), whole);
  });
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
    expect(await typed()).not.toContain("manifest: as signed");
    await writeFile(at("MANIFEST.sha256"), manifest);
  });
  test("another record of the same chain, and a second one, do not pass for the signature", async () => {
    const whole = await readFile(at(signature));
    const [, other] = chains[1]?.records ?? [];
    await writeFile(at(signature), other?.bytes ?? "");
    expect(await typed()).toEqual(ALL_WELL.slice(1));
    await writeFile(at(signature), whole);
    await writeFile(at(signaturePath(other?.id ?? "")), other?.bytes ?? "");
    expect(await typed()).toEqual(ALL_WELL.slice(1));
    await rm(at(signaturePath(other?.id ?? "")));
    expect(await typed()).toEqual(ALL_WELL);
  });
  test("a bundle that no site signs says so, and finds damage all the same", async () => {
    const silent: AskOps = async () => {
      throw away;
    };
    expect(await signBundle(bundle, sources, { ...signing, ask: silent })).toEqual({
      why: { id: "diam; diam", en: "silent; silent" },
    });
    await unpack(archiveOf(bundleOf(sources, { ...parts, signed: false })), "unsigned");
    const guide = await readFile(join(folder, "unsigned/auditor/VERIFY.txt"), "utf8");
    expect(guide).toMatch(/^THIS BUNDLE IS NOT SIGNED/);
    expect(await typed("PERIKSA.txt", "unsigned")).toEqual(UNSIGNED_WELL);
    await writeFile(join(folder, "unsigned/auditor/assessment.json"), "{}");
    expect(await typed("VERIFY.txt", "unsigned")).not.toEqual(UNSIGNED_WELL);
  });
  test("a record that does not verify by the keys at hand, or is about something else, signs nothing", async () => {
    expect(await signBundle(bundle, sources, { ...signing, ring: ringOf(dc) })).toMatchObject({
      why: { en: expect.stringContaining("does not verify by the keys at hand (unknown-key)") },
    });
    const other: AskOps = (site, words, told = "") =>
      signing.ask(site, words, told.replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${"0".repeat(64)}"`));
    expect(await signBundle(bundle, sources, { ...signing, ask: other })).toMatchObject({
      why: { en: expect.stringContaining("(wrong-subject)") },
    });
  });
  test("evidence with another content than was cited is not taken along", () => {
    const [first, second] = records.slice(1);
    const swapped = [{ id: first?.id ?? "", bytes: second?.bytes ?? Buffer.alloc(0) }];
    const other = bundleOf(sources, { ...parts, records: swapped, signed: true });
    expect(other.absent).toContain(first?.id);
  });
});
