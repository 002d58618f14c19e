/** Applies a breaking example to what evidence says, before it is assessed. Pure: what is handed in is not changed. */
import type { Json } from "../evidence/canonical.ts";
import { applyAt } from "./edits.ts";
import type { EvidenceEdit } from "./schema/breaking.ts";
import { fieldsOf, type Seen } from "./seen.ts";

const DAY_MS = 86_400_000;

/**
 * What evidence says after every edit, in order.
 * @throws RangeError where an edit finds no such record: an example that does not fit proves nothing.
 */
export function applyEvidenceEdits(seen: readonly Seen[], edits: readonly EvidenceEdit[], now: Date): Seen[] {
  return edits.reduce<Seen[]>(
    (all, edit) => {
      const isMeant = matcher(edit);
      const found = all.filter(isMeant).length;
      if (found === 0)
        throw new RangeError(
          `applyEvidenceEdits: ${edit.op} ${edit.record} ${edit.about}: expected a record, received none`,
        );
      return all.flatMap((one) => (isMeant(one) ? (edited(one, edit, now) ?? []) : [one]));
    },
    [...seen],
  );
}

/** The name, or what begins with it and a slash; `*` is any one part. */
function matcher({ record, about }: EvidenceEdit): (seen: Seen) => boolean {
  const parts = about.split("/");
  return (seen) => {
    if (seen.kind !== record) return false;
    const there = seen.about.split("/");
    return parts.every((part, index) => (part === "*" ? there[index] !== undefined : there[index] === part));
  };
}

/** Undefined: it is gone. */
function edited(seen: Seen, edit: EvidenceEdit, now: Date): Seen | undefined {
  switch (edit.op) {
    case "remove":
      return undefined;
    case "age":
      return aged(seen, edit.seconds);
    case "expire":
      return { ...seen, observed: { ...fieldsOf(seen.observed), expires: day(now.getTime() - DAY_MS) } as Json };
    case "replace":
      return { ...seen, observed: applyAt(seen.observed, edit.path, edit.value) as Json };
  }
}

/** A document that is older was also issued earlier. */
function aged(seen: Seen, seconds: number): Seen {
  const { date } = fieldsOf(seen.observed);
  const issued = typeof date === "string" ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  const observed = Number.isNaN(issued)
    ? seen.observed
    : ({ ...fieldsOf(seen.observed), date: day(issued - seconds * 1000) } as Json);
  return { ...seen, observed, observedAt: new Date(Date.parse(seen.observedAt) - seconds * 1000).toISOString() };
}

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
