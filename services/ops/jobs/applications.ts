/** Whole applications as targets of drills: what each is restored from, which copies go together, and what may not run beside such a drill. Pure. */
import type { WholeApplication } from "../../../model/types.ts";
import type { Copy } from "../../backup/wire.ts";

export type Applications = readonly Pick<WholeApplication, "id" | "database" | "files">[];

/** Backup targets that a drill of this target restores besides itself; none where it is no application. */
export function partsOf(applications: Applications, target: string): string[] {
  const found = applications.find(({ id }) => id === target);
  return found === undefined ? [] : [found.database, ...(found.files === undefined ? [] : [found.files])];
}

/** Copies that a drill of a target can choose among, oldest first: of an application its database's, as long as there are any of its files. */
export function choicesOf(
  applications: Applications,
  target: string,
  copiesOf: (target: string) => readonly Copy[],
): readonly Copy[] {
  const [database, files] = partsOf(applications, target);
  if (database === undefined) return copiesOf(target);
  return files !== undefined && copiesOf(files).length === 0 ? [] : copiesOf(database);
}

/**
 * The copy of files that goes with a database restored to a moment: the newest that is not newer, as what the database names is then there but for
 * what came in between; where every copy is newer, the oldest of them. Undefined: there is none.
 */
export function filesFor(copies: readonly Copy[], moment: string): Copy | undefined {
  const at = Date.parse(moment);
  return copies.findLast((copy) => Date.parse(copy.at) <= at) ?? copies[0];
}

/** How much later the first of two moments is, seconds; below 0: earlier. */
export const secondsApart = (later: string, than: string): number => (Date.parse(later) - Date.parse(than)) / 1000;
