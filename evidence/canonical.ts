/** JSON with one way to write it (RFC 8785), so that a signature is over bytes that anybody can make again. */

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * The value's only text: members in order of their names' UTF-16 units, no space, numbers as ECMAScript writes them.
 * @throws TypeError for what JSON cannot say: undefined, functions, numbers without end, halves of characters.
 */
export function canonicalJson(value: unknown): string {
  return write(value, "$");
}

function write(value: unknown, path: string): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === "string") return writeText(value, path);
  if (Array.isArray(value)) return `[${value.map((item, index) => write(item, `${path}[${index}]`)).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) return writeObject(value as Readonly<Record<string, unknown>>, path);
  throw new TypeError(`${path}: expected what JSON can say, received ${typeof value}`);
}

function writeObject(value: Readonly<Record<string, unknown>>, path: string): string {
  const members = Object.keys(value)
    .sort()
    .map((name) => `${writeText(name, path)}:${write(value[name], `${path}.${name}`)}`);
  return `{${members.join(",")}}`;
}

/** Half of a surrogate pair has no UTF-8. */
function writeText(text: string, path: string): string {
  if (!text.isWellFormed()) throw new TypeError(`${path}: expected whole characters, received half of one`);
  return JSON.stringify(text);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
