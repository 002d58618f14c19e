/** Applies a breaking example to the values of an inventory. Pure: the values handed in are not changed. */
import type { InventoryEdit, Segment } from "./schema/breaking.ts";

/** By name of the file, what it holds. */
export type InventoryValues = Readonly<Record<string, unknown>>;

/**
 * The values after every edit, in order.
 * @throws RangeError where an edit finds no such file or datum, or changes nothing: an example that does not fit proves nothing.
 */
export function applyEdits(values: InventoryValues, edits: readonly InventoryEdit[]): InventoryValues {
  const changed: Record<string, unknown> = structuredClone(values);
  for (const edit of edits) {
    if (!Object.hasOwn(changed, edit.file)) throw misfit(edit, `file ${edit.file}`, Object.keys(changed).join(", "));
    const before = JSON.stringify(changed[edit.file]);
    applyOne(changed[edit.file], edit);
    if (JSON.stringify(changed[edit.file]) === before) throw misfit(edit, "a change", "the same as before");
  }
  return changed;
}

/** A copy of a value with another at this path. @throws RangeError as `applyEdits`. */
export function applyAt(root: unknown, path: InventoryEdit["path"], value: NonNullable<unknown> | null): unknown {
  const copy: unknown = structuredClone(root);
  applyOne(copy, { op: "replace", file: "evidence", path, value });
  return copy;
}

function applyOne(root: unknown, edit: InventoryEdit): void {
  const segments = edit.path.slice(0, -1);
  const last = edit.path.at(-1) as Segment;
  const holder = segments.reduce((at: unknown, segment) => stepInto(at, segment, edit), root);
  if (Array.isArray(holder)) editList(holder, last, edit);
  else if (typeof holder === "object" && holder !== null) editFields(holder as Record<string, unknown>, last, edit);
  else throw misfit(edit, "a list or fields", JSON.stringify(holder));
}

function editList(list: unknown[], last: Segment, edit: InventoryEdit): void {
  if (edit.op === "add" && last === "-") {
    list.push(edit.value);
    return;
  }
  const index = indexIn(list, last);
  if (index === undefined) throw misfit(edit, `an item ${JSON.stringify(last)}`, `${list.length} others`);
  if (edit.op === "add") list.splice(index, 0, edit.value);
  else if (edit.op === "replace") list[index] = edit.value;
  else list.splice(index, 1);
}

function editFields(fields: Record<string, unknown>, last: Segment, edit: InventoryEdit): void {
  if (typeof last !== "string") throw misfit(edit, "a key", JSON.stringify(last));
  if (edit.op !== "add" && !Object.hasOwn(fields, last))
    throw misfit(edit, `a key ${last}`, Object.keys(fields).join(", "));
  if (edit.op === "remove") delete fields[last];
  else fields[last] = edit.value;
}

function stepInto(at: unknown, segment: Segment, edit: InventoryEdit): unknown {
  if (Array.isArray(at)) {
    const index = indexIn(at, segment);
    if (index !== undefined) return at[index];
  } else if (typeof at === "object" && at !== null && typeof segment === "string" && Object.hasOwn(at, segment)) {
    return (at as Record<string, unknown>)[segment];
  }
  throw misfit(edit, JSON.stringify(segment), "nothing there");
}

function indexIn(list: readonly unknown[], segment: Segment): number | undefined {
  const index =
    typeof segment === "number"
      ? segment
      : typeof segment === "string"
        ? -1
        : list.findIndex((item) =>
            Object.entries(segment).every(
              ([field, value]) => (item as Record<string, unknown> | null)?.[field] === value,
            ),
          );
  return index >= 0 && index < list.length ? index : undefined;
}

function misfit({ op, file, path }: InventoryEdit, expected: string, received: string): RangeError {
  return new RangeError(
    `applyEdits: ${op} ${file} ${JSON.stringify(path)}: expected ${expected}, received ${received}`,
  );
}
