/** Which duties bind a region, by which articles, how heavily, and in which words. Pure. */
import { text } from "../model/text.ts";
import type { RegulationId, Text } from "../model/types.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Citation } from "./schema/articles.ts";
import type { Duty } from "./schema/duty.ts";
import type { Deadline, Profile, ProfileException } from "./schema/profile.ts";
import { COMMON_WORDS, inWordsOf, type Vocabulary } from "./schema/terms.ts";
import { heaviest, type Severity, severityOf } from "./severity.ts";

/** What a person reads of a duty, in the words of one vocabulary. */
export interface Words {
  readonly title: Text;
  readonly explanation: Text;
  readonly remedy: Text;
}

/** One regulation that asks for the duty. */
export interface Basis {
  readonly profile: Profile["id"];
  readonly regulation: RegulationId;
  readonly articles: readonly Citation[];
  readonly severity: Severity;
  readonly words: Words;
  /** What the regulation allows otherwise, with its texts in the region's words. */
  readonly exceptions: readonly ProfileException[];
  /** By when: deadlines that stand in this duty, and those that cover it. */
  readonly deadlines: readonly Deadline[];
}

export type Binding = Bound | Unbound;

export interface Bound {
  readonly duty: Duty;
  readonly binds: true;
  /** The heaviest of its bases. */
  readonly severity: Severity;
  /** One for each regulation that asks, in the order of the profiles. */
  readonly bases: readonly [Basis, ...Basis[]];
  /** In the region's own words, or in the common ones where more than one regulation binds the region. */
  readonly words: Words;
}

export interface Unbound {
  readonly duty: Duty;
  readonly binds: false;
  /** Why it is not applicable. */
  readonly reason: Text;
  readonly words: Words;
}

/** Every duty of the catalogue, in its order, for a region under these profiles. */
export function bind({ duties }: Pick<Catalogue, "duties">, profiles: readonly Profile[]): Binding[] {
  const vocabulary = vocabularyOf(profiles);
  return duties.map((duty) => {
    const words = wordsOf(duty, vocabulary);
    const [first, ...others] = profiles.flatMap((profile) => basisOf(duty, profile) ?? []);
    if (!first) return { duty, binds: false, reason: notAsked(profiles), words };
    const severity = heaviest([first, ...others].map((basis) => basis.severity)) ?? first.severity;
    return { duty, binds: true, severity, bases: [first, ...others], words };
  });
}

/** The profiles of a region's regulations, in the order of the catalogue; one that is missing is undefined at no place: it is named. */
export function profilesOf(
  { profiles }: Pick<Catalogue, "profiles">,
  regulations: readonly RegulationId[],
): { readonly profiles: readonly Profile[]; readonly missing: readonly RegulationId[] } {
  const known = new Set(profiles.map(({ regulation }) => regulation.id));
  return {
    profiles: profiles.filter(({ regulation }) => regulations.includes(regulation.id)),
    missing: regulations.filter((id) => !known.has(id)),
  };
}

/** One region speaks in its own words; several regulations at once are spoken of in the common ones. */
export function vocabularyOf(profiles: readonly Profile[]): Vocabulary {
  const [only, ...others] = profiles;
  return only && others.length === 0 ? only.vocabulary : COMMON_WORDS;
}

function basisOf(duty: Duty, profile: Profile): Basis | undefined {
  const articles = duty.articles[profile.id];
  if (!articles) return undefined;
  const { vocabulary } = profile;
  return {
    profile: profile.id,
    regulation: profile.regulation.id,
    articles,
    severity: severityOf(articles, duty.beyond),
    words: wordsOf(duty, vocabulary),
    exceptions: profile.exceptions
      .filter(({ duties }) => duties.includes(duty.id))
      .map((exception) => ({
        ...exception,
        rule: inWordsOf(vocabulary, exception.rule),
        condition: inWordsOf(vocabulary, exception.condition),
      })),
    deadlines: profile.deadlines
      .filter((deadline) => deadline.duty === duty.id || deadline.covers.includes(duty.id))
      .map((deadline) => ({ ...deadline, subject: inWordsOf(vocabulary, deadline.subject) })),
  };
}

function wordsOf({ title, explanation, remedy }: Duty, vocabulary: Vocabulary): Words {
  return {
    title: inWordsOf(vocabulary, title),
    explanation: inWordsOf(vocabulary, explanation),
    remedy: inWordsOf(vocabulary, remedy),
  };
}

function notAsked(profiles: readonly Profile[]): Text {
  if (profiles.length === 0)
    return text("tidak ada peraturan yang dinyatakan mengikat", "no regulation is declared to bind");
  const names = (language: keyof Text): string =>
    profiles
      .map(({ regulation: { form, number, year } }) => `${form[language]} ${number}/${year}`)
      .join(language === "id" ? " dan " : " and ");
  return text(`tidak diminta oleh ${names("id")}`, `not asked by ${names("en")}`);
}
