/** The audit report's page of one signed assessment, or why there is none. Pure. */
import { isPrevious } from "../../compliance/changes.ts";
import { keptAssessment } from "../../compliance/kept.ts";
import { contradictions, render, sourcesOf } from "../../compliance/render/index.ts";
import { openRecord } from "../../evidence/chain.ts";
import { keyRing, type PublicEvidenceKey } from "../../evidence/keys.ts";
import { FAULTS } from "../../evidence/reasons.ts";
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { Lang } from "../../web/text.ts";

/** What the process is asked on standard input. */
export interface Question {
  /** Bytes of a record of kind `check`, in base64. */
  readonly record: string;
  readonly lang: Lang;
  readonly region: string;
  readonly keys: readonly PublicEvidenceKey[];
}

/** What it answers on standard output. */
export type Answer = { readonly page: string } | { readonly why: Text };

export function pageOf({ record, lang, region, keys }: Question): Answer {
  const opened = openRecord(Buffer.from(record, "base64"), keyRing(keys));
  if (typeof opened === "string") return { why: FAULTS[opened] };
  const assessment = keptAssessment(opened.statement.observed);
  if (!("schema" in assessment)) return { why: assessment };
  if (!isPrevious(assessment, region)) return { why: ANOTHER };
  const wrong = contradictions(assessment);
  if (wrong.length > 0) return { why: text(`${SUMS.id}: ${wrong.join("; ")}`, `${SUMS.en}: ${wrong.join("; ")}`) };
  const [page] = render(sourcesOf(assessment), "audit", "html", lang);
  return { page: String(page?.content) };
}

const ANOTHER = text("penilaian daerah lain", "an assessment of another region");
const SUMS = text("jumlahnya tidak cocok dengan isinya", "its sums do not fit its rows");
