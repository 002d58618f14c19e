/** Programs of ours as single files of JavaScript, for images that run them. */
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BuildOptions } from "esbuild";
import { readIfThere, writeAtomically } from "./files.ts";
import type { TarEntry } from "./images-tar.ts";
import { cacheFolder, digestOf } from "./images-wheels.ts";

/** CommonJS packages inside an ES module still call `require`. */
const banner = `import { createRequire as __createRequire } from "node:module";
import { fileURLToPath as __fileURLToPath } from "node:url";
import { dirname as __pathDirname } from "node:path";
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);`;

const OPTIONS = {
  bundle: true,
  write: false as const,
  metafile: true as const,
  platform: "node" as const,
  format: "esm" as const,
  target: "node20",
  banner: { js: banner },
  legalComments: "none" as const,
  logLevel: "silent" as const,
  // Native speed-ups that packages try and do without.
  external: ["pg-native", "cpu-features"],
} satisfies BuildOptions;

/** What decides how imports are resolved and compiled, besides the files that were read. */
const SETTINGS = ["package.json", "package-lock.json", "tsconfig.json"];

/** A bundle and what it was made of, so that it is made again only when one of these changed. */
interface Kept {
  readonly output: string;
  readonly outputDigest: string;
  /** Path below the repository to SHA-256. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** The bundles as files below `bundle/`. Same sources, same bytes. Throws esbuild's errors, which name file and line. */
export async function bundle(root: string, bundles: Readonly<Record<string, string>>): Promise<readonly TarEntry[]> {
  const wanted = Object.entries(bundles);
  if (wanted.length === 0) return [];
  const place = join(cacheFolder(), "bundles");
  const settings = await digestsOf(root, SETTINGS);
  return Promise.all(
    wanted.map(async ([file, source]) => {
      const key = createHash("sha256")
        .update(JSON.stringify([OPTIONS, settings, source]))
        .digest("hex");
      const path = join(place, `${key.slice(0, 32)}.json`);
      const output = (await keptBundle(path, root)) ?? (await makeBundle(path, root, source));
      return { path: `bundle/${file}`, mode: 0o644, content: Buffer.from(output) };
    }),
  );
}

/** The bundle that was made before, if every file that it was made of is the same still. Anything odd about it means: make it again. */
async function keptBundle(path: string, root: string): Promise<string | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  let kept: Partial<Kept>;
  try {
    kept = JSON.parse(Buffer.from(text).toString("utf8")) as Partial<Kept>;
  } catch {
    return undefined;
  }
  const { output, outputDigest, inputs } = kept;
  if (output === undefined || inputs === undefined || digestOf(Buffer.from(output)) !== outputDigest) return undefined;
  const now = await digestsOf(root, Object.keys(inputs));
  return Object.entries(inputs).every(([input, digest]) => now[input] === digest) ? output : undefined;
}

async function makeBundle(path: string, root: string, source: string): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({ ...OPTIONS, absWorkingDir: root, entryPoints: [source] });
  const output = outputFiles[0]?.text;
  if (output === undefined) throw new Error(`bundle of ${source}: esbuild made no output`);
  const inputs = await digestsOf(root, Object.keys(metafile.inputs));
  const kept = { output, outputDigest: digestOf(Buffer.from(output)), inputs };
  await mkdir(join(path, ".."), { recursive: true });
  await writeAtomically(path, JSON.stringify(kept));
  return output;
}

/** SHA-256 of each file, "" for one that is not there. */
async function digestsOf(root: string, paths: readonly string[]): Promise<Record<string, string>> {
  const digests = await Promise.all(
    paths.map(async (path) => {
      const content = await readIfThere(join(root, path));
      return [path, content === undefined ? "" : digestOf(content)] as const;
    }),
  );
  return Object.fromEntries(digests);
}
