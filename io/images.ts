/**
 * Images of ours: named by the hash of what they are made of, built only when that changed.
 * `lumbung/<folder>:<16 hex>`; the same tree gives the same name on every machine.
 */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import type { Text } from "../model/types.ts";
import { DockerEngine } from "./docker-engine.ts";
import { bundle } from "./images-bundles.ts";
import { debianSuite, ensureDebian } from "./images-debian.ts";
import { type ImageDefinition, readDefinition, readFolder } from "./images-definition.ts";
import { type TarEntry, tarOf } from "./images-tar.ts";
import { wheels } from "./images-wheels.ts";
import { digestOf } from "./kept.ts";

const repositoryRoot = fileURLToPath(new URL("..", import.meta.url));
const errorTailLines = 25;
const errorTailCharacters = 8_000;

export interface ImageProgress {
  readonly image: string;
  readonly text: Text;
}

export interface ImagesOptions {
  /** The repository. Default: the one that this file lies in. */
  readonly root?: string;
}

export interface EnsureOptions extends ImagesOptions {
  /** Default: the engine of the environment, then the local socket. */
  readonly engine?: DockerEngine;
  readonly progress?: (progress: ImageProgress) => void;
  readonly signal?: AbortSignal;
}

/** Everything that decides an image's content, read from the disk. */
export interface ImageSource {
  readonly folder: string;
  /** `lumbung/<folder>:<16 hex>` */
  readonly name: string;
  readonly definition: ImageDefinition;
  readonly base?: ImageSource;
  /** By name of the build argument: further images that files are taken from. */
  readonly from: Readonly<Record<string, ImageSource>>;
  readonly files: readonly TarEntry[];
}

/** A build that failed: the message has its last lines, `log` the path of all of them. */
export class ImageBuildError extends Error {
  override readonly name = "ImageBuildError";
  readonly log: string;
  constructor(message: string, log: string, cause: unknown) {
    super(message, { cause });
    this.log = log;
  }
}

/** Name of the image that the folder `images/<folder>` describes. Reads the folder; needs no engine. */
export async function imageName(folder: string, options: ImagesOptions = {}): Promise<string> {
  return (await readImage(folder, options)).name;
}

/** Reads an image's folder, and those of its bases and of what it takes files from. Throws on a cycle and on a broken `image.json`. */
export async function readImage(
  folder: string,
  options: ImagesOptions = {},
  above: readonly string[] = [],
): Promise<ImageSource> {
  if (above.includes(folder))
    throw new Error(`images/${folder}/image.json: base: a circle: ${[...above, folder].join(" → ")}`);
  const root = options.root ?? repositoryRoot;
  const definition = await readDefinition(root, folder);
  const below = (name: string): Promise<ImageSource> => readImage(name, options, [...above, folder]);
  const [base, from, files, shared, programs] = await Promise.all([
    definition.base === null ? undefined : below(definition.base),
    Promise.all(Object.entries(definition.from).map(async ([name, other]) => [name, await below(other)] as const)),
    readFolder(root, folder),
    Promise.all(definition.shared.map((name) => readFolder(root, join("shared", name)))),
    bundle(root, definition.bundles),
  ]);
  const all = [...files, ...shared.flat(), ...programs];
  refuseTwice(folder, all);
  const baseName = base?.name ?? `debian:${debianSuite}`;
  const name = `lumbung/${folder}:${fingerprint(baseName, definition, all, from)}`;
  return { folder, name, definition, from: Object.fromEntries(from), files: all, ...(base ? { base } : {}) };
}

/** A shared file never hides one of the image's own, nor another's. */
function refuseTwice(folder: string, files: readonly TarEntry[]): void {
  const paths = files.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice === undefined) return;
  throw new Error(`images/${folder}: ${twice}: expected once, received from two folders. Hint: "shared" in image.json`);
}

/** 16 hex digits over all that decides an image's content. */
export function fingerprint(
  baseName: string,
  definition: ImageDefinition,
  files: readonly TarEntry[],
  from: readonly (readonly [string, Pick<ImageSource, "name">])[] = [],
): string {
  const facts = {
    base: baseName,
    refreshed: definition.refreshed ?? null,
    wheels: definition.wheels.map(({ name, version, sha256 }) => [name, version, sha256]),
    // Absent where there is none, so that other images keep their names.
    ...(from.length === 0 ? {} : { from: from.map(([argument, { name }]) => [argument, name]).sort() }),
    files: files
      .map(({ path, mode, content }) => [path, mode.toString(8), digestOf(content)])
      .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
  };
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 16);
}

/** What an image is built on or takes files from. */
const needsOf = ({ base, from }: ImageSource): readonly ImageSource[] => [
  ...(base ? [base] : []),
  ...Object.values(from),
];

/** Bases before what is built on them, each once, in the order asked for. */
export function inBuildOrder(images: readonly ImageSource[]): readonly ImageSource[] {
  const ordered = new Map<string, ImageSource>();
  const visit = (image: ImageSource) => {
    needsOf(image).forEach(visit);
    ordered.set(image.name, image);
  };
  images.forEach(visit);
  return [...ordered.values()];
}

/**
 * Builds what the engine lacks of `folders` and returns each folder's image name.
 * A tag is set only on a finished image, so that an interrupted build leaves nothing that a later run believes in.
 */
export async function ensureImages(
  folders: readonly string[],
  options: EnsureOptions = {},
): Promise<Readonly<Record<string, string>>> {
  const engine = options.engine ?? DockerEngine.at();
  const sources = await Promise.all(folders.map((folder) => readImage(folder, options)));
  const missing: ImageSource[] = [];
  const wanted = new Set(sources.map(({ name }) => name));
  for (const image of inBuildOrder(sources).toReversed()) {
    // What nobody asked for by name is needed only for what has to be built.
    const needed =
      wanted.has(image.name) || missing.some((other) => needsOf(other).some(({ name }) => name === image.name));
    if (needed && !(await engine.inspectImage(image.name))) missing.unshift(image);
  }
  for (const [index, image] of missing.entries()) {
    options.signal?.throwIfAborted();
    await buildOne(engine, image, `${index + 1}/${missing.length}`, options);
  }
  return Object.fromEntries(sources.map(({ folder, name }) => [folder, name]));
}

async function buildOne(
  engine: DockerEngine,
  image: ImageSource,
  place: string,
  options: EnsureOptions,
): Promise<void> {
  const tell = (id: string, en: string) => options.progress?.({ image: image.folder, text: { id, en } });
  tell(
    `[${place}] citra ${image.name}: belum ada di ${engine.describe()}, dibangun`,
    `[${place}] image ${image.name}: not on ${engine.describe()} yet, building`,
  );
  const base = image.base?.name ?? (await debian(engine, image, tell));
  const packages = await wheels(image.definition.wheels, (wheel) =>
    tell(`  mengunduh ${wheel.name} ${wheel.version}`, `  fetching ${wheel.name} ${wheel.version}`),
  );
  const log = join(await mkdtemp(join(tmpdir(), `lumbung-image-${image.folder}-`)), "build.log");
  const output = createWriteStream(log);
  let tail = "";
  const startedAt = performance.now();
  try {
    await engine.buildImage(tarOf([...image.files, ...packages]), {
      tag: image.name,
      buildArguments: {
        BASE: base,
        ...Object.fromEntries(Object.entries(image.from).map(([argument, { name }]) => [argument, name])),
        ...proxies(process.env),
      },
      labels: { "id.lumbung.image": image.folder },
      ...(options.signal ? { signal: options.signal } : {}),
      progress: ({ stream }) => {
        if (stream === undefined) return;
        const text = stripVTControlCharacters(stream);
        output.write(text);
        tail = (tail + text).slice(-errorTailCharacters);
        if (stream.startsWith("Step ")) tell(`  ${stream.trim()}`, `  ${stream.trim()}`);
      },
    });
  } catch (cause) {
    if ((cause as Error).name === "AbortError") throw cause;
    throw new ImageBuildError(
      `images/${image.folder}: the build failed: ${(cause as Error).message}\n${lastLines(tail)}\nAll of it: ${log}`,
      log,
      cause,
    );
  } finally {
    await new Promise<void>((resolve) => output.end(resolve));
  }
  await rm(dirname(log), { recursive: true });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  tell(`  selesai dalam ${seconds} detik`, `  done in ${seconds} s`);
}

function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines
    .slice(-errorTailLines)
    .map((line) => `  | ${line}`)
    .join("\n");
}

function debian(engine: DockerEngine, image: ImageSource, tell: (id: string, en: string) => void): Promise<string> {
  return ensureDebian(engine, image.definition.refreshed ?? "first", {
    pulling: () =>
      tell(
        `  Debian ${debianSuite}: mencoba mengambil citra resmi`,
        `  Debian ${debianSuite}: trying to pull the official image`,
      ),
    making: (why) =>
      tell(
        `  Debian ${debianSuite}: tidak ada registri (${why}), dibuat dengan mmdebstrap (± 30 detik)`,
        `  Debian ${debianSuite}: no registry (${why}), making it with mmdebstrap (about 30 s)`,
      ),
  });
}

/** Proxies of the environment, which Docker hands to a build's steps without keeping them in the image. */
export function proxies(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => [name, name.toUpperCase()]);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value ? [[name, value] as const] : [];
    }),
  );
}
