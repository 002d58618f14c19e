/** What is made of an assessment, by kind and format: the files, as text or as pages that are still to be made into PDF. Pure. */
import type { Lang } from "../../web/text.ts";
import { assessmentBytes } from "../kept.ts";
import type { In } from "./blocks.ts";
import { ASSESSMENT } from "./bundle-names.ts";
import { csvFiles } from "./csv.ts";
import { letterPage } from "./letter-page.ts";
import { headLetter, type Letter, lettersOf } from "./letters.ts";
import { assessmentResults, planOfAction } from "./oscal.ts";
import { printPage } from "./print-page.ts";
import { type ReportKind, reportKinds, reportOf } from "./reports.ts";
import { screenPage } from "./screen-page.ts";
import type { Sources } from "./sources.ts";

export const renderKinds = [...reportKinds, "bupati", "letters"] as const;
export type RenderKind = (typeof renderKinds)[number];

export const renderFormats = ["html", "pdf", "csv", "oscal", "json"] as const;
export type RenderFormat = (typeof renderFormats)[number];

/** `pdf`: the content is a page that WeasyPrint makes into the file of this path. */
export interface Rendered {
  /** Below the folder that is written, with `/`. */
  readonly path: string;
  readonly content: string | Buffer;
  readonly as: "is" | "pdf";
}

/** In order of path; empty where a kind has no such format, or where no letter is due. CSV, OSCAL and JSON are the same for every kind. */
export function render(sources: Sources, kind: RenderKind, format: RenderFormat, lang: Lang): Rendered[] {
  const place: In = { lang, zone: sources.zone };
  const asIs = (path: string, content: string | Buffer): Rendered => ({ path, content, as: "is" });
  switch (format) {
    case "json":
      return [asIs(ASSESSMENT, assessmentBytes(sources.assessment))];
    case "csv":
      return [...csvFiles(sources, place)].map(([name, content]) => asIs(`csv.${lang}/${name}`, content));
    case "oscal": {
      const plan = planOfAction(sources, lang);
      return [
        asIs(`oscal/assessment-results.${lang}.json`, assessmentResults(sources, lang)),
        ...(plan === undefined ? [] : [asIs(`oscal/poam.${lang}.json`, plan)]),
      ];
    }
    case "html":
    case "pdf":
      return pagesOf(sources, kind, format, format === "pdf" ? { ...place, paper: true } : place);
  }
}

function pagesOf(sources: Sources, kind: RenderKind, format: "html" | "pdf", place: In): Rendered[] {
  const as = format === "pdf" ? "pdf" : "is";
  const file = (stem: string, content: string): Rendered => ({ path: `${stem}.${place.lang}.${format}`, content, as });
  const letter = (stem: string, one: Letter): Rendered => file(stem, letterPage(one, sources, place));
  if (kind === "bupati") return [letter("bupati", headLetter(sources))];
  if (kind === "letters") return lettersOf(sources).map((one) => letter(`letters/${one.id}`, one));
  return [file(kind, reportPage(sources, kind, format, place))];
}

function reportPage(sources: Sources, kind: ReportKind, format: "html" | "pdf", place: In): string {
  const report = reportOf(kind, sources);
  return format === "pdf" ? printPage(report, sources, place) : screenPage(report, sources, place);
}
