import type { Path } from "../problems.ts";
import type { Key, View } from "../schema/index.ts";
import type { Text } from "../types.ts";

/** What a rule found wrong. The loader adds file, line and the found value. */
export interface Finding {
  readonly path: Path;
  readonly message: Text;
  readonly expected: Text;
  /** What came, when it is not simply the value at the path. */
  readonly received?: unknown;
  readonly hint?: Text | undefined;
}

export interface Context {
  readonly view: View;
  /** Name of the folder that the files come from, where it is known. */
  readonly folder?: string | undefined;
  /** Declared ids by index, valid items or not; a key is absent when what it holds is not known (its file does not parse). */
  readonly ids: { readonly [K in Key]?: readonly (string | undefined)[] };
}

/** One rule: a name and a predicate over what is valid of the inventory. */
export interface Rule {
  readonly code: string;
  readonly find: (context: Context) => Iterable<Finding>;
}

/** The items that are valid, with their index. */
export function* entries<T>(items: readonly (T | undefined)[] | undefined): Generator<[number, T]> {
  if (!items) return;
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (item !== undefined) yield [index, item];
  }
}
