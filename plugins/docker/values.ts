/**
 * Property values as they cross the wire: plain JSON in which a few reserved strings mean "not known yet"
 * and a few reserved objects mean "secret" (Pulumi's property marshalling, sdk/go/common/resource/plugin/rpc.go).
 */

export type Value = null | boolean | number | string | readonly Value[] | ValueMap;
export interface ValueMap {
  readonly [key: string]: Value;
}
export type MutableMap = Record<string, Value>;

/** What the engine sends, and what we answer, for a value that a preview cannot know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine has one sentinel per type; all of them mean unknown. */
const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Whether the value itself is the unknown. */
export function isUnknown(value: Value | undefined): boolean {
  return typeof value === "string" && UNKNOWNS.has(value);
}

/** Whether there is an unknown anywhere in the value. */
export function hasUnknown(value: Value | undefined): boolean {
  if (isList(value)) return value.some(hasUnknown);
  if (isMap(value)) return Object.values(value).some(hasUnknown);
  return isUnknown(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Nothing at all, or the zero of its type: what the official plugin does not tell apart either. */
export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  if (isList(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).every((key) => key === "__defaults");
}

export function text(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

export function number(value: Value | undefined): number {
  return typeof value === "number" ? value : 0;
}

export function flag(value: Value | undefined): boolean {
  return value === true;
}

export function texts(value: Value | undefined): string[] {
  return isList(value) ? value.map(text) : [];
}

export function blocks(value: Value | undefined): ValueMap[] {
  return isList(value) ? value.filter(isMap) : [];
}

export function block(value: Value | undefined): ValueMap {
  return isMap(value) ? value : {};
}

export function textMap(value: Value | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(block(value)).map(([key, item]) => [key, text(item)]));
}

export interface Unwrapped {
  readonly values: ValueMap;
  /** Names of the properties that carry a secret somewhere inside. */
  readonly secrets: ReadonlySet<string>;
}

/** Takes the secrets out of their envelopes and remembers which properties had one. */
export function unwrap(wire: ValueMap): Unwrapped {
  const secrets = new Set<string>();
  const values: MutableMap = {};
  for (const [name, value] of Object.entries(wire)) {
    values[name] = open(value, () => secrets.add(name));
  }
  return { values, secrets };
}

function open(value: Value, seen: () => void): Value {
  if (isList(value)) return value.map((item) => open(item, seen));
  if (!isMap(value)) return value;
  const signature = value[SIGNATURE_KEY];
  if (signature === SECRET_SIGNATURE) {
    seen();
    return open(value.value ?? null, seen);
  }
  if (signature === OUTPUT_SIGNATURE) {
    if (value.secret === true) seen();
    return value.value === undefined ? UNKNOWN : open(value.value, seen);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, open(item, seen)]));
}

/** Puts the properties that came as secrets back into their envelopes. */
export function wrap(values: ValueMap, secrets: ReadonlySet<string>): ValueMap {
  if (secrets.size === 0) return values;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      secrets.has(name) && value !== null ? { [SIGNATURE_KEY]: SECRET_SIGNATURE, value } : value,
    ]),
  );
}
