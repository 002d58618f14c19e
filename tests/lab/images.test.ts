/** Images against a real engine: built from this tree, then asked to do what workloads rely on. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { DockerEngine } from "../../io/docker-engine.ts";
import { ensureImages } from "../../io/images.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folders = ["base", "config", "etcd", "postgres"] as const;
const confined = ["--rm", "-i", "--init", "--read-only", "--network", "none", "--cap-drop", "ALL"];
let images: Readonly<Record<string, string>>;

beforeAll(async () => {
  images = await ensureImages(folders, { progress: ({ text }) => process.stderr.write(`${text.en}\n`) });
}, 600_000);

/** Runs a script inside a container of `image`, as a site would confine it. */
function inContainer(image: string, shell: string, script: string, options: readonly string[]) {
  const words = [
    "run",
    ...confined,
    "--security-opt",
    "no-new-privileges",
    ...options,
    "--entrypoint",
    shell,
    image,
    "-s",
  ];
  const run = spawnSync("docker", words, { input: script, encoding: "utf8", timeout: 110_000 });
  return { code: run.status, said: `${run.stdout}${run.stderr}` };
}

const read = (path: string) => readFileSync(`${root}/${path}`, "utf8");

describe("images", () => {
  it("are there, each under the name of its content, with a numeric user and the common entrypoint", async () => {
    const engine = DockerEngine.at();
    for (const folder of folders) expect(await engine.inspectImage(images[folder] ?? "")).toBeDefined();
    for (const folder of ["etcd", "postgres"]) {
      const image = await engine.inspectImage(images[folder] ?? "");
      expect(image?.Config?.User, folder).toMatch(/^20\d\d:20\d\d$/);
    }
  });

  it("are not built again", async () => {
    const said: string[] = [];
    await ensureImages(folders, { progress: ({ text }) => said.push(text.en) });
    expect(said).toEqual([]);
  });

  it("base: lumbung-run waits, starts, reloads, hands signals on and ends as its engine does", () => {
    const options = ["--user", "2001", "--tmpfs", "/run", "--tmpfs", "/tmp:exec"];
    const { code, said } = inContainer(images.base ?? "", "sh", read("images/base/test/run-test.sh"), options);
    expect(said).not.toContain("FAIL");
    expect(said.match(/^ok/gm)?.length).toBe(24);
    expect(code).toBe(0);
  }, 120_000);

  it("base: lumbung-keep founds, fills, starts and refuses", () => {
    const options = ["--user", "2001", "--tmpfs", "/run", "--tmpfs", "/tmp:exec"];
    const { code, said } = inContainer(images.base ?? "", "sh", read("images/base/test/keep-test.sh"), options);
    expect(said).not.toContain("FAIL");
    expect(said.match(/^ok/gm)?.length).toBe(23);
    expect(code).toBe(0);
  }, 120_000);

  it("config: delivers whole generations, switches once, refuses a wrong manifest, and ends up as nobody", () => {
    const capabilities = ["CHOWN", "FOWNER", "DAC_OVERRIDE", "SETUID", "SETGID"].flatMap((name) => ["--cap-add", name]);
    const options = [...capabilities, "--tmpfs", "/run", "--tmpfs", "/tmp"];
    const { code, said } = inContainer(images.config ?? "", "bash", read("images/config/test/config-test.sh"), options);
    expect(said).not.toContain("FAIL");
    expect(said.match(/^ok/gm)?.length).toBe(23);
    expect(code).toBe(0);
  }, 120_000);
});
