import { text } from "./text.ts";
import type { Text } from "./types.ts";

/** Levenshtein distance, or `limit + 1` as soon as it is known to be more than the limit. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const value = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      current.push(value);
      least = Math.min(least, value);
    }
    if (least > limit) return limit + 1;
    previous = current;
  }
  return Math.min(previous[b.length] ?? limit, limit + 1);
}

/** The known word that was most likely meant: within a third of the length, or one that begins or ends the other. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let extended: string | undefined;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance - 1);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
    if (isExtension(wanted, candidate) && (extended === undefined || candidate.length > extended.length))
      extended = candidate;
  }
  return best ?? extended;
}

/** Whether one is the other with whole words added: `simpeg` and `simpeg-db`, not `city` and `capacity`. */
function isExtension(word: string, candidate: string): boolean {
  const [short, long] = word.length < candidate.length ? [word, candidate] : [candidate, word];
  if (short.length < 3) return false;
  const added = long.startsWith(short)
    ? long[short.length]
    : long.endsWith(short)
      ? long.at(-short.length - 1)
      : undefined;
  return added !== undefined && /[^a-z]/.test(added);
}

/** A hint with the word that was most likely meant, or nothing. */
export function didYouMean(word: unknown, known: Iterable<string>): Text | undefined {
  const meant = typeof word === "string" ? closest(word, known) : undefined;
  return meant === undefined ? undefined : text(`apakah maksud Anda "${meant}"?`, `did you mean "${meant}"?`);
}
