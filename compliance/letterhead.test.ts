import { expect, test } from "vitest";
import { inventoryOf } from "../model/testing/regions.ts";
import { letterheadOf } from "./letterhead.ts";

test("the agency that runs the data centre stands at the head of the paper, with what is declared of it", () => {
  expect(letterheadOf(inventoryOf("langsa"))).toEqual({
    office: "Dinas Komunikasi dan Informatika",
    seat: "Langsa",
    lines: ["Kompleks perkantoran (contoh), Langsa", "diskominfo@langsakota.go.id · langsakota.go.id"],
  });
});

test("an inventory that does not hold that agency has no letterhead", () => {
  expect(letterheadOf({ ...inventoryOf("langsa"), opd: [] })).toBeUndefined();
});
