/** Values against schemas: what zod finds, said in both languages. */
import type { z } from "zod";
import { alignedSubnet } from "./derive/addresses.ts";
import { formatValue, type Path } from "./problems.ts";
import type { Finding } from "./rules/rule.ts";
import { didYouMean } from "./suggest.ts";
import { text, unsay } from "./text.ts";
import type { Text } from "./types.ts";

export interface Shaped {
  readonly code: string;
  readonly finding: Finding;
}

type Issue = z.core.$ZodIssue;

const typeNames: Readonly<Record<string, Text>> = {
  string: text("teks", "a text"),
  number: text("bilangan", "a number"),
  int: text("bilangan bulat", "a whole number"),
  boolean: text("true atau false", "true or false"),
  array: text("daftar", "a list"),
  object: text("peta kunci dan nilai", "a map of keys and values"),
};

const required = text("wajib diisi", "is required");

/** What is wrong with a value, one finding for each thing. `path` is where the value stands; `schema` what it was held against. */
export function findingsOf(error: z.ZodError, schema: z.ZodType, value: unknown, path: Path): Shaped[] {
  return error.issues.flatMap((issue) => findingOf(issue, schema, value, path));
}

function findingOf(issue: Issue, schema: z.ZodType, root: unknown, base: Path): Shaped[] {
  const inner = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  const path = [...base, ...inner];
  const received = valueAt(root, inner);
  const shaped = (code: string, message: Text, expected: Text, hint?: Text): Shaped[] => [
    { code, finding: { path, message, expected, received, hint } },
  ];
  if (issue.code === "unrecognized_keys") return unknownKeys(issue.keys, keysAt(schema, root, inner), path, received);
  if (received === undefined) return shaped("required", required, expectedOf(issue));
  const expected = expectedOf(issue);
  switch (issue.code) {
    case "invalid_type":
      return shaped(
        "type",
        text(`harus berupa ${expected.id}`, `must be ${expected.en}`),
        expected,
        quoteHint(issue.expected, received),
      );
    case "invalid_value":
      return shaped("value", unknownValue(received), expected, didYouMean(received, issue.values.map(String)));
    case "invalid_union":
      return shaped("value", unknownValue(received), expected, didYouMean(received, optionsOf(issue)));
    case "too_small":
    case "too_big":
      return shaped("range", text(`harus ${expected.id}`, `must be ${expected.en}`), expected);
    default:
      return shaped(
        "format",
        text(`harus berupa ${expected.id}`, `must be ${expected.en}`),
        expected,
        boundaryHint(received),
      );
  }
}

const unknownValue = (received: unknown): Text =>
  text(`${formatValue(received)} tidak dikenal`, `${formatValue(received)} is not known`);

function unknownKeys(keys: readonly string[], known: readonly string[], path: Path, parent: unknown): Shaped[] {
  return keys.map((key) => ({
    code: "unknown-key",
    finding: {
      path: [...path, key],
      message: text(`kunci ${formatValue(key)} tidak dikenal`, `key ${formatValue(key)} is not known`),
      expected: text(`salah satu dari ${known.join(", ")}`, `one of ${known.join(", ")}`),
      received: valueAt(parent, [key]),
      hint: didYouMean(key, known),
    },
  }));
}

function expectedOf(issue: Issue): Text {
  switch (issue.code) {
    case "invalid_type":
      return typeNames[issue.expected] ?? text(issue.expected, issue.expected);
    case "invalid_value":
      return same(issue.values.map(String).join(", "));
    case "invalid_union":
      return same(optionsOf(issue).join(", "));
    case "too_small":
      return limit("paling sedikit", "at least", issue.origin, issue.minimum, issue.inclusive !== false);
    case "too_big":
      return limit("paling banyak", "at most", issue.origin, issue.maximum, issue.inclusive !== false);
    case "invalid_format":
      return unsay(issue.message) ?? formats[issue.format] ?? same(issue.format);
    default:
      return unsay(issue.message) ?? same(issue.message);
  }
}

const formats: Readonly<Record<string, Text>> = {
  date: text("tanggal tahun-bulan-hari yang ada, misalnya 2026-01-31", "a real date year-month-day such as 2026-01-31"),
  url: text("alamat web lengkap, misalnya https://contoh.go.id", "a full web address such as https://contoh.go.id"),
};

const units: Readonly<Record<string, Text>> = { string: text("huruf", "characters"), array: text("butir", "items") };

function limit(id: string, en: string, origin: string, value: number | bigint, inclusive: boolean): Text {
  const unit = units[origin];
  const beyond = inclusive ? text(id, en) : text("lebih dari", "more than");
  return text(
    [beyond.id, value, unit?.id].filter((part) => part !== undefined).join(" "),
    [beyond.en, value, unit?.en].filter((part) => part !== undefined).join(" "),
  );
}

const same = (value: string): Text => text(value, value);

const optionsOf = (issue: Issue): string[] =>
  "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];

/** A number or a date that YAML read as such where a text was wanted. */
function quoteHint(expected: string, received: unknown): Text | undefined {
  if (expected === "array" && received === null) return text("tulis [] bila kosong", "write [] if there is none");
  if (expected !== "string" || (typeof received !== "number" && typeof received !== "boolean")) return undefined;
  return text(`tulis dalam tanda kutip: "${received}"`, `write it in quotes: "${received}"`);
}

function boundaryHint(received: unknown): Text | undefined {
  const aligned = typeof received === "string" ? alignedSubnet(received) : undefined;
  return aligned === undefined || aligned === received ? undefined : didYouMean(aligned, [aligned]);
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** Keys that the schema knows at a path of the value. */
function keysAt(schema: z.ZodType, root: unknown, path: Path): readonly string[] {
  let current: z.core.$ZodType | undefined = schema;
  for (let depth = 0; depth <= path.length; depth += 1) {
    current = current && unwrapped(current, valueAt(root, path.slice(0, depth)));
    const part = path[depth];
    if (part === undefined) break;
    current = current && childOf(current, part);
  }
  const def = (current as z.core.$ZodTypes | undefined)?._zod.def;
  return def?.type === "object" ? Object.keys(def.shape) : [];
}

/** Without what makes it optional, and with the branch of a union that the value chose. */
function unwrapped(schema: z.core.$ZodType, value: unknown): z.core.$ZodType | undefined {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === "optional" || def.type === "default") return unwrapped(def.innerType, value);
  if (def.type !== "union") return schema;
  const discriminator = (def as z.core.$ZodDiscriminatedUnionDef).discriminator;
  const chosen = valueAt(value, [discriminator]);
  return def.options.find((option) =>
    (childOf(option, discriminator)?._zod.values as Set<unknown> | undefined)?.has(chosen),
  );
}

function childOf(schema: z.core.$ZodType, part: string | number): z.core.$ZodType | undefined {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === "array") return def.element;
  return def.type === "object" ? def.shape[part] : undefined;
}
