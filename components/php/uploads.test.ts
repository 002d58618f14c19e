/** The copier of uploads, as it is in the image, with stand-ins for what it calls: when a round begins, and whom it takes from. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";

const library = join(import.meta.dirname, "../../images/php/usr/local/lib/lumbung");
const top = mkdtempSync(join(tmpdir(), "uploads-"));
afterAll(() => rmSync(top, { recursive: true }));

let folder: string;
let copier: ChildProcess | undefined;
let turn = 0;

/** The real programs, where the paths are the test's. */
const ours = (name: string): string =>
  readFileSync(join(library, name), "utf8")
    .replaceAll("/config/current", `${folder}/config`)
    .replaceAll("/var/lib/uploads", `${folder}/data`)
    .replaceAll("/run/lumbung", `${folder}/run`);
const program = (name: string, text: string): void => {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), 0o755);
};
const put = (name: string, text = "x"): void => writeFileSync(join(folder, name), text);
const here = (): string[] => readdirSync(join(folder, "data/files")).sort();
const order = (): void => put("run/rounds", "round\n");
const env = () => ({
  ...process.env,
  PATH: `${folder}:${process.env.PATH}`,
  LUMBUNG_GATEWAY: "gateway",
  LUMBUNG_CONFIG: folder,
});
const state = () => {
  const said = execFileSync("/bin/sh", [join(folder, "copies"), "state"], { env: env(), encoding: "utf8" });
  return JSON.parse(said) as { id: string; completeAt: string | null; epoch: null }[];
};

async function until(what: string, holds: () => boolean, seconds = 10): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await pause(50);
  }
}

beforeEach(() => {
  folder = join(top, String(++turn));
  for (const one of ["config/tls", "data/files", "data/aside", "run", "theirs", "current"])
    mkdirSync(join(folder, one), { recursive: true });
  put("config/uploads.env", "PEER_HOST=app.dc\nRPO_SECONDS=3600\nQUOTA_BYTES=1000000\n");
  put("current/copies.env", "CALLERS=ops.dc\nID=files:ppid\n");
  put("role", "standby");
  program("lumbung-role", `#!/bin/sh\n[ "$1" = copies ] && cat ${folder}/role\n`);
  program("lumbung-keep", "#!/bin/sh\n");
  program(
    "rsync",
    `#!/bin/sh\n[ ! -e ${folder}/away ] || { echo away; exit 10; }\ncp ${folder}/theirs/* ${folder}/data/files/ 2>/dev/null\ntrue\n`,
  );
  program("uploads", ours("uploads"));
  program("copies", ours("copies"));
});
afterEach(() => {
  copier?.kill();
});

const start = async (): Promise<void> => {
  copier = spawn("/bin/bash", [join(folder, "uploads")], { env: env(), stdio: ["ignore", "ignore", "inherit"] });
  await until("measured", () => readdirSync(join(folder, "run")).includes("uploads-bytes"));
};

describe("the copier of uploads", () => {
  it("makes a round when it is ordered, and says when it began", async () => {
    put("theirs/satu");
    await start();
    expect(here()).toEqual(["satu"]);
    put("theirs/dua");
    await pause(1500);
    expect(here()).toEqual(["satu"]);
    const ordered = Date.now();
    order();
    await until("the second", () => here().includes("dua"), 5);
    await until("told", () => Date.parse(state()[0]?.completeAt ?? "") >= ordered, 5);
    expect(state()).toMatchObject([{ id: "files:ppid", epoch: null }]);
  });

  it("tries an ordered round until it is whole", async () => {
    put("away");
    put("theirs/satu");
    await start();
    expect(state()[0]?.completeAt).toBeNull();
    order();
    await pause(1500);
    expect(here()).toEqual([]);
    rmSync(join(folder, "away"));
    await until("whole", () => state()[0]?.completeAt !== null, 8);
    expect(here()).toEqual(["satu"]);
  });

  it.each(["active", "closing", "unknown"])("takes nothing while its site is %s", async (role) => {
    put("role", role);
    put("theirs/satu");
    await start();
    order();
    await pause(2500);
    expect(here()).toEqual([]);
    expect(state()[0]?.completeAt).toBeNull();
  });

  it("has no credentials of an epoch, and says so", () => {
    const said = execFileSync("/bin/sh", [join(folder, "copies"), "raise", "3"], { env: env(), encoding: "utf8" });
    expect(said).toContain("nothing is to be done");
  });
});
