export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

const RESET = "\u001b[0m";
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const COLOUR = /\u001b\[[0-9;]*m/g;

/** A table with aligned columns, no borders: rows of cells, one line each, without final newline. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, index) =>
    Math.max(width(column.title), ...rows.map((row) => width(row[index] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map((column, index) => pad(cells[index] ?? "", widths[index] ?? 0, column.align ?? "left"))
      .join("  ")
      .trimEnd();
  const rule = widths.map((count) => "─".repeat(count)).join("  ");
  return [line(columns.map((column) => column.title)), rule, ...rows.map(line)].join("\n");
}

function pad(cell: string, to: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, to - width(cell)));
  return align === "right" ? space + cell : cell + space;
}

/** Columns that a text takes on a terminal; colours take none. */
export function width(text: string): number {
  return [...text.replace(COLOUR, "")].length;
}

const CODES = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

/** Coloured where the output is a terminal that wants colours (https://no-color.org). */
export function colour(name: keyof typeof CODES, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  if (!stream.isTTY || process.env.NO_COLOR) return text;
  return `\u001b[${CODES[name]}m${text}${RESET}`;
}
