/** Evidence in a folder: `<root>/<region>/<writer>/<number>.json`. What was put is on disk, whole, and is never changed. */
import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AlreadyThere, type EvidenceStore, type StoredRecord } from "../evidence/store.ts";
import { parseRecordId } from "../evidence/writer.ts";
import { flushFolder, isAbsence, readIfThere } from "./files.ts";

/** Between these a process can be killed; a test stops there. */
export type PutStep = "begun" | "written" | "flushed" | "linked" | "kept";

export interface FolderOptions {
  readonly root: string;
  readonly region: string;
  /** Called after each step of a `put`. Default: nothing. */
  readonly step?: (step: PutStep) => void;
}

export interface EvidenceFolder extends EvidenceStore {
  /** Numbers of a writer's records in ascending order, without reading any. */
  numbers(writer: string): Promise<readonly number[]>;
  /** Removes what a `put` that was cut short left behind. Only where nobody else puts. */
  sweep(): Promise<void>;
}

const SUFFIX = ".json";
const isTemporary = (name: string): boolean => name.startsWith(".") && name.endsWith(".tmp");

export function evidenceFolder({ root, region, step = () => {} }: FolderOptions): EvidenceFolder {
  const top = join(root, region);
  const pathOf = (id: string): string => {
    if (parseRecordId(id) === undefined) throw new RangeError(`record: expected <writer>/<number>, received "${id}"`);
    return join(top, `${id}${SUFFIX}`);
  };
  return {
    put: async (id, bytes) => {
      const path = pathOf(id);
      await makeFolder(dirname(path));
      const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
      step("begun");
      try {
        await write(temporary, bytes, step);
        await linkOnce(temporary, path, id, bytes);
      } finally {
        await rm(temporary, { force: true });
      }
      step("linked");
      await flushFolder(dirname(path));
      step("kept");
    },
    get: (id) => readIfThere(pathOf(id)),
    writers: async () => {
      const folders = (await entriesOf(top)).filter((entry) => entry.isDirectory());
      return folders.map(({ name }) => name).filter((name) => parseRecordId(`${name}/0000000001`) !== undefined);
    },
    list: (writer = "", after = 0) => below(top, writer, after),
    numbers: async (writer) => {
      const names = (await entriesOf(join(top, writer))).map(({ name }) => nameOf(name));
      return names.flatMap((name) => parseRecordId(`${writer}/${name}`)?.sequence ?? []);
    },
    sweep: async () => {
      for (const { name } of (await entriesOf(top)).filter((entry) => entry.isDirectory())) {
        for (const entry of await entriesOf(join(top, name)))
          if (isTemporary(entry.name)) await rm(join(top, name, entry.name), { force: true });
      }
    },
  };
}

/** Every file below a folder, in order of name; of records only those with a higher number. */
async function* below(top: string, path: string, after: number): AsyncIterable<StoredRecord> {
  for (const entry of await entriesOf(join(top, path))) {
    const inner = path === "" ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* below(top, inner, after);
    else if (!isTemporary(entry.name) && (parseRecordId(nameOf(inner))?.sequence ?? Infinity) > after)
      yield { id: nameOf(inner), bytes: await readFile(join(top, inner)) };
  }
}

function nameOf(path: string): string {
  return path.endsWith(SUFFIX) ? path.slice(0, -SUFFIX.length) : path;
}

async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

async function write(path: string, bytes: Uint8Array, step: (step: PutStep) => void): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await file.writeFile(bytes);
    step("written");
    await file.sync();
    step("flushed");
  } finally {
    await file.close();
  }
}

/** A link fails where the name is taken: nothing is ever overwritten. */
async function linkOnce(temporary: string, path: string, id: string, bytes: Uint8Array): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (!Buffer.from(await readFile(path)).equals(bytes)) throw new AlreadyThere(id);
  }
}

/** A new folder is on disk only when the one that holds it is. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) await flushFolder(dirname(folder));
}
