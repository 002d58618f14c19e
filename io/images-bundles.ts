/** Programs of ours as single files of JavaScript, for images that run them. */
import type { TarEntry } from "./images-tar.ts";

/** CommonJS packages inside an ES module still call `require`. */
const banner = `import { createRequire as __createRequire } from "node:module";
import { fileURLToPath as __fileURLToPath } from "node:url";
import { dirname as __pathDirname } from "node:path";
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __pathDirname(__filename);`;

/** The bundles as files below `bundle/`. Same sources, same bytes. Throws esbuild's errors, which name file and line. */
export async function bundle(root: string, bundles: Readonly<Record<string, string>>): Promise<readonly TarEntry[]> {
  const wanted = Object.entries(bundles);
  if (wanted.length === 0) return [];
  const { build } = await import("esbuild");
  return Promise.all(
    wanted.map(async ([file, source]) => {
      const result = await build({
        absWorkingDir: root,
        entryPoints: [source],
        bundle: true,
        write: false,
        platform: "node",
        format: "esm",
        target: "node20",
        banner: { js: banner },
        legalComments: "none",
        logLevel: "silent",
        // Native speed-ups that packages try and do without.
        external: ["pg-native", "cpu-features"],
      });
      const output = result.outputFiles[0];
      if (!output) throw new Error(`bundle of ${source}: esbuild made no output`);
      return { path: `bundle/${file}`, mode: 0o644, content: output.contents };
    }),
  );
}
