/** What an exported copy says of itself, and whether it is still what it says. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { refused, wrongUse } from "../../io/errors.ts";
import { filesBelow } from "../../io/files.ts";

export const MANIFEST = "manifest.json";
/** Below it pgBackRest's and restic's repositories lie as these engines write them. */
export const REPOSITORIES = "repositories";
export const KEYS = "keys.age";

const path = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$)).+$/);
const schema = z.strictObject({
  kind: z.literal("lumbung-backup"),
  version: z.literal(1),
  region: z.string(),
  site: z.string(),
  /** ISO 8601: state of the repositories. */
  at: z.string(),
  programme: z.strictObject({ name: z.string(), version: z.string() }),
  /** pgBackRest's stanzas, each with its repositories. */
  stanzas: z.array(z.strictObject({ name: z.string(), repositories: z.array(z.string()) })),
  /** What can be restored, newest last. */
  copies: z.array(
    z.strictObject({
      target: z.string(),
      engine: z.string(),
      class: z.string().optional(),
      id: z.string(),
      at: z.string(),
      /** Absent on media that were made before it was written down. */
      type: z.enum(["full", "differential", "incremental"]).optional(),
      /** Ids of the copies that it rests on. */
      needs: z.array(z.string()).optional(),
    }),
  ),
  /** Declared at the site, and without any copy when this one was made: nothing of them is on the medium. */
  absent: z.array(z.string()),
  files: z.array(z.strictObject({ path, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});

export type ExportManifest = z.output<typeof schema>;
export type ExportedFile = ExportManifest["files"][number];

/** @throws LumbungError (2) where the folder holds no exported copy, (4) where its manifest is damaged. */
export async function readManifest(folder: string): Promise<ExportManifest> {
  const text = await readFile(join(folder, MANIFEST), "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw wrongUse(
      {
        id: `${folder}: tidak ada ${MANIFEST} (${cause.code})`,
        en: `${folder}: there is no ${MANIFEST} (${cause.code})`,
      },
      { id: "folder hasil `lumbung backup export`", en: "a folder that `lumbung backup export` wrote" },
      { cause },
    );
  });
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw refused(
    { id: `${folder}/${MANIFEST}: rusak (${where})`, en: `${folder}/${MANIFEST}: damaged (${where})` },
    { id: "pakai salinan lain", en: "use another copy" },
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface Damage {
  readonly path: string;
  readonly what: "missing" | "changed" | "added";
}

/** Every file that is not as the manifest says. @param onFile told of each file that was read, and its size. */
export async function verifyExport(
  folder: string,
  { files }: ExportManifest,
  onFile: (bytes: number) => void = () => {},
): Promise<Damage[]> {
  const there = new Set((await filesBelow(join(folder, REPOSITORIES))).map((file) => file.slice(folder.length + 1)));
  const declared = new Set(files.map((file) => file.path));
  const damages: Damage[] = [];
  for (const { path: name, bytes, sha256 } of files) {
    const found = await digestOrNone(join(folder, name));
    if (found === undefined) damages.push({ path: name, what: "missing" });
    else if (found !== sha256) damages.push({ path: name, what: "changed" });
    onFile(bytes);
  }
  for (const name of there) if (!declared.has(name)) damages.push({ path: name, what: "added" });
  return damages;
}

async function digestOrNone(file: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return hash.digest("hex");
}
