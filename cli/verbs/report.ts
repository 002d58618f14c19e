import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type Rendered,
  type RenderFormat,
  type RenderKind,
  render,
  renderFormats,
  renderKinds,
  sourcesOf,
} from "../../compliance/render/index.ts";
import { wrongUse } from "../../io/errors.ts";
import { writeAtomically } from "../../io/files.ts";
import { pdfMaker } from "../../io/pdf.ts";
import type { Options } from "../options.ts";
import { language, say } from "../output/language.ts";
import { step } from "../output/progress.ts";
import { assessmentOf } from "../report/assessment.ts";
import { bundle } from "../report/bundle.ts";

/**
 * `report`: an assessment as a report, as letters, or as the bundle that an auditor takes along. Every rendering of one assessment shows the same figures.
 * `--from` names an assessment that was made before; without it the region is assessed now.
 */
export async function report(options: Options): Promise<number> {
  const { kind, format, out } = choiceOf(options);
  const sources = sourcesOf(await assessmentOf(options));
  if (kind === "bundle") return bundle(options, sources, out);
  const files = render(sources, kind, format, language());
  await writeAll(out, files);
  if (files.length === 0)
    process.stderr.write(`${say({ id: "tidak ada surat yang perlu dibuat", en: "no letter is due" })}\n`);
  return 0;
}

/** Writes files below a folder, PDFs one after another, and says each path. */
async function writeAll(out: string, files: readonly Rendered[]): Promise<void> {
  const pdf = pdfMaker();
  for (const { path, content, as } of files) {
    const target = join(out, path);
    const bytes = as === "is" ? content : await step(path, () => pdf(String(content)));
    await mkdir(dirname(target), { recursive: true });
    await writeAtomically(target, bytes);
    process.stdout.write(`${target}\n`);
  }
}

interface Choice {
  readonly kind: RenderKind | "bundle";
  readonly format: RenderFormat;
  readonly out: string;
}

/** @throws LumbungError (2) with everything that is wrong with the options. */
function choiceOf({ kind = "audit", format = "html", out, words }: Options): Choice {
  const kinds = [...renderKinds, "bundle"] as const;
  const wrong = [
    ...(isOne(kinds, kind) ? [] : [oneOf("--kind", kinds, kind)]),
    ...(isOne(renderFormats, format) ? [] : [oneOf("--format", renderFormats, format)]),
    ...(out ? [] : [{ id: "--out <folder> belum disebut", en: "--out <folder> was not given" }]),
    ...(words.length === 0
      ? []
      : [{ id: `"${words.join(" ")}" tidak dikenal`, en: `"${words.join(" ")}" is not known` }]),
  ];
  if (wrong.length === 0 && isOne(kinds, kind) && isOne(renderFormats, format) && out) return { kind, format, out };
  throw wrongUse(
    { id: wrong.map((one) => one.id).join("; "), en: wrong.map((one) => one.en).join("; ") },
    {
      id: "misalnya: --kind audit --format pdf --out laporan",
      en: "for example: --kind audit --format pdf --out reports",
    },
  );
}

const isOne = <T extends string>(all: readonly T[], value: string): value is T =>
  (all as readonly string[]).includes(value);

const oneOf = (name: string, all: readonly string[], value: string) => ({
  id: `${name}: diharapkan salah satu dari ${all.join(", ")}, diterima "${value}"`,
  en: `${name}: expected one of ${all.join(", ")}, received "${value}"`,
});
