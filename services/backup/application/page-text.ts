/** What a page shows, against what the database holds. A text's letters and digits are compared: programs set quotes, dashes and spaces as they like. Pure. */

const NAMED: Readonly<Partial<Record<string, string>>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** HTML as text: without what no reader sees. */
export const textOf = (html: string): string =>
  decoded(html.replace(/<!--.*?-->|<(script|style|template)\b.*?<\/\1\s*>|<[^>]*>/gis, " "))
    .replace(/\s+/g, " ")
    .trim();

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{1,8}));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Letters and digits alone, words apart by one space. A sign of multiplication is what WordPress makes of an x between digits. */
export const lettersOf = (text: string): string =>
  text
    .normalize("NFKC")
    .replaceAll("×", "x")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();

/** Whether a page shows a text. A text without a letter is never shown. */
export function isShown(html: string, text: string): boolean {
  const wanted = lettersOf(decoded(text));
  return wanted !== "" && ` ${lettersOf(textOf(html))} `.includes(` ${wanted} `);
}
