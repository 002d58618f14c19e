import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { DockerEngine } from "./docker-engine.ts";
import { ensureImages, ImageBuildError, imageName, proxies } from "./images.ts";
import { makeCommand, mirrorLines } from "./images-debian.ts";
import { tarOf } from "./images-tar.ts";
import { downloadCommand, downloadsFolder, requirementsOf, wheels } from "./images-wheels.ts";
import { readKept, writeKept } from "./kept.ts";

let root: string;
const put = async (path: string, text: string, mode = 0o644) => {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, text);
  await chmod(full, mode);
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "lumbung-images-test-"));
  await put("images/base/image.json", '{"base":null,"refreshed":"2026-01-01"}');
  await put("images/base/Dockerfile", "FROM x\n");
  await put("images/dns/image.json", '{"base":"base"}');
  await put("images/dns/Dockerfile", "FROM y\n");
  await put("images/dns/usr/start", "#!/bin/sh\n", 0o755);
  return () => rm(root, { recursive: true });
});

describe("imageName", () => {
  it("is the folder's, and the same for the same content", async () => {
    const name = await imageName("dns", { root });
    expect(name).toMatch(/^lumbung\/dns:[0-9a-f]{16}$/);
    expect(await imageName("dns", { root })).toBe(name);
  });

  const changes: readonly (readonly [string, () => Promise<void>])[] = [
    ["a file's content", () => put("images/dns/Dockerfile", "FROM y\nUSER 1\n")],
    ["a new file", () => put("images/dns/more", "")],
    ["a file's name", () => put("images/dns/usr/stort", "#!/bin/sh\n", 0o755)],
    ["an executable bit", () => put("images/dns/usr/start", "#!/bin/sh\n", 0o644)],
    ["its base", () => put("images/base/Dockerfile", "FROM x\nUSER 1\n")],
    ["the date of Debian's packages", () => put("images/base/image.json", '{"base":null,"refreshed":"2026-01-02"}')],
    [
      "a pinned wheel",
      () =>
        put(
          "images/dns/image.json",
          `{"base":"base","wheels":[{"name":"a","version":"1","sha256":"${"0".repeat(64)}"}]}`,
        ),
    ],
  ];
  it.each(changes)("changes with %s", async (_what, change) => {
    const before = await imageName("dns", { root });
    await change();
    expect(await imageName("dns", { root })).not.toBe(before);
  });

  it("changes with a file that it shares, which may not hide one of its own", async () => {
    await put("images/shared/guard/usr/guard.py", "a\n");
    await put("images/dns/image.json", '{"base":"base","shared":["guard"]}');
    const before = await imageName("dns", { root });
    await put("images/shared/guard/usr/guard.py", "b\n");
    expect(await imageName("dns", { root })).not.toBe(before);
    await put("images/shared/guard/usr/start", "");
    await expect(imageName("dns", { root })).rejects.toThrow("images/dns: usr/start: expected once");
  });

  it("changes with the program that is bundled in, also where a module of it changed", async () => {
    await put("services/x/main.ts", 'import { word } from "./word.ts"; console.log(word satisfies string);');
    await put("services/x/word.ts", 'export const word = "a";');
    await put("images/dns/image.json", '{"base":"base","bundles":{"x.mjs":"services/x/main.ts"}}');
    const before = await imageName("dns", { root });
    expect(await imageName("dns", { root })).toBe(before);
    await put("services/x/word.ts", 'export const word = "b";');
    expect(await imageName("dns", { root })).not.toBe(before);
  });

  it("bundles again only what changed, and believes no kept bundle that was altered", async () => {
    const cache = join(root, "cache");
    vi.stubEnv("LUMBUNG_CACHE", cache);
    try {
      await put("services/x/main.ts", "console.log(1);");
      await put("images/dns/image.json", '{"base":"base","bundles":{"x.mjs":"services/x/main.ts"}}');
      const before = await imageName("dns", { root });
      const [file = ""] = await readdir(join(cache, "bundles"));
      const path = join(cache, "bundles", file);
      const kept = await readFile(path, "utf8");
      await writeFile(path, kept.replace("console.log(1)", "console.log(2)"));
      expect(await imageName("dns", { root })).toBe(before);
      // One that is whole is taken: esbuild is not asked.
      await writeKept(path, { ...(await readKept<object>(path)), output: "console.log(2);" });
      expect(await imageName("dns", { root })).not.toBe(before);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("changes with another image that it takes files from, and with the argument by which it knows it", async () => {
    await put("images/web/image.json", '{"base":"base"}');
    await put("images/web/Dockerfile", "FROM z\n");
    await put("images/dns/image.json", '{"base":"base","from":{"WEB":"web"}}');
    const before = await imageName("dns", { root });
    await put("images/dns/image.json", '{"base":"base","from":{"SITE":"web"}}');
    expect(await imageName("dns", { root })).not.toBe(before);
    await put("images/dns/image.json", '{"base":"base","from":{"WEB":"web"}}');
    expect(await imageName("dns", { root })).toBe(before);
    await put("images/web/Dockerfile", "FROM z\nUSER 1\n");
    expect(await imageName("dns", { root })).not.toBe(before);
    await put("images/web/image.json", '{"base":"dns"}');
    await expect(imageName("dns", { root })).rejects.toThrow("dns → web → dns");
  });

  it("does not change with tests, the umask, or what is not listed", async () => {
    const before = await imageName("dns", { root });
    await put("images/dns/test/a.sh", "x");
    await put("images/dns/zone.test.ts", "x");
    await put("images/dns/usr/__pycache__/a.pyc", "x");
    await put("images/dns/Dockerfile", "FROM y\n", 0o600);
    expect(await imageName("dns", { root })).toBe(before);
  });

  it("names every mistake of image.json", async () => {
    await put("images/dns/image.json", '{"base":"Base","wheels":[{"name":"a","version":"1","sha256":"1"}],"more":1}');
    const failed = await imageName("dns", { root }).catch((error: Error) => error.message);
    expect(failed).toMatch(/images\/dns\/image\.json/);
    for (const part of ["base", "sha256", "more"]) expect(failed).toContain(part);
  });

  it("refuses a circle, a missing folder and a link", async () => {
    await put("images/base/image.json", '{"base":"dns"}');
    await expect(imageName("dns", { root })).rejects.toThrow("dns → base → dns");
    await expect(imageName("absent", { root })).rejects.toThrow("images/absent/image.json: expected a file");
    await put("images/base/image.json", '{"base":null}');
    await symlink("/etc/passwd", join(root, "images/dns/link"));
    await expect(imageName("dns", { root })).rejects.toThrow("images/dns/link: expected a regular file");
  });
});

describe("ensureImages", () => {
  /** An engine that has `images`, and whose builds do what `build` says. */
  const engineWith = (images: Set<string>, build: (tag: string) => void = () => {}) => {
    const built: { tag: string; base: string | undefined; from?: string }[] = [];
    const engine = {
      describe: () => "unix:///test",
      inspectImage: async (name: string) => (images.has(name) ? { Id: name } : undefined),
      buildImage: async (_tar: unknown, options: Parameters<DockerEngine["buildImage"]>[1]): Promise<string> => {
        options.progress?.({ stream: "Step 1/1 : RUN something\n" });
        options.progress?.({ stream: "E: the mirror is away\n" });
        build(options.tag);
        const { BASE: base, FROM_WEB: from } = options.buildArguments ?? {};
        built.push({ tag: options.tag, base, ...(from === undefined ? {} : { from }) });
        images.add(options.tag);
        return "sha256:1";
      },
    } as unknown as DockerEngine;
    return { engine, built };
  };
  const debian = "lumbung/debian:trixie-2026-01-01";

  it("builds bases first, each once, and nothing the second time", async () => {
    const { engine, built } = engineWith(new Set([debian]));
    const said: string[] = [];
    const names = await ensureImages(["dns", "base"], { root, engine, progress: ({ text }) => said.push(text.id) });
    expect(built).toEqual([
      { tag: names.base, base: debian },
      { tag: names.dns, base: names.base },
    ]);
    expect(said[0]).toBe(`[1/2] citra ${names.base}: belum ada di unix:///test, dibangun`);
    expect(await ensureImages(["dns", "base"], { root, engine })).toEqual(names);
    expect(built).toHaveLength(2);
  });

  it("builds what an image takes files from before it, by name, and not for one that is there", async () => {
    await put("images/web/image.json", '{"base":"base"}');
    await put("images/web/Dockerfile", "FROM z\n");
    await put("images/dns/image.json", '{"base":"base","from":{"FROM_WEB":"web"}}');
    const [dns, web, base] = await Promise.all(["dns", "web", "base"].map((name) => imageName(name, { root })));
    const { engine, built } = engineWith(new Set([debian, base ?? ""]));
    await ensureImages(["dns"], { root, engine });
    expect(built).toEqual([
      { tag: web, base },
      { tag: dns, base, from: web },
    ]);
    const there = engineWith(new Set([dns ?? ""]));
    await ensureImages(["dns"], { root, engine: there.engine });
    expect(there.built).toEqual([]);
  });

  it("does not build a base that only an image already there was made from", async () => {
    const { engine, built } = engineWith(new Set([await imageName("dns", { root })]));
    await ensureImages(["dns"], { root, engine });
    expect(built).toEqual([]);
  });

  it("shows a failed build's last lines and where all of them are", async () => {
    const { engine } = engineWith(new Set([debian]), () => {
      throw new Error("returned a non-zero code: 100");
    });
    const failed = await ensureImages(["base"], { root, engine }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ImageBuildError);
    const { message, log } = failed as ImageBuildError;
    expect(message).toContain("images/base: the build failed: returned a non-zero code: 100");
    expect(message).toContain("  | E: the mirror is away");
    expect(message).toContain(log);
    await rm(dirname(log), { recursive: true });
  });

  it("hands proxies of the environment to the build, and nothing else of it", () => {
    expect(proxies({ https_proxy: "http://p:1", NO_PROXY: "a", SECRET: "x" })).toEqual({
      https_proxy: "http://p:1",
      NO_PROXY: "a",
    });
  });
});

describe("Debian", () => {
  it("takes the mirrors of the host's apt for its own suite", () => {
    const targets = "http://m/debian/ Debian Debian\nhttp://s/sec/ Debian Debian-Security\nhttp://n/ node NodeSource\n";
    expect(mirrorLines(targets, "trixie")).toEqual([
      "deb http://m/debian/ trixie main",
      "deb http://m/debian/ trixie-updates main",
      "deb http://s/sec/ trixie-security main",
    ]);
    expect(mirrorLines("http://u/ubuntu/ Ubuntu Ubuntu\n", "trixie")).toEqual([]);
  });

  it("makes to a file, with certificates, from the mirrors given", () => {
    expect(makeCommand("/t/root.tar", ["deb x"]).join(" ")).toBe(
      "mmdebstrap --variant=minbase --include=ca-certificates --format=tar trixie /t/root.tar deb x",
    );
  });
});

describe("wheels", () => {
  const content = "a wheel";
  let cache: string;
  let path: string | undefined;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), "lumbung-wheels-"));
    path = process.env.PATH;
    // A python3 that delivers a fixed file where pip would.
    const bin = join(cache, "bin");
    await mkdir(bin);
    await writeFile(
      join(bin, "python3"),
      `#!/bin/sh\nwhile [ "$1" != --dest ]; do shift; done\nmkdir -p "$2"\nprintf '%s' '${content}' >"$2/a-1-py3-none-any.whl"\necho run >>${cache}/runs\n`,
      { mode: 0o755 },
    );
    process.env.PATH = `${bin}:${path}`;
  });
  afterAll(async () => {
    process.env.PATH = path;
    await rm(cache, { recursive: true });
  });
  const digest = () => execFileSync("sha256sum", { input: content }).toString().slice(0, 64);

  it("are fetched once, checked, and fetched again when the kept file is damaged", async () => {
    const wheel = { name: "a", version: "1", sha256: digest() };
    const told: string[] = [];
    const get = () => wheels([wheel], ({ name }) => told.push(name), join(cache, "downloads"));
    const [first] = await get();
    expect(first).toMatchObject({ path: "wheels/a-1-py3-none-any.whl", mode: 0o644 });
    await get();
    expect(told).toEqual(["a"]);
    await writeFile(join(cache, "downloads", wheel.sha256, "a-1-py3-none-any.whl"), "a wh");
    expect(Buffer.from((await get())[0]?.content ?? []).toString()).toBe(content);
    expect(told).toEqual(["a", "a"]);
    expect(await readdir(join(cache, "downloads"))).toEqual([wheel.sha256]);
  });

  it("of another digest are refused and not kept", async () => {
    const folder = join(cache, "other");
    const wheel = { name: "a", version: "1", sha256: "0".repeat(64) };
    await expect(wheels([wheel], () => {}, folder)).rejects.toThrow(/a 1: expected a wheel of sha256 0{64}/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("are asked for by pip with their digest, without dependencies", () => {
    expect(downloadCommand("r.txt", "d").slice(0, 4)).toEqual(["python3", "-m", "pip", "download"]);
    for (const word of ["--no-deps", "--require-hashes"]) expect(downloadCommand("r.txt", "d")).toContain(word);
    expect(requirementsOf({ name: "a", version: "1", sha256: "f".repeat(64) })).toBe(
      `a==1 --hash=sha256:${"f".repeat(64)}\n`,
    );
  });

  it("are kept in the user's cache folder", () => {
    expect(downloadsFolder({ LUMBUNG_CACHE: "/c" })).toBe("/c/downloads");
    expect(downloadsFolder({ XDG_CACHE_HOME: "/x" })).toBe("/x/lumbung/downloads");
    expect(downloadsFolder({ HOME: "/h" })).toBe("/h/.cache/lumbung/downloads");
  });
});

describe("tarOf", () => {
  it("is read by tar, with modes, long paths and any order", async () => {
    const long = `${"d".repeat(90)}/${"f".repeat(90)}`;
    const entries = [
      { path: long, mode: 0o644, content: Buffer.from("long") },
      { path: "a", mode: 0o755, content: Buffer.alloc(513, "x") },
    ];
    const archive = tarOf(entries);
    expect(tarOf([...entries].reverse()).equals(archive)).toBe(true);
    const listing = execFileSync("tar", ["tvf", "-"], { input: archive }).toString();
    expect(listing).toMatch(/^-rwxr-xr-x 0\/0\s+513 1970-01-01 \d\d:\d\d a\n-rw-r--r--.* d{90}\/f{90}\n$/);
    expect(() => tarOf([{ path: "x".repeat(101), mode: 0o644, content: Buffer.alloc(0) }])).toThrow(
      /at most 255 bytes/,
    );
  });
});
