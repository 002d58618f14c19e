/** One YAML file of the catalogue against its schema. Pure: the text is handed in. */
import type { z } from "zod";
import { formatPath, formatValue, type Path, type Problem } from "../model/problems.ts";
import type { Finding } from "../model/rules/rule.ts";
import { findingsOf } from "../model/shape.ts";
import { baseName, readSource } from "../model/source.ts";

export interface CatalogueFile {
  /** Name or path; the last part is the id and `.yaml`. */
  readonly name: string;
  readonly text: string;
}

export interface Entry<T> {
  readonly file: CatalogueFile;
  readonly value: T;
  /** Adds file, line and the found value to what a rule found in this file. */
  readonly locate: (code: string, finding: Finding) => Problem;
}

/** What the file holds, or every problem of syntax and shape at once. Never throws on what the file holds. */
export function readEntry<T>(
  file: CatalogueFile,
  schema: z.ZodType<T>,
): { readonly entry?: Entry<T>; readonly problems: readonly Problem[] } {
  const { source, problems } = readSource(file);
  if (problems.length > 0) return { problems };
  const locate = (code: string, { path, message, expected, hint, ...rest }: Finding): Problem => ({
    file: file.name,
    line: source.lineOf(path),
    path: formatPath(path),
    code,
    message,
    expected,
    received: formatValue("received" in rest ? rest.received : valueAt(source.values, path)),
    ...(hint === undefined ? {} : { hint }),
  });
  const parsed = schema.safeParse(source.values);
  if (parsed.success) return { entry: { file, value: parsed.data, locate }, problems: [] };
  const findings = findingsOf(parsed.error, schema, source.values, []);
  return { problems: findings.map(({ code, finding }) => locate(code, finding)) };
}

/** The file's name without folder and `.yaml`. */
export const stemOf = ({ name }: CatalogueFile): string => baseName(name).replace(/\.yaml$/, "");

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
