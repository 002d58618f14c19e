import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { z } from "zod";
import { labFiles } from "../testing/lab.ts";
import { unsay } from "../text.ts";
import { fileNames, keys, schemas } from "./index.ts";
import { jsonSchema } from "./json-schema.ts";

const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(jsonSchema());

describe("jsonSchema", () => {
  it.each(labFiles.map(({ name, text }) => [name, text]))(
    "takes the lab's %s, which names it for editors",
    (_name, text) => {
      expect(text.startsWith("# yaml-language-server: $schema=../schema.json\n")).toBe(true);
      expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    },
  );

  it("refuses unknown keys, wrong kinds and names that are no labels", () => {
    expect(validate({ regions: {} })).toBe(false);
    expect(validate({ roles: [{ id: "Admin", post: "x", opd: "y" }] })).toBe(false);
    expect(validate({ roles: [{ id: "admin", post: "x" }] })).toBe(false);
    expect(validate({ roles: [{ id: "admin", post: "x", opd: "y", name: "z" }] })).toBe(false);
    expect(validate({ roles: [{ id: "admin", post: "x", opd: "y" }] })).toBe(true);
  });

  it("is what inventory/schema.json holds", () => {
    const written = readFileSync(new URL("../../inventory/schema.json", import.meta.url), "utf8");
    expect(written).toBe(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  });
});

describe("schemas", () => {
  it("describe every field in both languages", () => {
    const missing: string[] = [];
    for (const key of keys) walk(schemas[key], key, missing, true);
    expect(missing).toEqual([]);
  });

  it("each have a file, and no file an unknown kind", () => {
    const held = Object.entries(fileNames)
      .filter(([name]) => name !== "inventory.yaml")
      .flatMap(([, of]) => of);
    expect([...held].sort()).toEqual([...keys].sort());
  });

  it("forbid unknown keys at every depth", () => {
    const open: string[] = [];
    const look = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      if ("properties" in node && (!("additionalProperties" in node) || node.additionalProperties !== false))
        open.push(path);
      for (const [key, value] of Object.entries(node)) look(value, `${path}/${key}`);
    };
    look(jsonSchema(), "");
    expect(open).toEqual([]);
  });
});

/** Notes each field without a description; items of lists and branches of unions need none of their own. */
function walk(schema: z.core.$ZodType, path: string, missing: string[], field: boolean, said = ""): void {
  const description = said || ((schema as z.ZodType).description ?? "");
  const { def } = (schema as unknown as { _zod: { def: z.core.$ZodTypes["_zod"]["def"] } })._zod;
  if (def.type === "optional" || def.type === "default") {
    walk(def.innerType, path, missing, field, description);
    return;
  }
  if (field && unsay(description) === undefined) missing.push(path);
  if (def.type === "array") walk(def.element, `${path}[]`, missing, false);
  if (def.type === "union") for (const option of def.options) walk(option, path, missing, false);
  if (def.type === "object")
    for (const [key, value] of Object.entries(def.shape)) walk(value, `${path}.${key}`, missing, true);
}
