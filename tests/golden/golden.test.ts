/** Golden pairs: an inventory in; its model, or its problems in both languages, out. `UPDATE_GOLDEN=1` writes what came. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deriveModel, type InventoryFile, parseInventory, renderProblems } from "../../model/index.ts";

const root = new URL("./", import.meta.url);
const cases = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

function inventoryOf(name: string): InventoryFile[] {
  const folder = new URL(`${name}/inventory/`, root);
  return readdirSync(folder)
    .sort()
    .map((file) => ({ name: file, text: readFileSync(new URL(file, folder), "utf8") }));
}

/** By file name: what the case's inventory gives. */
function outcome(name: string): Record<string, string> {
  const result = parseInventory(inventoryOf(name));
  if (result.ok) return { "model.json": `${JSON.stringify(deriveModel(result.inventory), null, 2)}\n` };
  return {
    "problems.id.txt": renderProblems(result.problems),
    "problems.en.txt": renderProblems(result.problems, "en"),
  };
}

describe("golden", () => {
  it("has cases, each numbered once", () => {
    expect(cases.length).toBeGreaterThanOrEqual(3);
    expect(cases.map((name) => name.slice(0, 4))).toEqual(
      cases.map((_, index) => `${String(index + 1).padStart(3, "0")}-`),
    );
  });

  it.each(cases)("%s", (name) => {
    const files = outcome(name);
    const folder = new URL(`${name}/`, root);
    if (process.env.UPDATE_GOLDEN === "1") {
      for (const [file, text] of Object.entries(files)) writeFileSync(new URL(file, folder), text);
    }
    const held = readdirSync(folder).filter((file) => file !== "inventory");
    expect(held.sort()).toEqual(Object.keys(files).sort());
    for (const [file, text] of Object.entries(files)) {
      expect(existsSync(new URL(file, folder)) && readFileSync(new URL(file, folder), "utf8"), file).toBe(text);
    }
  });

  it("tells ten mistakes as ten problems, each with its line and path", () => {
    const result = parseInventory(inventoryOf("003-ten-mistakes"));
    const problems = result.ok ? [] : result.problems;
    expect(problems).toHaveLength(10);
    for (const problem of problems) expect([problem.path, problem.line]).not.toContain(undefined);
    expect(new Set(problems.map(({ path }) => path)).size).toBe(10);
  });
});
