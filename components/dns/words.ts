/**
 * Last check of every word that goes into an engine's configuration. The model has validated them all; here a word that could end
 * a line, a quotation or a list is a bug of ours, and stops the program instead of making another configuration than was meant.
 */

export type WordKind = keyof typeof patterns;

const patterns = {
  "host name": /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/,
  "workload name": /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "IPv4 address": /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/,
  "IPv6 address": /^(?=.*:)[0-9a-f:.]{2,45}$/i,
  "mailbox name": /^(?=.{1,253}$)([A-Za-z0-9_-]|\\\.)+(\.[A-Za-z0-9_-]+)+$/,
  base64: /^[A-Za-z0-9+/]+={0,2}$/,
} as const;

/** The value itself. @throws a TypeError that names the place, what was expected and what came. */
export function word(kind: WordKind, value: string, path: string): string {
  if (!patterns[kind].test(value)) throw new TypeError(`${path}: expected ${kind}, received ${JSON.stringify(value)}`);
  return value;
}

/** A whole number, in range. @throws a TypeError as `word` does. */
export function whole(value: number, path: string, least = 0, most = 2 ** 31 - 1): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new TypeError(`${path}: expected a whole number from ${least} to ${most}, received ${value}`);
  return value;
}
