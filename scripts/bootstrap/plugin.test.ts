import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./command.mjs";
import { ROOT } from "./context.mjs";
import { ensureDockerPlugin, packPlugin } from "./plugin.mjs";
import { pulumiVariables, readRecord, recordPath, type Toolchain, writeRecord } from "./record.mjs";
import { makeWorld, put, putScript, type World } from "./testing/world.ts";

let world: World;
let pulumi: string;
beforeEach(async () => {
  world = await makeWorld();
  await mkdir(join(world.root, "node_modules", "pulumi"), { recursive: true });
  for (const name of ["esbuild", "@esbuild"])
    await symlink(join(ROOT, "node_modules", name), join(world.root, "node_modules", name));
  await put(join(world.root, "package.json"), "{}");
  await put(join(world.root, "plugins", "docker", "main.ts"), 'console.log("port" as string);\n');
  pulumi = join(world.bin, "pulumi");
  // Installs as the CLI does: unpacks the file given after --file into its place in PULUMI_HOME.
  await putScript(
    pulumi,
    `while [ $# -gt 0 ]; do if [ "$1" = --file ]; then file=$2; fi; shift; done`,
    `if [ -z "$file" ]; then exit 1; fi`,
    `to="$PULUMI_HOME/plugins/resource-docker-v5.2.0"; mkdir -p "$to"; tar -xzf "$file" -C "$to"`,
    `echo call >> "${world.folder}/pulumi-calls"`,
  );
});
afterEach(() => world.remove());

const calls = async () => (await readFile(join(world.folder, "pulumi-calls"), "utf8")).trim().split("\n").length;

describe("the docker plugin", () => {
  it("is ours where the vendor's is out of reach: one bundle that node runs", async () => {
    const plugin = await ensureDockerPlugin(await world.context(), pulumi, false);
    expect(plugin.route).toBe("ours");
    expect((await run([plugin.path])).output).toBe("port\n");
  });

  it("is installed once, and again only when it changed or broke", async () => {
    const first = await ensureDockerPlugin(await world.context(), pulumi, false);
    await ensureDockerPlugin(await world.context(), pulumi, false);
    expect(await calls()).toBe(1);
    await truncate(join(first.path, "..", "main.mjs"), 10);
    expect((await ensureDockerPlugin(await world.context(), pulumi, false)).home).toBe(first.home);
    expect(await calls()).toBe(2);
    await put(join(world.root, "plugins", "docker", "main.ts"), 'console.log("other");\n');
    expect((await ensureDockerPlugin(await world.context(), pulumi, false)).home).not.toBe(first.home);
    expect(await calls()).toBe(3);
  });

  it("is the operator's where that was handed over, and stands apart from ours", async () => {
    const ours = await ensureDockerPlugin(await world.context(), pulumi, false);
    const folder = join(world.folder, "tarballs");
    const arch = process.arch === "x64" ? "amd64" : process.arch;
    await put(join(folder, "README"), "");
    await writeFile(
      join(folder, `pulumi-resource-docker-v5.2.0-${process.platform}-${arch}.tar.gz`),
      packPlugin(Buffer.from("")),
    );
    const theirs = await ensureDockerPlugin(await world.context({ LUMBUNG_TARBALLS: folder }), pulumi, false);
    expect(theirs.route).toBe("tarball");
    expect(theirs.home).not.toBe(ours.home);
  });

  it("stops when there is neither", async () => {
    await rm(join(world.root, "plugins"), { recursive: true });
    await expect(ensureDockerPlugin(await world.context(), pulumi, false)).rejects.toMatchObject({ exitCode: 3 });
    expect(await readdir(world.cache).catch(() => [])).not.toContain("homes");
  });

  it("leaves no PULUMI_HOME when the CLI fails to install it", async () => {
    await putScript(pulumi, "echo broken; exit 1");
    await expect(ensureDockerPlugin(await world.context(), pulumi, false)).rejects.toMatchObject({
      exitCode: 3,
      hint: "broken",
    });
    expect(await readdir(join(world.cache, "homes")).catch(() => [])).toEqual([]);
  });
});

describe("the record", () => {
  const tool = { route: "go", version: "1", path: "/t/pulumi", origin: "" };
  const record: Toolchain = {
    schema: 1,
    pulumi: tool,
    languageHost: tool,
    dockerPlugin: tool,
    pulumiHome: "/home",
    docker: { route: "existing", version: "20", apiVersion: "1.41", host: "unix:///x", by: "context" },
  };
  it("is read back; a truncated one is none", async () => {
    const path = await recordPath(world.root, world.cache);
    expect(await readRecord(path)).toBeUndefined();
    await writeRecord(path, record);
    expect(await readRecord(path)).toEqual(record);
    await truncate(path, 40);
    expect(await readRecord(path)).toBeUndefined();
  });
  it("belongs to the plugin's sources and the pins", async () => {
    const before = await recordPath(world.root, world.cache);
    await put(join(world.root, "plugins", "docker", "main.test.ts"), "");
    expect(await recordPath(world.root, world.cache)).toBe(before);
    await put(join(world.root, "plugins", "docker", "more.ts"), "");
    expect(await recordPath(world.root, world.cache)).not.toBe(before);
  });
  it("puts the tools first on the PATH, once", () => {
    const set = pulumiVariables(record, { PATH: "/bin:/t" });
    expect(set).toEqual({
      PATH: "/t:/bin",
      PULUMI_HOME: "/home",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      DOCKER_HOST: "unix:///x",
    });
    const local = { ...record, docker: { ...record.docker, by: "socket" } };
    expect(pulumiVariables(local, {})).not.toHaveProperty("DOCKER_HOST");
  });
});
