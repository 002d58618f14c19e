/** One assessment in a process of its own, from files as `lumbung check` reads them. Words: a folder with `FILES`. Answers as JSON on stdout. */
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { readCatalogue } from "../../../cli/check/gather.ts";
import { recordIn } from "../../../cli/evidence/sources.ts";
import { assess, EvidenceReader, mergeEvidence, type ReadEvidence } from "../../../compliance/index.ts";
import { keyRing, type PublicEvidenceKey } from "../../../evidence/keys.ts";
import { type AssessAnswer, FILES } from "./job.ts";
import { type Loaded, load, NOW } from "./made.ts";

const [, , folder = ""] = process.argv;

async function loadThere(): Promise<Loaded> {
  const there = join(folder, FILES.inventory);
  const names = (await readdir(there)).sort();
  return load(
    await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(there, name), "utf8") }))),
  );
}

const loaded = await loadThere();
const keys = JSON.parse(await readFile(join(folder, FILES.keys), "utf8")) as PublicEvidenceKey[];
const ring = keyRing(keys);

/** As one of the two sites gives them: each holds all records, its own and copies. */
async function readStore(...before: readonly ReadEvidence[]): Promise<ReadEvidence> {
  const reader = new EvidenceReader({ region: loaded.model.region.id, keys: ring, now: NOW, before });
  for await (const line of createInterface(createReadStream(join(folder, FILES.records)))) reader.take(recordIn(line));
  return reader.finish();
}

const first = await readStore();
const stores = [first, await readStore(first)];
const evidence = mergeEvidence(stores);
const { duties } = assess({ ...loaded, catalogue: await readCatalogue(), evidence, now: NOW, commit: null });
const answer: AssessAnswer = {
  mostBytes: process.resourceUsage().maxRSS * 1024,
  verified: stores.map(({ verified }) => verified),
  duties: duties.length,
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
