/** The corpus' files, out of the image that carries them. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureImages } from "../../../io/images.ts";
import { runProgram } from "../support/lumbung.ts";

export interface FetchedCorpus {
  /** YAML, in order of path. */
  readonly cases: readonly string[];
  /** All rules' text. */
  readonly rules: string;
}

/** @throws where the image cannot be built, for example because no Debian mirror answers. */
export async function fetchedCorpus(): Promise<FetchedCorpus> {
  const { attacks } = await ensureImages(["attacks"]);
  const folder = await mkdtemp(join(tmpdir(), "lumbung-attacks-"));
  const container = (await docker(["create", "--network", "none", attacks ?? "", "true"])).trim();
  try {
    await docker(["cp", `${container}:/corpus/.`, folder]);
    return {
      cases: await texts(join(folder, "tests/regression/tests"), ".yaml"),
      rules: (await texts(join(folder, "rules"), ".conf")).join("\n"),
    };
  } finally {
    await docker(["rm", "--force", container]);
    await rm(folder, { recursive: true });
  }
}

async function docker(words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram("docker", words);
  if (code !== 0) throw new Error(`docker ${words[0]}: exit code ${code}\n${stderr}`);
  return stdout;
}

async function texts(folder: string, ending: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(ending)).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}
