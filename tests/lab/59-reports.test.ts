/** It shows the assessment that `ops` makes by itself, a report of it, a follow-up that a site's signer signed, and an auditor's bundle that a site's signer signed, checked by the commands in it. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ALL_WELL, COMMANDS_BEGIN, COMMANDS_END } from "../../compliance/render/index.ts";
import { eventually } from "./support/eventually.ts";
import { lumbung, lumbungWell } from "./support/lumbung.ts";
import { labModel, REGION } from "./support/region.ts";

interface Listed {
  readonly items: readonly { readonly id: string; readonly kind: string | null }[];
}

const OF_THE_LAB = ["--region", REGION];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reports-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function records(kind: string): Promise<string[]> {
  const { stdout } = await lumbungWell(["evidence", "list", ...OF_THE_LAB, "--json"]);
  return (JSON.parse(stdout) as Listed).items.filter((one) => one.kind === kind).map(({ id }) => id);
}

/** When the assessment in this record was due; undefined where a person made it. */
async function dueOf(record: string): Promise<string | undefined> {
  const { stdout } = await lumbungWell(["evidence", "show", record, ...OF_THE_LAB, "--json"]);
  return (JSON.parse(stdout) as { statement: { observed: { scheduled?: { due: string } } } }).statement.observed
    .scheduled?.due;
}

test("ops assesses what is due once, and a report is made of its record", async () => {
  const made = await eventually("an assessment by ops", 600, async () => {
    const own = new Map<string, string>();
    for (const record of await records("check")) {
      const due = await dueOf(record);
      if (due !== undefined) own.set(record, due);
    }
    return own.size > 0 ? own : undefined;
  });
  expect(new Set(made.values()).size).toBe(made.size);
  const words = ["report", ...OF_THE_LAB, "--from", [...made.keys()].at(-1) ?? "", "--format", "json", "--out", folder];
  await lumbungWell(words);
  const { region, duties } = JSON.parse(await readFile(join(folder, "assessment.json"), "utf8"));
  expect([region.id, duties.length]).toEqual([REGION, 96]);
}, 900_000);

test("a word of follow-up is signed by a site, verifies, is copied to the other, and stands in the finding's history", async () => {
  const listed = await lumbungWell(["finding", "list", ...OF_THE_LAB, "--json"]);
  const [found] = (JSON.parse(listed.stdout) as { items: readonly { readonly id: string }[] }).items;
  if (found === undefined) throw new Error("expected an open finding in the lab, received none");
  const [by, note] = ["kepala-infrastruktur", "dijadwalkan triwulan depan"];
  const words = ["--status", "Belum Sesuai", "--note", note, "--by", by, "--json"];
  const updated = await lumbungWell(["finding", "update", found.id, ...OF_THE_LAB, ...words]);
  const { site, evidence, waits } = JSON.parse(updated.stdout);
  expect([waits, evidence], updated.stdout).toEqual([false, expect.stringMatching(/\/\d{10}$/)]);
  for (const { id } of (await labModel()).sites) {
    const shown = await eventually(`${evidence} at ${id}`, 120, () =>
      lumbungWell(["evidence", "show", evidence, ...OF_THE_LAB, "--site", id, "--json"]),
    );
    const { fault, statement } = JSON.parse(shown.stdout);
    expect([fault, statement.kind, statement.observed]).toEqual([
      ...[null, "follow-up"],
      expect.objectContaining({ site, finding: found.id, word: "belum-sesuai", by, note }),
    ]);
  }
  const { stdout } = await lumbungWell(["finding", "show", found.id, ...OF_THE_LAB, "--json"]);
  const { history } = JSON.parse(stdout);
  expect(history.filter((one: { evidence: { id: string } | null }) => one.evidence?.id === evidence)).toEqual([
    expect.objectContaining({ word: "belum-sesuai", by, note: { id: note, en: note } }),
  ]);
}, 600_000);

test("an auditor's bundle is signed by a site, stands in its chain, and is whole by its own commands", async () => {
  const { code, stderr } = await lumbung(["report", ...OF_THE_LAB, "--kind", "bundle", "--out", folder]);
  // 1: something that is cited has no file.
  expect([0, 1], stderr).toContain(code);
  const archive = (await readdir(folder)).find((name) => name.endsWith(".tar")) ?? "";
  expect(archive).not.toContain("unsigned");
  expect(spawnSync("tar", ["-xf", archive], { cwd: folder }).status).toBe(0);
  const cwd = join(folder, "auditor");
  const guide = await readFile(join(cwd, "VERIFY.txt"), "utf8");
  const commands = guide.slice(guide.indexOf(COMMANDS_BEGIN) + COMMANDS_BEGIN.length, guide.indexOf(COMMANDS_END));
  const { stdout } = spawnSync("sh", ["-c", commands], { cwd, env: { PATH: "/usr/bin:/bin" }, encoding: "utf8" });
  expect(stdout.trim().split("\n")).toEqual(ALL_WELL);
  const [signature = ""] = (await readdir(join(cwd, "signature"), { recursive: true })).filter((one) =>
    /\.json$/.test(one),
  );
  expect((await records("bundle")).map((id) => `${id}.json`)).toContain(signature);
}, 900_000);
