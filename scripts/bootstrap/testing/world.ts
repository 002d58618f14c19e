/** A small checkout and cache in a temporary folder, with programs that stand in for Pulumi, Go and the vendor's host. */
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Context, makeContext, ROOT } from "../context.mjs";

export interface World {
  readonly folder: string;
  readonly root: string;
  readonly cache: string;
  readonly bin: string;
  /** What was printed. */
  readonly said: string[];
  readonly context: (env?: NodeJS.ProcessEnv) => Promise<Context>;
  readonly remove: () => Promise<void>;
}

/** An address where nothing listens: the vendor's host is out of reach. */
const NOBODY = "https://127.0.0.1:1/install.sh";

export async function makeWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "lumbung-bootstrap-"));
  const [root, cache, bin] = ["root", "cache", "bin"].map((name) => join(folder, name)) as [string, string, string];
  await cp(join(ROOT, "toolchain"), join(root, "toolchain"), { recursive: true });
  await put(join(root, "package-lock.json"), "{}");
  await put(join(root, "node_modules", "pulumi", "lib", "download.js"), `const INSTALL_SH_URL = "${NOBODY}";`);
  await mkdir(bin);
  const said: string[] = [];
  const screen = { write: (text: string) => said.push(text) };
  return {
    folder,
    root,
    cache,
    bin,
    said,
    context: (env = {}) =>
      makeContext({ PATH: `${bin}:/usr/bin:/bin`, HOME: folder, LUMBUNG_CACHE: cache, ...env }, { root, screen }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Writes a file, its folders included. */
export async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Writes a shell script that can be run. */
export async function putScript(path: string, ...lines: string[]): Promise<void> {
  await put(path, ["#!/bin/sh", ...lines, ""].join("\n"));
  await chmod(path, 0o755);
}

/** A Go that "builds" a script which answers with Pulumi's version. `instead` runs in place of the build. */
export async function putGo(world: World, version: string, instead?: string): Promise<void> {
  await putScript(
    join(world.bin, "go"),
    `if [ "$1" = version ]; then echo "go version go1.26.8 linux/amd64"; exit 0; fi`,
    `echo "$@" >> "${world.folder}/go-calls"`,
    instead ?? ":",
    `while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out=$2; fi; shift; done`,
    `printf '#!/bin/sh\\necho v${version}\\n' > "$out"; chmod 755 "$out"`,
  );
}
