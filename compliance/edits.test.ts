import { expect, test } from "vitest";
import { applyEdits } from "./edits.ts";
import type { InventoryEdit } from "./schema/breaking.ts";

const values = {
  "opd.yaml": {
    opd: [
      { id: "a", size: 1 },
      { id: "b", host: "x", tags: ["p", "q"] },
    ],
  },
};
const file = "opd.yaml";
const after = (...edits: InventoryEdit[]) => (applyEdits(values, edits)["opd.yaml"] as (typeof values)["opd.yaml"]).opd;

test("edits are applied in order, and the values handed in stay as they were", () => {
  const before = structuredClone(values);
  expect(
    after(
      { op: "replace", file, path: ["opd", { id: "b" }, "id"], value: "c" },
      { op: "remove", file, path: ["opd", { id: "c" }, "host"] },
      { op: "add", file, path: ["opd", 0, "new"], value: null },
      { op: "add", file, path: ["opd", "-"], value: { id: "d" } },
      { op: "add", file, path: ["opd", 0], value: { id: "z" } },
      { op: "replace", file, path: ["opd", { id: "c" }, "tags", 1], value: "r" },
      { op: "remove", file, path: ["opd", { id: "c" }, "tags", 0] },
    ),
  ).toEqual([{ id: "z" }, { id: "a", size: 1, new: null }, { id: "c", tags: ["r"] }, { id: "d" }]);
  expect(values).toEqual(before);
});

test.each<[string, InventoryEdit, string]>([
  [
    "no such file",
    { op: "remove", file: "zones.yaml", path: ["zones"] },
    "expected file zones.yaml, received opd.yaml",
  ],
  ["no such item", { op: "remove", file, path: ["opd", { id: "x" }] }, "received 2 others"],
  ["no such item on the way", { op: "remove", file, path: ["opd", { id: "x" }, "host"] }, 'expected {"id":"x"}'],
  [
    "no such key",
    { op: "replace", file, path: ["opd", 0, "host"], value: 1 },
    "expected a key host, received id, size",
  ],
  ["a key that every object inherits", { op: "remove", file, path: ["opd", 0, "toString"] }, "expected a key toString"],
  ["an index behind the end", { op: "remove", file, path: ["opd", 2] }, "received 2 others"],
  ["a number where a key belongs", { op: "remove", file, path: ["opd", 0, 1] }, "expected a key, received 1"],
  ["a path through a value", { op: "remove", file, path: ["opd", 0, "size", "x"] }, "expected a list or fields"],
  [
    "the value that is there",
    { op: "replace", file, path: ["opd", 0, "size"], value: 1 },
    "received the same as before",
  ],
])("%s: the example does not fit", (_, edit, expected) => {
  expect(() => applyEdits(values, [edit])).toThrow(RangeError);
  expect(() => applyEdits(values, [edit])).toThrow(expected);
});
