/** Outputs in the official shape: every property is there, nested blocks are complete. Pure. */
import type { Fields, Properties, Property } from "./property.ts";
import { same } from "./same.ts";
import { isEmpty, isList, isMap, isUnknown, type MutableMap, UNKNOWN, type Value, type ValueMap } from "./values.ts";

/** What a preview of a create answers: declared values, and for the others what is known of them beforehand. */
export function previewOutputs(properties: Properties, inputs: ValueMap, others: ValueMap): ValueMap {
  const outputs: MutableMap = { ...others };
  for (const [name, property] of Object.entries(properties)) {
    const value = inputs[name];
    outputs[name] = value === undefined || value === null ? property.preview : complete(property, value);
  }
  return outputs;
}

/** What a preview of an update answers: the state, with what is declared differently; `unsettled` outputs are unknown. */
export function previewUpdate(
  properties: Properties,
  state: ValueMap,
  inputs: ValueMap,
  unsettled: readonly string[],
): ValueMap {
  const outputs: MutableMap = { ...state };
  for (const [name, property] of Object.entries(properties)) {
    const declared = inputs[name];
    const before = state[name] ?? null;
    if (declared === undefined || declared === null) {
      if (!property.chosen && !isEmpty(before)) outputs[name] = property.preview;
    } else if (!same(property, before, declared)) {
      outputs[name] = complete(property, declared);
    }
  }
  for (const name of unsettled) outputs[name] = UNKNOWN;
  return outputs;
}

/** A declared value with every field of its blocks. */
export function complete(property: Property, value: Value): Value {
  const { kind } = property;
  if (typeof kind !== "object" || isUnknown(value)) return value;
  if ("block" in kind) return isMap(value) ? completeBlock(kind.block, value) : value;
  return isList(value) ? value.map((item) => (isMap(item) ? completeBlock(kind.blocks, item) : item)) : value;
}

function completeBlock(fields: Fields, value: ValueMap): ValueMap {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, value[name] ?? field.absent]));
}
