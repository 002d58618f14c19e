/** How a property of a resource is described. One table per resource; check, diff and preview walk it. */
import type { Value, ValueMap } from "./values.ts";

export type Scalar = "text" | "integer" | "number" | "flag";

/** One field of a nested block. */
export interface Field {
  readonly kind: Scalar | "texts" | "textMap";
  readonly required?: boolean;
  /** Filled in by check when absent, and named in `__defaults`. */
  readonly fallback?: Value;
  /** What the outputs say when the field is absent. */
  readonly absent: Value;
}

export type Fields = Readonly<Record<string, Field>>;

export type Kind = Scalar | "texts" | "textMap" | { readonly block: Fields } | { readonly blocks: Fields };

export interface Property {
  readonly kind: Kind;
  readonly required?: boolean;
  /** Filled in by check when absent, and named in `__defaults`. */
  readonly fallback?: Value;
  /** `replace`: a new object; `update`: the engine changes it in place; `knob`: only this plugin reads it. */
  readonly change: "replace" | "update" | "knob";
  /** Docker changes the limit in place but can't take it away: withdrawn, it replaces. Default false. */
  readonly liftReplaces?: boolean;
  /** Whether the official plugin lists it among the stable outputs. Default: whether a change replaces. */
  readonly stable?: boolean;
  /** Absent means that the engine or the image chooses: what it chose is no difference. Default false: absent means zero. */
  readonly chosen?: boolean;
  /** What a preview's outputs say when it is absent: a value, or `UNKNOWN`. */
  readonly preview: Value;
  /** Equal in effect, though written differently. Default: by kind, lists of texts as sets. */
  readonly same?: (observed: Value, declared: Value) => boolean;
  /** Order matters in a list of texts. Default false. */
  readonly ordered?: boolean;
  /** What is wrong with a known value: what was expected, and a hint. Undefined when it is fine. */
  readonly rule?: (value: Value, all: ValueMap) => string | undefined;
}

export type Properties = Readonly<Record<string, Property>>;

export interface Failure {
  readonly property: string;
  readonly reason: string;
}
