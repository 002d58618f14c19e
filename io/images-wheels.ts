/** Python packages for images: fetched by the host's own pip (its mirror, its certificates), checked, kept. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Wheel } from "./images-definition.ts";
import type { TarEntry } from "./images-tar.ts";
import { cacheFolder, digestOf } from "./kept.ts";

const run = promisify(execFile);

/** Where pinned downloads are kept. */
export function downloadsFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(cacheFolder(env), "downloads");
}

/** The command that fetches a wheel into `folder`; `requirements` is a file made by `requirementsOf`. */
export function downloadCommand(requirements: string, folder: string): readonly [string, ...string[]] {
  return [
    "python3",
    "-m",
    "pip",
    "download",
    "--quiet",
    "--no-deps",
    "--only-binary=:all:",
    "--require-hashes",
    "--requirement",
    requirements,
    "--dest",
    folder,
  ];
}

export function requirementsOf(wheel: Wheel): string {
  return `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`;
}

/** The wheels as files below `wheels/`. `fetching` is told of each that has to be fetched. */
export async function wheels(
  list: readonly Wheel[],
  fetching: (wheel: Wheel) => void,
  folder: string = downloadsFolder(),
): Promise<readonly TarEntry[]> {
  const found: TarEntry[] = [];
  for (const wheel of list) {
    const kept = (await fromCache(wheel, folder)) ?? (await fetch(wheel, folder, fetching));
    found.push({ path: `wheels/${kept.file}`, mode: 0o644, content: kept.content });
  }
  return found;
}

interface Kept {
  readonly file: string;
  readonly content: Buffer;
}

/** A kept wheel lies in a folder named by its digest; what does not have that digest is not believed. */
async function fromCache(wheel: Wheel, folder: string): Promise<Kept | undefined> {
  const home = join(folder, wheel.sha256);
  const files = await readdir(home).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const file = files.find((name) => name.endsWith(".whl"));
  if (!file) return undefined;
  const content = await readFile(join(home, file));
  if (digestOf(content) === wheel.sha256) return { file, content };
  await rm(home, { recursive: true });
  return undefined;
}

async function fetch(wheel: Wheel, folder: string, fetching: (wheel: Wheel) => void): Promise<Kept> {
  fetching(wheel);
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, ".fetch-"));
  try {
    const requirements = join(scratch, "requirements.txt");
    await writeFile(requirements, requirementsOf(wheel));
    const target = join(scratch, "files");
    const [command, ...words] = downloadCommand(requirements, target);
    await run(command, words, { timeout: 300_000 }).catch((cause: Error & { stderr?: string }) => {
      throw new Error(
        `${wheel.name} ${wheel.version}: pip download failed: ${(cause.stderr || cause.message).trim()}. ` +
          "Hint: pip uses its own configuration (PIP_INDEX_URL, pip.conf); does a mirror answer there?",
        { cause },
      );
    });
    const home = join(folder, wheel.sha256);
    await rm(home, { recursive: true, force: true });
    await rename(target, home);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const kept = await fromCache(wheel, folder);
  if (!kept) {
    // pip --require-hashes refuses before; this is for a pip that does not.
    throw new Error(
      `${wheel.name} ${wheel.version}: expected a wheel of sha256 ${wheel.sha256}, received another file`,
    );
  }
  return kept;
}
