import { describe, expect, it } from "vitest";
import { fitsPin, isAtLeast, parseVersion } from "./version.mjs";

describe("parseVersion", () => {
  it.each([
    ["v3.250.0", [3, 250, 0]],
    ["go version go1.26 linux/amd64", [1, 26, 0]],
    ["2:1.24~2", [1, 24, 0]],
    ["none", undefined],
  ])("%s", (text, expected) => expect(parseVersion(text)).toEqual(expected));
});

describe("isAtLeast", () => {
  it.each([
    ["20.20.2", "20.19.0", true],
    ["20.19.0", "20.19.0", true],
    ["18.99.0", "20.19.0", false],
    ["22.0.0", "20.19.0", true],
    ["nothing", "20.19.0", false],
  ])("%s at least %s: %s", (found, wanted, expected) => expect(isAtLeast(found, wanted)).toBe(expected));
});

describe("fitsPin", () => {
  it.each([
    ["3.250.0", true],
    ["3.250.4", true],
    ["3.249.9", false],
    ["3.251.0", false],
    ["4.250.0", false],
    ["3.250.1-beta.1", false],
    ["", false],
  ])("%s for 3.250.0: %s", (found, expected) => expect(fitsPin(found, "3.250.0")).toBe(expected));
  it("refuses an earlier patch", () => expect(fitsPin("3.250.1", "3.250.2")).toBe(false));
});
