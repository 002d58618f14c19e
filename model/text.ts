import type { Text } from "./types.ts";

const separator = " / ";

/**
 * Both languages of a text in one string, for places that hold only one (a schema's description, a schema's error):
 * Indonesian first. Throws a RangeError if a text holds the separator itself.
 */
export function say(id: string, en: string): string {
  if (id.includes(separator) || en.includes(separator)) {
    throw new RangeError(
      `say: a text must not contain "${separator}": expected two plain texts, received "${id}", "${en}"`,
    );
  }
  return `${id}${separator}${en}`;
}

/** The two texts that `say` joined, or undefined if the string was not made by it. */
export function unsay(said: string): Text | undefined {
  const parts = said.split(separator);
  const [id, en] = parts;
  return parts.length === 2 && id !== undefined && en !== undefined ? { id, en } : undefined;
}

/** A text of both languages. */
export function text(id: string, en: string): Text {
  return { id, en };
}

/** Several texts as one, in each language. */
export const joined = (texts: readonly Text[]): Text =>
  text(texts.map(({ id }) => id).join("; "), texts.map(({ en }) => en).join("; "));
