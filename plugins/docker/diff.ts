/** Diff: what of the state differs from what is declared, and whether that needs a new object. Pure. */
import type { Properties, Property } from "./property.ts";
import { same } from "./same.ts";
import { isEmpty, isList, type Value, type ValueMap } from "./values.ts";

export type ChangeKind = "ADD" | "ADD_REPLACE" | "DELETE" | "DELETE_REPLACE" | "UPDATE" | "UPDATE_REPLACE";

export interface Difference {
  /** Properties that differ, by name. */
  readonly diffs: readonly string[];
  readonly replaces: readonly string[];
  readonly stables: readonly string[];
  readonly detailed: Readonly<Record<string, ChangeKind>>;
  readonly deleteBeforeReplace: boolean;
}

export interface DiffInput {
  /** The outputs in the state. */
  readonly state: ValueMap;
  readonly declared: ValueMap;
  readonly previouslyDeclared: ValueMap;
  readonly ignored: readonly string[];
}

/** Old and new can't stand side by side: a name that was chosen, or something else that only one may hold. */
export type Exclusive = (declared: ValueMap, state: ValueMap) => boolean;

/** Every difference, each under the path that the engine shows to the user. */
export function diff(properties: Properties, input: DiffInput, exclusive: Exclusive): Difference {
  const detailed: Record<string, ChangeKind> = {};
  const diffs: string[] = [];
  const replaces: string[] = [];
  for (const name of Object.keys(properties).sort()) {
    const property = properties[name];
    if (!property || input.ignored.includes(name)) continue;
    const change = changeOf(name, property, input);
    if (!change) continue;
    diffs.push(name);
    if (needsNew(property, change)) replaces.push(name);
    Object.assign(detailed, pathsOf(name, property, change));
  }
  return {
    diffs,
    replaces,
    stables: stablesOf(properties, diffs),
    detailed,
    deleteBeforeReplace: replaces.length > 0 && exclusive(input.declared, input.state),
  };
}

interface Change {
  readonly before: Value;
  readonly after: Value;
}

function changeOf(name: string, property: Property, input: DiffInput): Change | undefined {
  const before = input.state[name] ?? null;
  const after = input.declared[name];
  if (after === undefined || after === null) {
    if (property.change === "knob") return undefined;
    const withdrawn = !isEmpty(input.previouslyDeclared[name]);
    if (property.chosen && !withdrawn) return undefined;
    return isEmpty(before) ? undefined : { before, after: null };
  }
  return same(property, before, after) ? undefined : { before, after };
}

function needsNew(property: Property, { after }: Change): boolean {
  return property.change === "replace" || (property.liftReplaces === true && isEmpty(after));
}

function pathsOf(name: string, property: Property, change: Change): Record<string, ChangeKind> {
  const { before, after } = change;
  const anew = needsNew(property, change);
  if (property.kind === "texts" && isList(before) && isList(after) && before.length > 0 && after.length > 0) {
    const paths: Record<string, ChangeKind> = {};
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      const old = before[index];
      const now = after[index];
      if (old !== now) paths[`${name}[${index}]`] = kindOf(anew, old === undefined, now === undefined);
    }
    return paths;
  }
  return { [name]: kindOf(anew, isNothing(before), isNothing(after)) };
}

/** Nothing there at all; `false` and zero are something. */
function isNothing(value: Value): boolean {
  return typeof value !== "boolean" && typeof value !== "number" && isEmpty(value);
}

function kindOf(anew: boolean, added: boolean, removed: boolean): ChangeKind {
  const kind = added ? (removed ? "UPDATE" : "ADD") : removed ? "DELETE" : "UPDATE";
  return anew ? `${kind}_REPLACE` : kind;
}

function stablesOf(properties: Properties, changed: readonly string[]): string[] {
  return Object.entries(properties)
    .filter(([name, property]) => (property.stable ?? property.change === "replace") && !changed.includes(name))
    .map(([name]) => name)
    .sort();
}

/** A name that the program chose is taken until the old object is gone; one that was made up is not. */
export function nameIsTaken(declared: ValueMap, state: ValueMap): boolean {
  const made = isList(declared.__defaults) && declared.__defaults.includes("name");
  return !made && declared.name === state.name;
}
