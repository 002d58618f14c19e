import { expect, test } from "vitest";
import { stackParts } from "./stack-name.ts";

test.each([
  ["lab-dc", { region: "lab", part: "dc" }],
  ["empat-lawang-drc", { region: "empat-lawang", part: "drc" }],
  ["lab-backbone", { region: "lab", part: "backbone" }],
])("%s is a region and its part", (stack, parts) => {
  expect(stackParts(stack)).toEqual(parts);
});

test.each(["lab", "-dc", "lab-"])("%j is refused", (stack) => {
  expect(() => stackParts(stack)).toThrow("expected <region>-<site>");
});
