/** What an image is made of: its folder below `images/`, and `image.json` in it. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { TarEntry } from "./images-tar.ts";

const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "lower-case letters, digits and hyphens");

const definitionSchema = z.strictObject({
  /** Another folder below `images/`; `null`: Debian itself. */
  base: name.nullable(),
  /** Date (ISO 8601) from which Debian's packages are taken; a later one makes a new image with what Debian fixed since. */
  refreshed: z.iso.date().optional(),
  /** Python packages, fetched on the host and copied to `wheels/`. */
  wheels: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
        version: z.string().regex(/^[0-9][0-9A-Za-z.+!-]*$/),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .default([]),
  /** Other images that this one takes files from, by name of the build argument: `FROM ${NAME} AS name`, then `COPY --from=name`. */
  from: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/, "capital letters, digits and underscores"), name).default({}),
  /** Folders below `images/shared/`, whose files are laid beside the image's own: what several images hold alike. */
  shared: z.array(name).default([]),
  /** Programs of ours: file below `bundle/` to the TypeScript that it is made from. */
  bundles: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), z.string()).default({}),
});

export type ImageDefinition = z.infer<typeof definitionSchema>;
export type Wheel = ImageDefinition["wheels"][number];

/** Reads `images/<folder>/image.json`. Throws with every mistake in it. */
export async function readDefinition(root: string, folder: string): Promise<ImageDefinition> {
  const path = join("images", folder, "image.json");
  let text: string;
  try {
    text = await readFile(join(root, path), "utf8");
  } catch (cause) {
    throw new Error(
      `${path}: expected a file, received none (${(cause as NodeJS.ErrnoException).code}). Hint: {"base": "base"}`,
      {
        cause,
      },
    );
  }
  const parsed = definitionSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Is this file part of the image? Tests, what Python leaves beside them, and the definition itself are not. */
export function belongsToImage(path: string): boolean {
  const left = path.startsWith("test/") || path.split("/").includes("__pycache__") || /\.test\.\w+$/.test(path);
  return path !== "image.json" && !left;
}

/** Every file of the folder that goes into the build, in order of path; modes are 0755 or 0644 whatever the umask was. */
export async function readFolder(root: string, folder: string): Promise<readonly TarEntry[]> {
  const top = join(root, "images", folder);
  const found: TarEntry[] = [];
  for (const entry of await readdir(top, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const full = join(entry.parentPath, entry.name);
    const path = full.slice(top.length + 1);
    if (!belongsToImage(path)) continue;
    if (!entry.isFile())
      throw new Error(`images/${folder}/${path}: expected a regular file, received a link or device`);
    const executable = ((await lstat(full)).mode & 0o111) !== 0;
    found.push({ path, mode: executable ? 0o755 : 0o644, content: await readFile(full) });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
