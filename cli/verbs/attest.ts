import { relative, resolve, sep } from "node:path";
import { localDate } from "../../compliance/index.ts";
import { sha256 } from "../../evidence/dsse.ts";
import { systemClock } from "../../io/clock.ts";
import { documentsFolder } from "../../io/compliance-files.ts";
import { readIfThere } from "../../io/files.ts";
import { readInventory, writeInventoryFile } from "../../io/inventory.ts";
import { REPOSITORY } from "../../io/repository.ts";
import { text } from "../../model/text.ts";
import { readCatalogue } from "../check/gather.ts";
import { inventoryOf, regionOf } from "../context.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { attestation, type Paper } from "../papers/attest.ts";
import { allWrong, type Wrong, wrong } from "../wrong.ts";

/**
 * `attest <document> --file F`: puts the file and its SHA-256 into the inventory. Another content than the one on record is taken with `--yes`.
 * Exit codes: 0 written, or on record as it is; 2 wrong use, with all that is wrong: then nothing is written.
 */
export async function attest(options: Options): Promise<number> {
  const region = regionOf(options);
  const [id, ...rest] = options.words;
  const inventory = await inventoryOf(options);
  const paper = await paperAt(options.file, region);
  const result = attestation({
    ...{ inventory, id, paper, anew: options.yes === true },
    files: await readInventory(REPOSITORY, region),
    duties: (await readCatalogue()).duties,
    today: localDate(systemClock.now(), inventory.region.timezone),
  });
  const more = rest.map((word) => wrong(word, ONE, text("satu dokumen", "one document"), word));
  if (!("write" in result)) throw allWrong("attest", [...more, ...result]);
  if (more.length > 0) throw allWrong("attest", more);
  const { write } = result;
  if (write) await writeInventoryFile(REPOSITORY, region, write);
  const { file, sha256: digest } = paper as Paper;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ region, document: id, file, sha256: digest, written: write?.name ?? null })}\n`
      : `${id}: ${file}, SHA-256 ${digest}${say(write ? { id: `; ditulis di ${region}/${write.name}`, en: `; written to ${region}/${write.name}` } : SAME)}\n`,
  );
  return 0;
}

async function paperAt(path: string | undefined, region: string): Promise<Paper | Wrong> {
  const top = documentsFolder(REPOSITORY, region);
  const expected = text(`berkas di bawah ${top}`, `a file below ${top}`);
  if (path === undefined) return wrong("--file", NOT_SAID, expected, path);
  const file = relative(top, resolve(path)).split(sep).join("/");
  if (file === "" || file.startsWith("..")) return wrong("--file", ELSEWHERE, expected, path, COPY_IT);
  const content = await readIfThere(path).catch(() => undefined);
  return content ? { file, sha256: sha256(content) } : wrong("--file", NOT_THERE, expected, path);
}

const SAME = text("; sudah tercatat demikian", "; on record as it is");
const ONE = text("lebih dari satu dokumen", "more than one document");
const NOT_SAID = text("berkas belum disebut", "no file was named");
const NOT_THERE = text("tidak terbaca", "cannot be read");
const ELSEWHERE = text("di luar folder dokumen daerah ini", "outside of the region's folder of documents");
const COPY_IT = text("salin berkasnya ke sana lebih dahulu", "copy it there first");
