import { z } from "zod";
import { compareProblems, formatPath, formatValue, type Path, type Problem } from "./problems.ts";
import { rules } from "./rules/index.ts";
import type { Context, Finding } from "./rules/rule.ts";
import { type Inventory, type Key, keys, requiredKeys, schemas, type View } from "./schema/index.ts";
import { findingsOf } from "./shape.ts";
import { fileProblems, type InventoryFile, keysOfFile, readSource, type Source } from "./source.ts";
import { closest, didYouMean } from "./suggest.ts";
import { text } from "./text.ts";

export type { InventoryFile } from "./source.ts";

export type Result =
  | { readonly ok: true; readonly inventory: Inventory }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface LoadOptions {
  /** Name of the folder that the files come from; the region's id must be the same. Default: not compared. */
  readonly folder?: string;
}

/**
 * An inventory from the files of its folder (`region.yaml`, `opd.yaml`, ...; their top-level keys are merged), or every problem
 * at once: of syntax, of shape, and across kinds as far as the parts are valid. Pure; throws only on a bug of ours.
 */
export function parseInventory(files: readonly InventoryFile[], options: LoadOptions = {}): Result {
  const problems = fileProblems(files);
  const read = files.map(readSource);
  problems.push(...read.flatMap((one) => one.problems));
  const merged = merge(read.map(({ source }) => source));
  problems.push(...merged.problems);
  const view = shape(merged, problems);
  const context: Context = { view, ids: idsOf(merged), folder: options.folder };
  for (const rule of rules) {
    for (const finding of rule.find(context)) problems.push(merged.locate(rule.code, finding));
  }
  // With no problem, every item of the view is valid and every required key is there.
  return problems.length === 0
    ? { ok: true, inventory: view as Inventory }
    : { ok: false, problems: problems.sort(compareProblems) };
}

interface Merged {
  readonly values: ReadonlyMap<Key, unknown>;
  /** Keys of which nothing can be said: the file that should hold them does not parse. */
  readonly unknown: ReadonlySet<Key>;
  readonly problems: readonly Problem[];
  readonly locate: (code: string, finding: Finding) => Problem;
}

function merge(sources: readonly Source[]): Merged {
  const holder = new Map<string, Source>();
  const problems: Problem[] = [];
  const values = new Map<Key, unknown>();
  const misspelt: string[] = [];
  for (const source of sources) {
    for (const key of Object.keys(source.values)) {
      const before = holder.get(key);
      if (before) problems.push(problemOf(source, "duplicate-key", duplicateKey(key, before.file.name)));
      else if (isKey(key)) {
        holder.set(key, source);
        values.set(key, source.values[key]);
      } else {
        misspelt.push(key);
        problems.push(problemOf(source, "unknown-key", unknownKey(key, source.values[key])));
      }
    }
  }
  const unknown = new Set(sources.filter(({ whole }) => !whole).flatMap(({ file }) => keysOfFile(file.name)));
  // A misspelt key is one mistake: what was meant is not missing as well.
  for (const key of misspelt) {
    const meant = closest(key, keys);
    if (meant !== undefined && isKey(meant)) unknown.add(meant);
  }
  for (const key of values.keys()) unknown.delete(key);
  const locate = (code: string, finding: Finding): Problem =>
    problemOf(holder.get(String(finding.path[0])), code, finding, values);
  return { values, unknown, problems, locate };
}

const isKey = (key: string): key is Key => Object.hasOwn(schemas, key);

function duplicateKey(key: string, file: string): Finding {
  return {
    path: [key],
    message: text(`"${key}" sudah ada di ${file}`, `"${key}" is already in ${file}`),
    expected: text("setiap kunci di satu berkas", "each key in one file"),
  };
}

function unknownKey(key: string, received: unknown): Finding {
  const known = keys.join(", ");
  return {
    path: [key],
    message: text(`kunci ${formatValue(key)} tidak dikenal`, `key ${formatValue(key)} is not known`),
    expected: text(`salah satu dari ${known}`, `one of ${known}`),
    received,
    hint: didYouMean(key, keys),
  };
}

/** Adds file, line and the found value to what a rule found. */
function problemOf(
  source: Source | undefined,
  code: string,
  finding: Finding,
  values?: ReadonlyMap<Key, unknown>,
): Problem {
  const { path, message, expected, hint } = finding;
  const received = "received" in finding ? finding.received : valueAt(values ?? new Map(), path);
  return {
    file: source?.file.name ?? "",
    ...(source ? { line: source.lineOf(path) } : {}),
    path: formatPath(path),
    code,
    message,
    expected,
    received: formatValue(received),
    ...(hint === undefined ? {} : { hint }),
  };
}

function valueAt(values: ReadonlyMap<Key, unknown>, [key, ...rest]: Path): unknown {
  let value = values.get(key as Key);
  for (const part of rest) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** Each key against its schema; what is valid of it is kept. */
function shape(merged: Merged, problems: Problem[]): View {
  const view: Partial<Record<Key, unknown>> = {};
  for (const key of keys) {
    if (!merged.values.has(key)) {
      if (merged.unknown.has(key)) continue;
      if (requiredKeys.includes(key)) problems.push(merged.locate("required", missingKey(key)));
      else if (isList(key)) view[key] = [];
      continue;
    }
    const value = merged.values.get(key);
    const parsed = schemas[key].safeParse(value);
    if (parsed.success) {
      view[key] = parsed.data;
      continue;
    }
    for (const { code, finding } of findingsOf(parsed.error, schemas[key], value, [key])) {
      problems.push(merged.locate(code, finding));
    }
    if (isList(key) && Array.isArray(value)) view[key] = validItems(key, value);
    else if (key === "region") view[key] = validFields(schemas.region, value);
    else view[key] = withoutUnknownKeys(schemas[key], value);
  }
  return view as View;
}

const isList = (key: Key): boolean => schemas[key]._zod.def.type === "array";

function missingKey(key: Key): Finding {
  return {
    path: [key],
    message: text("wajib diisi", "is required"),
    expected: text(`kunci ${key} di salah satu berkas`, `key ${key} in one of the files`),
    received: undefined,
  };
}

/** Items by index; one that is not valid is left undefined, so that the others can still be checked against each other. */
function validItems(key: Key, value: readonly unknown[]): unknown[] {
  const { def } = schemas[key]._zod;
  if (def.type !== "array") return [];
  const { element } = def;
  return value.map((item) => {
    const parsed = element.safeParse(item);
    return parsed.success ? parsed.data : withoutUnknownKeys(element, item);
  });
}

/** The value if all that is wrong with it is keys that nobody knows, which are left out. */
function withoutUnknownKeys(schema: z.core.$ZodType, value: unknown): unknown {
  const first = z.safeParse(schema, value);
  if (first.success || first.error.issues.some(({ code }) => code !== "unrecognized_keys")) return undefined;
  const known = structuredClone(value);
  for (const issue of first.error.issues) {
    if (issue.code !== "unrecognized_keys") continue;
    const holder = issue.path.reduce((at, part) => (at as Record<PropertyKey, unknown>)[part], known);
    for (const key of issue.keys) Reflect.deleteProperty(holder as object, key);
  }
  const second = z.safeParse(schema, known);
  return second.success ? second.data : undefined;
}

/** The fields that are valid by themselves: one mistake in the region must not hide those of its names. */
function validFields(schema: z.ZodObject, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const fields = Object.entries(schema.shape).flatMap(([key, field]) => {
    const parsed = z.safeParse(field, Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined);
    return parsed.success && parsed.data !== undefined ? [[key, parsed.data]] : [];
  });
  return Object.fromEntries(fields);
}

/** Declared ids, also of items that are otherwise wrong: a mention of such an item is no second mistake. */
function idsOf(merged: Merged): Context["ids"] {
  const ids: Partial<Record<Key, (string | undefined)[]>> = {};
  for (const key of keys) {
    if (!isList(key) || merged.unknown.has(key)) continue;
    // Where a whole kind is missing or no list, that is the mistake, and not each mention of what it should hold.
    const value = merged.values.has(key) || requiredKeys.includes(key) ? merged.values.get(key) : [];
    if (!Array.isArray(value)) continue;
    ids[key] = value.map((item: unknown) => {
      const id = typeof item === "object" && item !== null && "id" in item ? item.id : undefined;
      return typeof id === "string" ? id : undefined;
    });
  }
  return ids;
}
