import { expect, test } from "vitest";
import { environmentOf } from "./start.ts";

test("variables may hold line ends and equal signs", () => {
  expect(environmentOf("A=1\0B=x=y\nz\0")).toEqual({ A: "1", B: "x=y\nz" });
});
