/** What one bench is: some figures that are measured together, by turns with their floors. */
import type { Figure } from "./figure.ts";

export interface Bench {
  /** Names of the figures that it makes. */
  readonly makes: readonly string[];
  readonly measure: (note: (text: string) => void) => Promise<readonly Figure[]>;
}

/**
 * The benches that make what was asked for: `preview.lab` one figure's, `preview` all of that family's; nothing asked: all.
 * Figures that are measured together come together.
 */
export function chooseBenches(
  words: readonly string[],
  benches: readonly Bench[],
): { readonly chosen: readonly Bench[] } | { readonly unknown: readonly string[] } {
  const means = (word: string, name: string) => name === word || name.startsWith(`${word}.`);
  const makes = (word: string) => (bench: Bench) => bench.makes.some((name) => means(word, name));
  const unknown = words.filter((word) => !benches.some(makes(word)));
  if (unknown.length > 0) return { unknown };
  return { chosen: benches.filter((bench) => words.length === 0 || words.some((word) => makes(word)(bench))) };
}
