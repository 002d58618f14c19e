/** Keeps a state still: what the engine reports is written as it was declared, as long as it means the same. */
import { check } from "./check.ts";
import { complete } from "./outputs.ts";
import type { Properties } from "./property.ts";
import { same } from "./same.ts";
import { isEmpty, isList, isMap, type MutableMap, type Value, type ValueMap } from "./values.ts";

/** Outputs of a read: the earlier spelling where it is equal in effect, else what the engine says. */
export function settle(properties: Properties, earlier: ValueMap, read: ValueMap): ValueMap {
  const outputs: MutableMap = { ...read };
  for (const [name, property] of Object.entries(properties)) {
    const before = earlier[name];
    const now = read[name];
    if (before === undefined || now === undefined) continue;
    if (same(property, now, before)) outputs[name] = complete(property, before);
  }
  return outputs;
}

/** Inputs of a read: as they were, except where the object has drifted from them. */
export function driftedInputs(properties: Properties, inputs: ValueMap, outputs: ValueMap): ValueMap {
  const result: MutableMap = { ...inputs };
  for (const [name, property] of Object.entries(properties)) {
    const declared = inputs[name];
    const now = outputs[name];
    if (declared === undefined || now === undefined) continue;
    if (!same(property, now, declared)) result[name] = bare(now);
  }
  return result;
}

/** Inputs for an imported object: what is set on it and is not the default, nor among `chosen` by engine or image, with defaults filled in. */
export function importedInputs(properties: Properties, outputs: ValueMap, chosen: readonly string[] = []): ValueMap {
  const set: MutableMap = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = chosen.includes(name) ? undefined : outputs[name];
    if (value === undefined || isEmpty(value) || value === property.preview || value === property.fallback) continue;
    set[name] = bare(value);
  }
  return check(properties, set).inputs;
}

/** Without the fields that say nothing. */
function bare(value: Value): Value {
  if (isList(value)) return value.map(bare);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => !isEmpty(item)));
}
