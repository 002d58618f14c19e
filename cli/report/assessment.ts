/** The assessment that a report is made of: one that was written or signed before, or the region's as it is now. */
import { readFile, stat } from "node:fs/promises";
import { type Assessment, assess, isPrevious, keptAssessment } from "../../compliance/index.ts";
import { contradictions } from "../../compliance/render/index.ts";
import { openRecord } from "../../evidence/chain.ts";
import { readEnvelope } from "../../evidence/dsse.ts";
import { parseRecordId } from "../../evidence/writer.ts";
import { type LumbungError, wrongUse } from "../../io/errors.ts";
import type { Text } from "../../model/types.ts";
import { gather } from "../check/gather.ts";
import { regionOf } from "../context.ts";
import { ringOf } from "../evidence/keys.ts";
import { type EvidenceSource, sourcesOf } from "../evidence/sources.ts";
import type { Options } from "../options.ts";

/**
 * `--from`: a file that was written before, a signed record's file, or such a record's name, which is then looked for at the sites.
 * @throws LumbungError (2) where that is no assessment of this region, or its sums do not fit its rows: every one is named; (3) where a site does not answer.
 */
export async function assessmentOf(options: Options): Promise<Assessment> {
  const { from } = options;
  if (from === undefined || (await isEvidence(from))) return assess(await gather(options));
  const assessment = await readAssessment(from, options);
  const wrong = contradictions(assessment);
  if (wrong.length === 0) return assessment;
  throw wrongUse(
    {
      id: `${from}: jumlahnya tidak cocok dengan isinya:\n${wrong.join("\n")}`,
      en: `${from}: its sums do not fit its rows:\n${wrong.join("\n")}`,
    },
    A_FILE,
  );
}

/** Whether `--from` names evidence, as for `check`: a folder of it, and no assessment. */
export async function isEvidence(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function readAssessment(from: string, options: Options): Promise<Assessment> {
  const { from: _, ...others } = options;
  const bytes =
    parseRecordId(from) === undefined ? await fileBytes(from) : await recordBytes(from, await sourcesOf(others));
  const value = readEnvelope(bytes) === undefined ? parsed(from, bytes) : await signedAssessment(from, bytes, options);
  const region = regionOf(options);
  if (isPrevious(value, region)) return value as Assessment;
  throw notOne(from, { id: `bukan penilaian daerah ${region}`, en: `no assessment of ${region}` });
}

async function fileBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw notOne(path, { id: "tidak terbaca", en: "cannot be read" }, cause);
  });
}

function parsed(from: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (cause) {
    throw notOne(from, { id: "tidak terbaca", en: "cannot be read" }, cause);
  }
}

/** Exported for its test. @throws LumbungError (2) where no source has it, (3) where one does not answer. */
export async function recordBytes(id: string, sources: readonly EvidenceSource[]): Promise<Uint8Array> {
  for (const source of sources) for await (const record of source.records()) if (record.id === id) return record.bytes;
  throw notOne(id, { id: "tidak ada catatan dengan nama itu", en: "no record has this name" });
}

/** By its signature alone: how it stands in its chain, `evidence verify` says. */
async function signedAssessment(from: string, bytes: Uint8Array, options: Options): Promise<Assessment> {
  const record = openRecord(bytes, await ringOf(options));
  if (typeof record === "string") throw notOne(from, { id: `tidak sah (${record})`, en: `not genuine (${record})` });
  const kept = keptAssessment(record.statement.observed);
  if ("schema" in kept) return kept;
  throw notOne(from, kept);
}

const A_FILE: Text = {
  id: "pakai berkas yang ditulis `lumbung check --to`, atau nama catatan jenis check",
  en: "use a file that `lumbung check --to` wrote, or the name of a record of kind check",
};

function notOne(from: string, why: Text, cause?: unknown): LumbungError {
  const options = cause === undefined ? {} : { cause };
  return wrongUse({ id: `${from}: ${why.id}`, en: `${from}: ${why.en}` }, A_FILE, options);
}
