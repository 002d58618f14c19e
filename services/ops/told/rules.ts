/** What the command line tells in JSON, held against rules one field at a time. Pure; by hand, as a validation library costs 14 MB of memory. */

export type Fields = Readonly<Record<string, unknown>>;
export type Rule = readonly [path: string, expected: string, holds: (value: unknown, told: Fields) => boolean];

/** What was told in a text, or all that is wrong with it. @param rules they cover every field of T */
export function parseBy<T extends object>(text: string, rules: readonly Rule[]): T | readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return ["expected JSON, received something else"];
  }
  const told = fields(value);
  const problems = rules.flatMap(([path, expected, holds]) => {
    const received = path.split(".").reduce<unknown>((at, name) => fields(at)[name], told);
    return holds(received, told) ? [] : [`${path}: expected ${expected}, received ${shown(received)}`];
  });
  return problems.length > 0 ? problems : (value as T);
}

export function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

export function isTextOrNull(value: unknown): boolean {
  return value === null || isText(value);
}

/** A value that is missing is no text, whatever it reads as. */
export const fits =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === "string" && pattern.test(value);

export const isId = fits(/^[A-Za-z0-9-]{1,56}$/);

export const isTime = (value: unknown): boolean => isText(value) && !Number.isNaN(Date.parse(String(value)));

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 80);
}
