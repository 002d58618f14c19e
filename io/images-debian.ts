/** Debian's minimal root file system as an image: pulled where a registry answers, else made from a Debian mirror. */
import { execFile, spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DockerEngine } from "./docker-engine.ts";

const run = promisify(execFile);

export const debianSuite = "trixie";
const repository = "lumbung/debian";
/** A pull that says nothing for so long has no registry behind it. */
const stalledMilliseconds = 15_000;

export interface DebianProgress {
  readonly pulling: () => void;
  readonly making: (why: string) => void;
}

/** Name of the local image of Debian; brings it about if the engine does not have it. */
export async function ensureDebian(engine: DockerEngine, refreshed: string, progress: DebianProgress): Promise<string> {
  const tag = `${debianSuite}-${refreshed}`;
  const local = `${repository}:${tag}`;
  if (await engine.inspectImage(local)) return local;
  progress.pulling();
  const why = await pull(engine, tag);
  if (why === undefined) return local;
  progress.making(why);
  await make(engine, tag);
  return local;
}

/** Pulls the official image under our name; returns why it could not. */
async function pull(engine: DockerEngine, tag: string): Promise<string | undefined> {
  const official = `debian:${debianSuite}-slim`;
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), stalledMilliseconds);
  try {
    await engine.pullImage("debian", `${debianSuite}-slim`, {
      signal: stalled.signal,
      progress: () => {
        clearTimeout(timer);
        timer = setTimeout(() => stalled.abort(), stalledMilliseconds);
      },
    });
    const image = await engine.inspectImage(official);
    if (!image) return `${official}: pulled, but the engine does not know it`;
    await engine.tagImage(image.Id, repository, tag);
    return undefined;
  } catch (error) {
    if (stalled.signal.aborted) return `no answer within ${stalledMilliseconds / 1000} s`;
    return (error as Error).message.replace(/^.*?: 500 /, "");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Sources of Debian's packages from the host's own apt, as lines for `suite`; none if the host's apt knows no Debian mirror.
 * `targets` is what `apt-get indextargets` prints: URI, origin and label, one per line.
 */
export function mirrorLines(targets: string, suite: string): readonly string[] {
  const rows = targets.split("\n").map((line) => line.trim().split(/\s+/));
  const uriOf = (label: string) => rows.find(([, origin, its]) => origin === "Debian" && its === label)?.[0];
  const main = uriOf("Debian");
  if (!main) return [];
  const security = uriOf("Debian-Security");
  return [
    `deb ${main} ${suite} main`,
    `deb ${main} ${suite}-updates main`,
    ...(security ? [`deb ${security} ${suite}-security main`] : []),
  ];
}

async function hostMirror(): Promise<readonly string[]> {
  const words = ["indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(LABEL)", "Created-By: Packages"];
  try {
    return mirrorLines((await run("apt-get", words)).stdout, debianSuite);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** The command that makes the root file system; without mirrors mmdebstrap uses its own default. */
export function makeCommand(tar: string, mirrors: readonly string[]): readonly [string, ...string[]] {
  return ["mmdebstrap", "--variant=minbase", "--include=ca-certificates", "--format=tar", debianSuite, tar, ...mirrors];
}

async function make(engine: DockerEngine, tag: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "lumbung-debian-"));
  try {
    // To a file first: an import that is cut off could look like a small but whole image.
    const tar = join(scratch, "root.tar");
    await mmdebstrap(makeCommand(tar, await hostMirror()));
    const id = await engine.importImage(createReadStream(tar));
    await engine.tagImage(id, repository, tag);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function mmdebstrap([command, ...words]: readonly [string, ...string[]]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ["ignore", "ignore", "pipe"] });
    let tail = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      tail = (tail + text).slice(-4000);
    });
    child.on("error", (cause) =>
      reject(
        new Error(
          `${command}: cannot be run (${cause.message}). Hint: apt-get install mmdebstrap debian-archive-keyring`,
          {
            cause,
          },
        ),
      ),
    );
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${words.join(" ")}: ended with ${code ?? signal}:\n${tail.trim()}`));
    });
  });
}
