/** The report's page, made in a process of its own (services/report) and kept as long as the record that it was made of is the newest. */
import type { PublicEvidenceKey } from "../../../evidence/keys.ts";
import { text } from "../../../model/text.ts";
import type { Text } from "../../../model/types.ts";
import type { Lang } from "../../../web/text.ts";
import type { Answer, Question } from "../../report/page.ts";
import type { Ask } from "../assessments/ask.ts";

export type ReportMaker = (record: Uint8Array, lang: Lang) => Promise<string | Text>;

export interface ReportMakerOptions {
  readonly ask: Ask;
  readonly region: () => string;
  readonly keys: () => readonly PublicEvidenceKey[];
  readonly ending: AbortSignal;
  readonly warn: (message: string) => void;
}

/** One process at a time, whoever asks; one page a language is kept. */
export function reportMaker({ ask, region, keys, ending, warn }: ReportMakerOptions): ReportMaker {
  const kept = new Map<Lang, { readonly of: string; readonly page: string | Text }>();
  let underWay: Promise<unknown> = Promise.resolve();

  async function made(record: string, lang: Lang): Promise<string | Text> {
    const before = kept.get(lang);
    if (before?.of === record) return before.page;
    const question: Question = { record, lang, region: region(), keys: keys() };
    try {
      const answer = JSON.parse(await ask(JSON.stringify(question), ending)) as Answer;
      const page = "page" in answer ? answer.page : answer.why;
      kept.set(lang, { of: record, page });
      return page;
    } catch (error) {
      // Not kept: it may go well the next time.
      warn(`the report's page was not made: ${error instanceof Error ? error.message : error}`);
      return FAILED;
    }
  }

  return (record, lang) => {
    const encoded = Buffer.from(record).toString("base64");
    const next = underWay.then(() => made(encoded, lang));
    underWay = next;
    return next;
  };
}

const FAILED = text(
  "halaman laporan tidak dapat dibuat sekarang; coba lagi, atau mintalah bundel auditor",
  "the report's page cannot be made now; try again, or ask for an auditor's bundle",
);
