/** What every rendering of one assessment starts from: the document, its figures by name, its digest, and the words that it keeps apart. Pure. */
import { sha256 } from "../../evidence/dsse.ts";
import { localTimeAt } from "../../model/local-time.ts";
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { Cell, Zone } from "../../web/cells.ts";
import { type Assessment, answerKinds, type DutyResult, type Finding, type Population } from "../assessment.ts";
import { assessmentBytes } from "../kept.ts";
import { RESPONSIBLE, type Responsible } from "../schema/offices.ts";
import { COMMON_WORDS } from "../schema/terms.ts";
import { type Letterhead, said, word } from "./document.ts";
import { type Figure, figuresOf, type Named, namedFigures } from "./figures.ts";

export interface Sources {
  readonly assessment: Assessment;
  /** SHA-256 of the assessment in canonical JSON, in hex: what every rendering names. */
  readonly digest: string;
  readonly figures: readonly Figure[];
  readonly figure: Named;
  readonly zone: Zone;
  /** Local date of the assessment. */
  readonly today: string;
  readonly dutyOf: (id: string) => DutyResult | undefined;
  /** Whether a piece of evidence stands in the annex. */
  readonly cites: (id: string) => boolean;
  /** Open ones, in order of priority. */
  readonly open: readonly Finding[];
}

export function sourcesOf(assessment: Assessment): Sources {
  const figures = figuresOf(assessment);
  const duties = new Map(assessment.duties.map((duty) => [duty.id, duty]));
  const cited = new Set(assessment.evidence.cited.map(({ id }) => id));
  const zone = assessment.region.timezone as Zone;
  return {
    assessment,
    digest: sha256(assessmentBytes(assessment)),
    figures,
    figure: namedFigures(figures),
    zone,
    today: localDay(assessment.at, zone),
    dutyOf: (id) => duties.get(id),
    cites: (id) => cited.has(id),
    open: assessment.findings.filter(({ closedAt }) => closedAt === null),
  };
}

/** The day of a moment, in the region's own time; what is no time is given back as it is. */
export function localDay(iso: string, zone: Zone): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : localTimeAt(at, zone).slice(0, 10);
}

/** Things that fail, over all three answers, each once. */
export function failingOf({ answers }: Pick<DutyResult, "answers">): string[] {
  return [...new Set(answerKinds.flatMap((kind) => answers[kind].population.which))];
}

/** How a role is called, by its id; one that nobody knows stands as it is written. */
export function roleCell(id: string): Cell {
  const title = Object.hasOwn(RESPONSIBLE, id) ? RESPONSIBLE[id as Responsible] : undefined;
  return title === undefined ? said(id) : word(title);
}

/** A duty's title, or its id where the catalogue has it no more. */
export function titleOf({ dutyOf }: Pick<Sources, "dutyOf">, id: string): Text {
  return dutyOf(id)?.title ?? text(id, id);
}

export function letterheadOf({ region }: Pick<Assessment, "region">): Letterhead {
  const { letterhead, government, domain } = region;
  if (letterhead === undefined) return { government, lines: [domain] };
  return { government, office: letterhead.office, lines: letterhead.lines };
}

/**
 * How the head of the region is called: `Bupati Lumbung`. The region's own word where one regulation gives it, else what follows from its name
 * (Undang-Undang 23/2014 article 59: a regency has a Bupati, a city a Walikota).
 */
export function headOf({ region, vocabulary }: Pick<Assessment, "region" | "vocabulary">): Text {
  const [, kind, place] = /^(Kabupaten|Kota) (.+)$/.exec(region.name) ?? [];
  const own = vocabulary.kepala;
  const isCommon = own.id === COMMON_WORDS.kepala.id;
  if (place === undefined) return isCommon ? text(`${own.id} ${region.name}`, `${own.en} of ${region.name}`) : own;
  const name = isCommon ? (kind === "Kota" ? "Walikota" : "Bupati") : own.id;
  return text(`${name} ${place}`, `${name} of ${place}`);
}

/** The articles of a duty, one cell for each regulation where more than one binds. */
export function articleCells({ regulations }: Assessment, { articles }: Pick<DutyResult, "articles">): Cell[] {
  return regulations.flatMap(({ id, title }) => {
    const own = articles.filter(({ regulation }) => regulation === id).map(({ short }) => short);
    if (own.length === 0) return [];
    const list = own.join(", ");
    return [alike(regulations.length === 1 ? list : `${shortTitle(title.id)}: ${list}`)];
  });
}

/** What reads the same in both languages. */
export const alike = (value: string): Cell => word(text(value, value));

/** `Peraturan Bupati Lamandau 37/2018` as `Lamandau 37/2018`. */
export function shortTitle(title: string): string {
  return title.replace(/^Peraturan (Bupati|Walikota|Wali Kota) /, "");
}

/** A text in which regulations stand by their ids, with their names instead. */
export function namedRegulations({ regulations }: Pick<Assessment, "regulations">, said: Text): Text {
  const named = (one: string) =>
    regulations.reduce((rest, { id, title }) => rest.replaceAll(id, shortTitle(title.id)), one);
  return text(named(said.id), named(said.en));
}

/** Of how many things how many were looked at. */
export function populationCell({ spokenOf, lookedAt }: Population): Cell {
  return alike(spokenOf === 0 ? "–" : `${lookedAt}/${spokenOf}`);
}

/** The names that are listed, and how many more there are. */
export function namesCell(names: readonly string[], all: number, most: number = NAMES_SHOWN): Cell[] {
  const shown = names.slice(0, most);
  const more = all - shown.length;
  return [
    ...(shown.length === 0 ? [] : [said(shown.join(", "))]),
    ...(more > 0 ? [word(text(`dan ${more} lagi`, `and ${more} more`))] : []),
  ];
}

/** So many names stand in a printed report; CSV has all that the assessment lists. */
const NAMES_SHOWN = 12;
