import { describe, expect, it } from "vitest";
import { languageOf, MESSAGES, message } from "./messages.mjs";

describe("messages", () => {
  it.each(Object.entries(MESSAGES))("%s says the same in both languages", (_, { id, en }) => {
    const places = (text: string) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort();
    expect(id.trim()).not.toBe("");
    expect(en.trim()).not.toBe("");
    expect(places(id)).toEqual(places(en));
  });
  it("fills in values", () =>
    expect(message("en", "wrongVersion", "pulumi", "1", "2")).toBe("pulumi: expected version 1, got 2"));
  it("is Indonesian unless English is asked for", () => {
    expect(languageOf({})).toBe("id");
    expect(languageOf({ LUMBUNG_LANG: "en" })).toBe("en");
    expect(languageOf({ LUMBUNG_LANG: "en_GB" })).toBe("en");
    expect(languageOf({ LUMBUNG_LANG: "fr" })).toBe("id");
  });
});
