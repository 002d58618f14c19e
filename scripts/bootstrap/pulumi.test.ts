import { readdir, readFile, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./command.mjs";
import { Stop } from "./errors.mjs";
import { readPins } from "./pins.mjs";
import { ensurePulumi, findPulumi, goBuild, MODULES, WRAPPER } from "./pulumi.mjs";
import { makeWorld, put, putGo, putScript, type World } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.remove());

const stopOf = async (work: Promise<unknown>): Promise<Stop> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Stop)) throw new Error(`expected a Stop, got ${String(error)}`);
  return error;
};

async function putPulumi(folder: string, version: string, withHost = true): Promise<void> {
  await putScript(join(folder, "pulumi"), `echo v${version}`);
  if (withHost) await putScript(join(folder, "pulumi-language-nodejs"), "exit 0");
}

describe("the route of the Pulumi CLI", () => {
  it("is the PATH when the version there fits", async () => {
    await putPulumi(world.bin, "3.250.3");
    const tools = await ensurePulumi(await world.context());
    expect(tools.pulumi).toMatchObject({ route: "path", version: "3.250.3", path: join(world.bin, "pulumi") });
  });

  it.each([
    ["another version is there", "3.249.0", true],
    ["its language host is missing", "3.250.0", false],
  ])("is not the PATH when %s", async (_, version, withHost) => {
    await putPulumi(world.bin, version, withHost);
    await putGo(world, "3.250.0");
    expect((await ensurePulumi(await world.context())).pulumi.route).toBe("go");
  });

  it("is never the launcher that npm itself puts on the PATH", async () => {
    const npm = join(world.root, "node_modules", ".bin");
    await putPulumi(npm, "3.250.0");
    await putPulumi(world.bin, "3.250.1");
    const tools = await ensurePulumi(await world.context({ PATH: `${npm}:${world.bin}:/usr/bin:/bin` }));
    expect(tools.pulumi.path).toBe(join(world.bin, "pulumi"));
  });

  it("is the operator's tarball when it was handed over", async () => {
    const context = await handOver("3.250.0");
    const tools = await ensurePulumi(context);
    expect(tools.pulumi.route).toBe("tarball");
    expect(dirname(tools.languageHost.path)).toBe(dirname(tools.pulumi.path));
  });

  it("is the tarball even where one was built before, and it is unpacked once", async () => {
    await putGo(world, "3.250.0");
    expect((await ensurePulumi(await world.context())).pulumi.route).toBe("go");
    const context = await handOver("3.250.0");
    expect((await ensurePulumi(context)).pulumi.route).toBe("tarball");
    world.said.length = 0;
    expect((await ensurePulumi(context)).pulumi.route).toBe("tarball");
    expect((await ensurePulumi(await world.context())).pulumi.route).toBe("tarball");
    expect(world.said).toEqual([]);
  });

  it("refuses a tarball whose digest is not the one in the list beside it", async () => {
    const context = await handOver("3.250.0");
    const name = (await readdir(join(world.folder, "tarballs"))).find((one) => one.endsWith(".gz"));
    await put(join(world.folder, "tarballs", "pulumi-3.250.0-checksums.txt"), `${"0".repeat(64)}  ${name}\n`);
    expect(await stopOf(ensurePulumi(context))).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("expected sha256 0000"),
    });
  });

  it("refuses a tarball that holds another version", async () => {
    expect((await stopOf(ensurePulumi(await handOver("3.249.0")))).message).toContain("3.249.0");
    expect(await findPulumi(await world.context())).toBeUndefined();
  });

  it("is Go where the vendor's host is out of reach, and says so", async () => {
    await putGo(world, "3.250.0");
    const tools = await ensurePulumi(await world.context({ LUMBUNG_LANG: "en" }));
    expect(tools.pulumi.route).toBe("go");
    expect(tools.languageHost.version).toBe((await readPins(world.root)).languageHost);
    expect(world.said.join("")).toContain("(127.0.0.1) is out of reach");
    expect((await readdir(dirname(tools.pulumi.path))).sort()).toEqual([
      "lumbung-nodejs-host",
      "manifest.json",
      "pulumi",
      "pulumi-language-nodejs",
    ]);
  });

  async function handOver(version: string) {
    const content = join(world.folder, "content", "pulumi");
    await putPulumi(content, version);
    const folder = join(world.folder, "tarballs");
    await put(join(folder, "README"), "");
    const name = `pulumi-v3.250.0-${process.platform}-${process.arch}.tar.gz`;
    await run(["tar", "-czf", join(folder, name), "-C", dirname(content), "pulumi"]);
    return world.context({ LUMBUNG_TARBALLS: folder });
  }
});

describe("what was built before", () => {
  it("is used again without building", async () => {
    await putGo(world, "3.250.0");
    await ensurePulumi(await world.context());
    await ensurePulumi(await world.context());
    expect((await readFile(join(world.folder, "go-calls"), "utf8")).trim().split("\n")).toHaveLength(2);
  });

  it("is built again, and named, when it was truncated", async () => {
    await putGo(world, "3.250.0");
    const { pulumi } = await ensurePulumi(await world.context());
    await truncate(pulumi.path, 5);
    expect(await findPulumi(await world.context())).toBeUndefined();
    world.said.length = 0;
    await ensurePulumi(await world.context({ LUMBUNG_LANG: "en" }));
    expect(world.said.join("")).toMatch(/not whole.*\n.*pulumi: expected \d+ bytes, got 5/);
    expect(await findPulumi(await world.context())).toBeDefined();
  });

  it("is not used for other pins", async () => {
    await putGo(world, "3.250.0");
    await ensurePulumi(await world.context());
    const sums = join(world.root, "toolchain", "pulumi", "go.sum");
    await put(sums, `${await readFile(sums, "utf8")}\n`);
    expect(await findPulumi(await world.context())).toBeUndefined();
  });
});

describe("a build that fails", () => {
  it.each([
    ["the network has gone", "dial tcp: lookup proxy: no such host", 3],
    ["the compiler says no", "undefined: foo", 1],
  ])("because %s: nothing is left and the log is named", async (_, output, exitCode) => {
    await putGo(world, "3.250.0", `echo "${output}" >&2; exit 1`);
    const stop = await stopOf(ensurePulumi(await world.context({ LUMBUNG_LANG: "en" })));
    expect(stop.exitCode).toBe(exitCode);
    expect(await readFile(stop.log ?? "", "utf8")).toContain(output);
    expect(await readdir(join(world.cache, "tmp"))).toEqual([]);
    expect(await findPulumi(await world.context())).toBeUndefined();
  });

  it("because it built another version", async () => {
    await putGo(world, "3.251.0");
    expect((await stopOf(ensurePulumi(await world.context()))).message).toContain("3.251.0");
    expect(await findPulumi(await world.context())).toBeUndefined();
  });
});

describe("the commands", () => {
  it("builds with the version that the Automation API asks for", async () => {
    const [, cli] = MODULES;
    if (!cli) throw new Error("expected two modules");
    expect(goBuild("go", "/out", cli, await readPins(world.root))).toEqual([
      "go",
      "build",
      "-ldflags",
      "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.250.0",
      "-o",
      "/out",
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ]);
  });
  it("tells the language host what the engine does not", () => {
    expect(WRAPPER).toContain('-typescript=false "-nodeargs=--import tsx" "$@"');
  });
});
