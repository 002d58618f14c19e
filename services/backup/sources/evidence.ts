/** Signed records as the site's signer has them: its own and those that it copied. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { keepMissing } from "../../../evidence/keep-missing.ts";
import type { StoredRecord } from "../../../evidence/store.ts";
import { parseRecordId } from "../../../evidence/writer.ts";
import { evidenceFolder } from "../../../io/evidence-folder.ts";
import { evidenceObjects } from "../../../io/evidence-objects.ts";
import type { Line } from "../../signer/shapes.ts";
import { ask } from "../ask.ts";
import { bucketClient } from "../store.ts";
import type { Bringing, Of } from "./types.ts";

export async function bringEvidence(bringing: Bringing<Of<"evidence">>): Promise<void> {
  const { source, folder, files, work } = bringing;
  await mkdir(folder, { recursive: true });
  const { signal } = work;
  const answer = await ask({ at: source.from, tls: files.tls, method: "GET", path: "/records", signal });
  for await (const line of createInterface({ input: answer })) {
    if (line === "") continue;
    const { id, content } = JSON.parse(line) as Line;
    if (parseRecordId(id) === undefined)
      throw new Error(`record: expected <writer>/<number>, received "${id.slice(0, 80)}"`);
    await keep(join(folder, files.config.region, `${id}.json`), Buffer.from(content, "base64"));
  }
  if (!answer.complete) throw new Error(`${source.from.host}/records: the answer was cut off`);
  await keepInBucket(bringing);
}

/** Whoever has the bucket's key can add versions; the first one of each record stays, as it is locked. */
async function keepInBucket({ source, folder, files, work }: Bringing<Of<"evidence">>): Promise<void> {
  // The other site's bucket follows the active one's, and takes nothing else.
  if (source.bucket === undefined || work.order.standby) return;
  const { region } = files.config;
  const client = await bucketClient(files, source.bucket, "write");
  const records: StoredRecord[] = [];
  for await (const record of evidenceFolder({ root: folder, region }).list()) records.push(record);
  await keepMissing(records, evidenceObjects({ client, bucket: source.bucket, region }));
}

/** What is there and the same stays untouched: a copy of a thousand records is then no work. */
async function keep(path: string, bytes: Buffer): Promise<void> {
  const there = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (there?.equals(bytes)) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, bytes);
  await rename(`${path}.new`, path);
}
