/** The catalogue of duties and the profiles of regions, from the texts of their files. Pure. */
import { compareProblems, type Problem } from "../model/problems.ts";
import { type CatalogueFile, type Entry, readEntry, stemOf } from "./read.ts";
import { crossProblems } from "./rules/index.ts";
import { areaIds } from "./schema/areas.ts";
import { type Duty, duty } from "./schema/duty.ts";
import { type Profile, profile } from "./schema/profile.ts";

export type { CatalogueFile } from "./read.ts";

export interface CatalogueFiles {
  /** Files of `compliance/duties/`. */
  readonly duties: readonly CatalogueFile[];
  /** Files of `compliance/profiles/`. */
  readonly profiles: readonly CatalogueFile[];
}

export interface Catalogue {
  /** By area in the order of `AREAS`, then by id. */
  readonly duties: readonly Duty[];
  /** By id. */
  readonly profiles: readonly Profile[];
}

export type CatalogueResult =
  | { readonly ok: true; readonly catalogue: Catalogue }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The catalogue, or every problem at once: of syntax, of shape, and across the files that are right by themselves. */
export function parseCatalogue({ duties, profiles }: CatalogueFiles): CatalogueResult {
  const readDuties = duties.map((file) => readEntry(file, duty));
  const readProfiles = profiles.map((file) => readEntry(file, profile));
  const entries = {
    duties: readDuties.flatMap(({ entry }) => entry ?? []),
    profiles: readProfiles.flatMap(({ entry }) => entry ?? []),
    // A mention of a duty whose file is wrong is no second mistake.
    dutyIds: new Set(duties.map(stemOf)),
  };
  const problems = [...readDuties, ...readProfiles].flatMap((one) => one.problems).concat(crossProblems(entries));
  if (problems.length > 0) return { ok: false, problems: problems.sort(compareProblems) };
  return {
    ok: true,
    catalogue: {
      duties: valuesOf(entries.duties).sort((a, b) => rank(a) - rank(b) || compareIds(a, b)),
      profiles: valuesOf(entries.profiles).sort(compareIds),
    },
  };
}

const valuesOf = <T>(entries: readonly Entry<T>[]): T[] => entries.map(({ value }) => value);

const rank = ({ area }: Duty): number => areaIds.indexOf(area);

const compareIds = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
