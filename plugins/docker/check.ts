/** Check: every declared property is known and of its type, defaults are filled in. Pure. */
import type { Failure, Field, Fields, Kind, Properties } from "./property.ts";
import { isList, isMap, isUnknown, type MutableMap, type Value, type ValueMap } from "./values.ts";

export interface Checked {
  readonly inputs: ValueMap;
  readonly failures: readonly Failure[];
}

/**
 * Inputs with defaults, in the shape of the official plugin (`__defaults` names what was filled in), and all that is wrong.
 * `refused` gives a hint for properties that the official plugin knows and this one does not.
 */
export function check(
  properties: Properties,
  declared: ValueMap,
  refused: Readonly<Record<string, string>> = {},
): Checked {
  const failures: Failure[] = [];
  const inputs: MutableMap = {};
  const defaults: string[] = [];
  for (const [name, value] of Object.entries(declared)) {
    if (name.startsWith("__") || value === null) continue;
    const property = properties[name];
    if (!property) {
      failures.push({ property: name, reason: unsupported(name, value, properties, refused) });
      continue;
    }
    inputs[name] = checked(name, property.kind, value, failures);
    const complaint = isUnknown(value) ? undefined : property.rule?.(value, declared);
    if (complaint) failures.push({ property: name, reason: complaint });
  }
  for (const [name, property] of Object.entries(properties)) {
    if (inputs[name] !== undefined) continue;
    if (property.fallback !== undefined) {
      inputs[name] = property.fallback;
      defaults.push(name);
    } else if (property.required) {
      failures.push({ property: name, reason: `expected a value, received none` });
    }
  }
  return { inputs: { __defaults: defaults.sort(), ...inputs }, failures };
}

function checked(path: string, kind: Kind, value: Value, failures: Failure[]): Value {
  if (isUnknown(value)) return value;
  if (typeof kind === "object") {
    const fields = "block" in kind ? kind.block : kind.blocks;
    if ("block" in kind) return checkedBlock(path, fields, value, failures);
    if (!isList(value)) return wrong(path, "a list", value, failures);
    return value.map((item, index) =>
      isUnknown(item) ? item : checkedBlock(`${path}[${index}]`, fields, item, failures),
    );
  }
  if (!matches(kind, value)) return wrong(path, NAMES[kind], value, failures);
  return value;
}

function checkedBlock(path: string, fields: Fields, value: Value, failures: Failure[]): Value {
  if (!isMap(value)) return wrong(path, "an object", value, failures);
  const result: MutableMap = {};
  const defaults: string[] = [];
  for (const [name, item] of Object.entries(value)) {
    if (name.startsWith("__") || item === null) continue;
    const field = fields[name];
    if (!field) {
      const known = Object.keys(fields).join(", ");
      failures.push({
        property: `${path}.${name}`,
        reason: `is not supported; received ${describe(item)}. Supported here: ${known}`,
      });
    } else if (!isUnknown(item) && !matches(field.kind, item)) {
      wrong(`${path}.${name}`, NAMES[field.kind], item, failures);
    } else {
      result[name] = item;
    }
  }
  for (const [name, field] of Object.entries(fields)) fill(path, name, field, result, defaults, failures);
  return { __defaults: defaults.sort(), ...result };
}

function fill(
  path: string,
  name: string,
  field: Field,
  into: MutableMap,
  defaults: string[],
  failures: Failure[],
): void {
  if (into[name] !== undefined) return;
  if (field.fallback !== undefined) {
    into[name] = field.fallback;
    defaults.push(name);
  } else if (field.required && !failures.some((failure) => failure.property === `${path}.${name}`)) {
    failures.push({ property: `${path}.${name}`, reason: "expected a value, received none" });
  }
}

type Simple = Exclude<Kind, object>;

const NAMES: Readonly<Record<Simple, string>> = {
  text: "a text",
  integer: "a whole number",
  number: "a number",
  flag: "true or false",
  texts: "a list of texts",
  textMap: "an object of texts",
};

function matches(kind: Simple, value: Value): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "flag":
      return typeof value === "boolean";
    case "texts":
      return isList(value) && value.every((item) => typeof item === "string");
    case "textMap":
      return isMap(value) && Object.values(value).every((item) => typeof item === "string");
  }
}

function wrong(path: string, expected: string, value: Value, failures: Failure[]): Value {
  failures.push({ property: path, reason: `expected ${expected}, received ${describe(value)}` });
  return value;
}

/** Says the type only: a value may be a secret. */
function describe(value: Value): string {
  if (value === null) return "nothing";
  if (isList(value)) return `a list of ${value.length}`;
  if (isMap(value)) return "an object";
  return { string: "a text", number: "a number", boolean: "true or false" }[
    typeof value as "string" | "number" | "boolean"
  ];
}

function unsupported(
  name: string,
  value: Value,
  properties: Properties,
  refused: Readonly<Record<string, string>>,
): string {
  const hint = refused[name];
  if (hint) return `is not supported by this plugin; received ${describe(value)}. Hint: ${hint}`;
  const near = Object.keys(properties).find(
    (known) => known.toLowerCase().replace(/s$/, "") === name.toLowerCase().replace(/s$/, ""),
  );
  return `is no property of this resource; received ${describe(value)}. Hint: ${near ? `did you mean ${near}?` : "see plugins/docker/README.md for what is supported"}`;
}
