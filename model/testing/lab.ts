/** For tests only: the lab's inventory, whole or altered. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { type Inventory, type InventoryFile, type Problem, parseInventory, type Result } from "../index.ts";

const folder = fileURLToPath(new URL("../../inventory/lab/", import.meta.url));

export const labFiles: readonly InventoryFile[] = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .sort()
  .map((name) => ({ name, text: readFileSync(`${folder}${name}`, "utf8") }));

/**
 * The lab's declarations as plain values, a new copy at each call, loosely typed so that a test can break them.
 * Without the OPD's contents, which no rule reads and which are most of the text.
 */
// biome-ignore lint/suspicious/noExplicitAny: a test writes what no type allows
export function labValues(): any {
  return structuredClone(parsed);
}

const parsed = Object.assign({}, ...labFiles.map(({ text }) => parse(text)));
for (const opd of parsed.opd) delete opd.contents;

/** Loads the lab after `alter` changed it. JSON is YAML: one file holds all. */
// biome-ignore lint/suspicious/noExplicitAny: a test writes what no type allows
export function loadAltered(alter: (values: any) => void): Result {
  const values = labValues();
  alter(values);
  return parseInventory([{ name: "inventory.yaml", text: JSON.stringify(values, null, 1) }]);
}

/** The problems of the lab after `alter` changed it. */
// biome-ignore lint/suspicious/noExplicitAny: a test writes what no type allows
export function problemsOf(alter: (values: any) => void): readonly Problem[] {
  const result = loadAltered(alter);
  return result.ok ? [] : result.problems;
}

/** The inventory, or an Error that names every problem. */
export function valid(result: Result): Inventory {
  if (result.ok) return result.inventory;
  throw new Error(result.problems.map(({ path, message }) => `${path}: ${message.en}`).join("\n"));
}

/** One item of a list of the altered lab. */
// biome-ignore lint/suspicious/noExplicitAny: a test writes what no type allows
export const byId = (items: readonly any[], id: string): any =>
  items.find((item) => item.id === id || item.host === id);
