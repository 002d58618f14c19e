import { parseDocument } from "yaml";
import type { InventoryFile } from "../../model/index.ts";

const SCHEMA = "# yaml-language-server: $schema=../schema.json\n";

/** The file that holds a kind; one of the usual name, empty but for its first line, where none does. Pure. */
export function fileWith(files: readonly InventoryFile[], kind: "documents" | "waivers"): InventoryFile {
  const usual = `${kind}.yaml`;
  return (
    files.find(({ text }) => parseDocument(text).has(kind)) ??
    files.find(({ name }) => name === usual) ?? { name: usual, text: SCHEMA }
  );
}
