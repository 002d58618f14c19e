import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isStale, takeLock } from "./lock.mjs";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("isStale", () => {
  const machine = { host: "here", alive: (pid: number) => pid === 1, birth: () => "100" };
  it.each([
    ["a dead process", { pid: 2, host: "here", born: "100", nonce: "" }, true],
    ["a living process", { pid: 1, host: "here", born: "100", nonce: "" }, false],
    ["another process with the same id", { pid: 1, host: "here", born: "99", nonce: "" }, true],
    ["a process on another machine", { pid: 2, host: "there", born: "100", nonce: "" }, false],
    ["a living process of unknown birth", { pid: 1, host: "here", born: "", nonce: "" }, false],
  ])("%s: %s", (_, holder, expected) => expect(isStale(holder, machine)).toBe(expected));
});

describe("takeLock", () => {
  it("is given back, and nothing is left", async () => {
    const release = await takeLock(path);
    release();
    release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("makes a second one wait until the first gives it back, and tells it who", async () => {
    const release = await takeLock(path);
    const order: string[] = [];
    const second = takeLock(path, (holder) => {
      order.push(`waiting for ${holder.pid}`);
      order.push("first gives back");
      release();
    });
    (await second)();
    expect(order).toEqual([`waiting for ${process.pid}`, "first gives back"]);
  });

  it("lets one in at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      const release = await takeLock(path);
      inside++;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
      release();
    };
    await Promise.all(Array.from({ length: 12 }, work));
    expect(most).toBe(1);
  });

  it("takes over from a process that is dead", async () => {
    const child = spawn("true");
    await once(child, "exit");
    await writeFile(path, JSON.stringify({ pid: child.pid, host: hostname(), born: "1", nonce: "gone" }));
    const release = await takeLock(path, () => expect.unreachable("must not wait for the dead"));
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ pid: process.pid });
    release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes over from a process killed while it held the lock", async () => {
    const program = `
      import { takeLock } from ${JSON.stringify(new URL("./lock.mjs", import.meta.url).href)};
      await takeLock(${JSON.stringify(path)});
      console.log("held");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    let waited = false;
    const second = takeLock(path, () => {
      waited = true;
      child.kill("SIGKILL");
    });
    (await second)();
    expect(waited).toBe(true);
  });

  it("does not give back what has become somebody else's", async () => {
    const release = await takeLock(path);
    await writeFile(path, "another's");
    release();
    expect(await readFile(path, "utf8")).toBe("another's");
  });
});
