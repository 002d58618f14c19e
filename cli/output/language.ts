import type { Text } from "../../model/types.ts";

export type Language = "id" | "en";

let chosen: Language = process.env.LUMBUNG_LANG?.startsWith("en") ? "en" : "id";

/** Indonesian unless `--lang en` or LUMBUNG_LANG says English. */
export function chooseLanguage(language: Language): void {
  chosen = language;
}

export function language(): Language {
  return chosen;
}

/** The text in the chosen language. */
export function say(text: Text): string {
  return text[chosen];
}
