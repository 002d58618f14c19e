/** What an assessment says of a duty before anything is looked at: texts in the region's words, articles, who answers. Pure. */
import { text } from "../model/text.ts";
import type { ArticleResult, AssessedRegulation, DutyResult } from "./assessment.ts";
import type { Basis, Binding } from "./binding.ts";
import { citationText, shortCitation } from "./schema/articles.ts";
import { RESPONSIBLE } from "./schema/offices.ts";
import type { Profile } from "./schema/profile.ts";

export type DutyDescription = Pick<
  DutyResult,
  | "id"
  | "area"
  | "title"
  | "explanation"
  | "remedy"
  | "binds"
  | "severity"
  | "articles"
  | "responsible"
  | "deadline"
  | "exceptions"
>;

/** @param today local date of the region */
export function describeDuty(binding: Binding, today: string): DutyDescription {
  const { duty, words } = binding;
  const bases: readonly Basis[] = binding.binds ? binding.bases : [];
  const date = bases
    .flatMap(({ deadlines }) => deadlines.filter(({ covers }) => covers.includes(duty.id)).map((one) => one.date))
    .sort()
    .at(-1);
  return {
    id: duty.id,
    area: duty.area,
    ...words,
    binds: binding.binds,
    severity: binding.binds ? binding.severity : null,
    articles: bases.flatMap(articlesOf),
    responsible: { role: duty.responsible, title: RESPONSIBLE[duty.responsible] },
    deadline: date === undefined ? null : { date, passed: date < today },
    exceptions: bases.flatMap(({ exceptions }) =>
      exceptions.map(({ id, rule, condition }) => ({ id, rule, condition })),
    ),
  };
}

function articlesOf({ regulation, articles }: Basis): ArticleResult[] {
  return articles.map(({ kind, ...citation }) => ({
    regulation,
    text: citationText(citation),
    short: shortCitation(citation),
    kind,
  }));
}

export function describeRegulation({ id, regulation }: Profile): AssessedRegulation {
  const { form, number, year, about, inForce } = regulation;
  return {
    profile: id,
    id: regulation.id,
    title: text(`${form.id} ${number}/${year}`, `${form.en} ${number}/${year}`),
    about,
    inForce,
  };
}
