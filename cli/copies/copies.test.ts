import { createHash } from "node:crypto";
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DrillReport, RunState } from "../../services/backup/wire.ts";
import { guideText } from "./guide.ts";
import { importPrefix } from "./import.ts";
import { openKeys, type RepositoryKeys, sealKeys } from "./keys.ts";
import { labelHtml } from "./label.ts";
import { type ExportManifest, MANIFEST, REPOSITORIES, readManifest, verifyExport } from "./manifest.ts";
import { refusalOver } from "./over-live.ts";
import { copiesIn } from "./restore-choice.ts";

let folder: string;
const PATHS = ["restic/config", "pgbackrest/base/backup/utama/backup.info"];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "copies-"));
  for (const path of PATHS) {
    await mkdir(join(folder, REPOSITORIES, path, ".."), { recursive: true });
    await writeFile(join(folder, REPOSITORIES, path), path);
  }
});
afterEach(() => rm(folder, { recursive: true }));

const manifest: ExportManifest = {
  ...{ kind: "lumbung-backup", version: 1, region: "lab", site: "drc", at: "2026-11-25T01:02:03.004Z" },
  programme: { name: "lumbung", version: "0.1.0" },
  stanzas: [{ name: "utama", repositories: ["base", "monthly"] }],
  copies: [{ target: "zones", engine: "restic", id: "abc", at: "2026-11-25T01:00:00Z" }],
  absent: [],
  files: PATHS.map((path) => ({
    path: `${REPOSITORIES}/${path}`,
    bytes: path.length,
    sha256: createHash("sha256").update(path).digest("hex"),
  })),
};

describe("manifest", () => {
  test("a copy as it was made has no damage", async () => {
    let bytes = 0;
    expect(await verifyExport(folder, manifest, (count) => (bytes += count))).toEqual([]);
    expect(bytes).toBe(PATHS.join("").length);
  });

  test("a changed, a missing and an added file are each named", async () => {
    await appendFile(join(folder, REPOSITORIES, PATHS[0] ?? ""), "!");
    await rm(join(folder, REPOSITORIES, PATHS[1] ?? ""));
    await writeFile(join(folder, REPOSITORIES, "restic/other"), "");
    expect(await verifyExport(folder, manifest)).toEqual([
      { path: `${REPOSITORIES}/${PATHS[0]}`, what: "changed" },
      { path: `${REPOSITORIES}/${PATHS[1]}`, what: "missing" },
      { path: `${REPOSITORIES}/restic/other`, what: "added" },
    ]);
  });

  test("a folder without one, and one that is damaged, are told apart", async () => {
    await expect(readManifest(folder)).rejects.toMatchObject({ exitCode: 2 });
    await writeFile(join(folder, MANIFEST), JSON.stringify(manifest).slice(0, -5));
    await expect(readManifest(folder)).rejects.toMatchObject({ exitCode: 4 });
    const climbing = { ...manifest, files: [{ ...manifest.files[0], path: "../x" }] };
    await writeFile(join(folder, MANIFEST), JSON.stringify(climbing));
    await expect(readManifest(folder)).rejects.toMatchObject({ exitCode: 4 });
    await writeFile(join(folder, MANIFEST), JSON.stringify(manifest));
    expect(await readManifest(folder)).toEqual(manifest);
  });
});

describe("keys", () => {
  const keys: RepositoryKeys = {
    ...{ kind: "lumbung-backup-keys", region: "lab", site: "drc" },
    passphrases: { restic: "rahasia" },
  };
  const holder = async (role: string) => {
    const identity = await generateIdentity();
    return { identity, holder: { role, recipients: [await identityToRecipient(identity)] } };
  };

  test("any one holder opens them, nobody else does", async () => {
    const [one, two, stranger] = await Promise.all([holder("a"), holder("b"), holder("c")]);
    const sealed = await sealKeys(keys, [one.holder, two.holder]);
    expect(Buffer.from(sealed).toString("latin1")).not.toContain("rahasia");
    for (const { identity } of [one, two]) expect(await openKeys(sealed, [identity], "keys.age")).toEqual(keys);
    await expect(openKeys(sealed, [stranger.identity], "keys.age")).rejects.toMatchObject({ exitCode: 2 });
    await expect(openKeys(sealed.subarray(0, -9), [one.identity], "keys.age")).rejects.toMatchObject({ exitCode: 4 });
  });

  test("without a holder's key no copy is made", async () => {
    await expect(sealKeys(keys, [{ role: "a", recipients: [] }])).rejects.toMatchObject({ exitCode: 2 });
  });
});

test("the guide has the commands of each repository, and no secret", () => {
  const text = guideText(manifest, "id");
  expect(text).toContain('echo "repo2-path=$PWD/repositories/pgbackrest/monthly"');
  expect(text).toContain(`.passphrases["postgresql:utama/base"]`);
  expect(text).toContain("restic --no-lock -r $PWD/repositories/restic snapshots");
  expect(text.split("\n").every((line) => line.length <= 130)).toBe(true);
});

test("the label says what it is, with the digest in groups, and nothing from elsewhere", () => {
  const html = labelHtml({ ...manifest, region: "<lab>" }, "0123456789abcdef".repeat(4));
  expect(html).toContain("&lt;lab&gt;");
  expect(html).toContain("01234567 89abcdef");
  expect(html).not.toMatch(/https?:|src=|<script/);
  expect(html).toContain("<b>1 / 1</b>");
});

test("the label says what is declared and not on the medium", () => {
  const html = labelHtml({ ...manifest, absent: ["evidence", "objects"] }, "0".repeat(64));
  expect(html).toContain("<b>1 / 3</b>");
  expect(html).toContain("<b>evidence, objects</b>");
});

test("imported copies lie apart from each other", () => {
  expect(importPrefix(manifest)).toBe("imported/lab-drc-20261125T010203004Z/");
});

test("a copy that did not restore whole replaces no live data; the refusal says why, and where what there is lies", () => {
  const why = { id: "salinan rusak", en: "the copy is damaged" };
  const run = (state: RunState["state"]) => ({ state }) as RunState;
  expect(refusalOver(run("succeeded"), {} as DrillReport, "/new")).toBeUndefined();
  for (const refusal of [
    refusalOver(run("failed"), { why } as DrillReport, "/new"),
    refusalOver({ ...run("failed"), why }, {} as DrillReport, "/new"),
  ]) {
    expect(refusal).toMatchObject({ exitCode: 4, text: { en: "live data were not replaced: the copy is damaged" } });
    expect(refusal?.hint?.en).toContain("/new");
  }
});

test("a copy on a medium rests on what it rested on; one on an older medium is taken as whole", () => {
  const made = { engine: "mariadb-backup", at: "2026-11-25T01:00:00Z", target: "mariadb:php" };
  const copies = [
    { ...made, id: "whole" },
    { ...made, id: "more", type: "incremental" as const, needs: ["whole"] },
    { ...made, id: "other", target: "zones" },
  ];
  expect(copiesIn({ copies }, "mariadb:php").map(({ id, type, needs }) => [id, type, needs])).toEqual([
    ["whole", "full", []],
    ["more", "incremental", ["whole"]],
  ]);
});
