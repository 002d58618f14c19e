import type { Finding } from "../../model/rules/rule.ts";
import type { Entry } from "../read.ts";
import type { Duty } from "../schema/duty.ts";
import type { Profile } from "../schema/profile.ts";

/** Files that are right by themselves. */
export interface Entries {
  readonly duties: readonly Entry<Duty>[];
  readonly profiles: readonly Entry<Profile>[];
  /** Ids of duties by the names of their files, also of those that are otherwise wrong. */
  readonly dutyIds: ReadonlySet<string>;
}

/** What is wrong, and in which file. */
export type Findings = Iterable<readonly [Entry<Duty> | Entry<Profile>, Finding]>;

/** One rule: a name and a predicate across the files. */
export interface Rule {
  readonly code: string;
  readonly find: (entries: Entries) => Findings;
}
