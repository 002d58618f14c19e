/** The assessment that a report is made of: one that was written before, or the region's as it is now. */
import { readFile, stat } from "node:fs/promises";
import { ASSESSMENT_SCHEMA, type Assessment } from "../../compliance/assessment.ts";
import { assess } from "../../compliance/index.ts";
import { contradictions } from "../../compliance/render/index.ts";
import { wrongUse } from "../../io/errors.ts";
import { gather } from "../check/gather.ts";
import { regionOf } from "../context.ts";
import type { Options } from "../options.ts";

/** @throws LumbungError (2) where the file is no assessment of this region, or its sums do not fit its rows: every one is named. */
export async function assessmentOf(options: Options): Promise<Assessment> {
  const { from } = options;
  // A folder is evidence, as for `check`.
  if (from === undefined || (await isFolder(from))) return assess(await gather(options));
  const assessment = await readAssessment(from, regionOf(options));
  const wrong = contradictions(assessment);
  if (wrong.length === 0) return assessment;
  throw wrongUse(
    {
      id: `${from}: jumlahnya tidak cocok dengan isinya:\n${wrong.join("\n")}`,
      en: `${from}: its sums do not fit its rows:\n${wrong.join("\n")}`,
    },
    { id: "pakai berkas yang ditulis `lumbung check --to`", en: "use a file that `lumbung check --to` wrote" },
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

async function readAssessment(path: string, region: string): Promise<Assessment> {
  const value = await readFile(path, "utf8")
    .then((content): unknown => JSON.parse(content))
    .catch((cause: unknown) => {
      throw wrongUse({ id: `${path}: tidak terbaca`, en: `${path}: cannot be read` }, undefined, { cause });
    });
  const { schema, region: of } = (value ?? {}) as Partial<Assessment>;
  if (schema === ASSESSMENT_SCHEMA && of?.id === region) return value as Assessment;
  throw wrongUse(
    { id: `${path}: bukan penilaian daerah ${region}`, en: `${path}: no assessment of ${region}` },
    { id: "berkas dari `lumbung check --to`", en: "a file of `lumbung check --to`" },
  );
}
