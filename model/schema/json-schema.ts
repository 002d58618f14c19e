import { z } from "zod";
import { say } from "../text.ts";
import { schemas } from "./index.ts";

/**
 * JSON Schema (draft 7, which editors complete from) of any file of an inventory: one schema, every top-level key optional,
 * so that each file validates by itself. What only the whole inventory can tell is checked by `lumbung inventory check`.
 */
export function jsonSchema(): object {
  const inventory = z
    .strictObject(schemas)
    .partial()
    .describe(say("Satu berkas inventaris Lumbung", "One file of a Lumbung inventory"));
  const schema = z.toJSONSchema(inventory, { io: "input", target: "draft-7" });
  return { ...schema, title: "Lumbung inventory" };
}
