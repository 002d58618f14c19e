/** What holds across the files of the catalogue, one line each. */
import type { Problem } from "../../model/problems.ts";
import { articlesTwice, dutiesThatBindNobody } from "./articles.ts";
import { wrongDates } from "./deadlines.ts";
import { areasUnlikeIds, idsUnlikeFiles } from "./files.ts";
import { brokenAsNothing, followsItself, unknownDuties } from "./references.ts";
import type { Entries, Rule } from "./rule.ts";
import { beyondWithoutNote, checksOfOthers, documentsUnlikeEvidence } from "./ways.ts";

const RULES: readonly Rule[] = [
  { code: "id-unlike-file", find: idsUnlikeFiles },
  { code: "area-unlike-id", find: areasUnlikeIds },
  { code: "binds-nobody", find: dutiesThatBindNobody },
  { code: "article-twice", find: articlesTwice },
  { code: "check-of-other", find: checksOfOthers },
  { code: "document-unlike-evidence", find: documentsUnlikeEvidence },
  { code: "beyond-unexplained", find: beyondWithoutNote },
  { code: "unknown-duty", find: unknownDuties },
  { code: "follows-itself", find: followsItself },
  { code: "broken-as-nothing", find: brokenAsNothing },
  { code: "wrong-date", find: wrongDates },
];

/** Every problem across the files that are right by themselves. */
export function crossProblems(entries: Entries): Problem[] {
  return RULES.flatMap(({ code, find }) => [...find(entries)].map(([entry, finding]) => entry.locate(code, finding)));
}
