/** Programs of ours as single files of JavaScript, for images that run them. */
import type { BuildOptions } from "esbuild";
import type { TarEntry } from "./images-tar.ts";
import { digestsOf, keptPath, readKept, writeKept } from "./kept.ts";

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
  /** Path below the repository to SHA-256. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** The bundles as files below `bundle/`. Same sources, same bytes. Throws esbuild's errors, which name file and line. */
export async function bundle(root: string, bundles: Readonly<Record<string, string>>): Promise<readonly TarEntry[]> {
  const wanted = Object.entries(bundles);
  if (wanted.length === 0) return [];
  const settings = await digestsOf(root, SETTINGS);
  return Promise.all(
    wanted.map(async ([file, source]) => {
      const path = keptPath("bundles", { options: OPTIONS, settings, source });
      const output = (await keptBundle(path, root)) ?? (await makeBundle(path, root, source));
      return { path: `bundle/${file}`, mode: 0o644, content: Buffer.from(output) };
    }),
  );
}

/** The bundle that was made before, if every file that it was made of is the same still. */
async function keptBundle(path: string, root: string): Promise<string | undefined> {
  const kept = await readKept<Kept>(path);
  if (kept === undefined) return undefined;
  const now = await digestsOf(root, Object.keys(kept.inputs));
  return Object.entries(kept.inputs).every(([input, digest]) => now[input] === digest) ? kept.output : undefined;
}

async function makeBundle(path: string, root: string, source: string): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({ ...OPTIONS, absWorkingDir: root, entryPoints: [source] });
  const output = outputFiles[0]?.text;
  if (output === undefined) throw new Error(`bundle of ${source}: esbuild made no output`);
  const kept: Kept = { output, inputs: await digestsOf(root, Object.keys(metafile.inputs)) };
  await writeKept(path, kept);
  return output;
}
