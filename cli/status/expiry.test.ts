import { expect, test } from "vitest";
import { ageText, expiryOf } from "./expiry.ts";

const now = new Date("2026-03-01T00:00:00Z");
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString();

test.each<[number, boolean, string, string, string]>([
  [397, false, "ok", "berakhir 397 hari lagi", "ends in 397 days"],
  [30, false, "ok", "berakhir 30 hari lagi", "ends in 30 days"],
  [29.9, false, "soon", "berakhir 29 hari lagi", "ends in 29 days"],
  [12, false, "soon", "berakhir 12 hari lagi", "ends in 12 days"],
  [1, false, "soon", "berakhir 1 hari lagi", "ends in 1 day"],
  [0.5, false, "soon", "berakhir hari ini", "ends today"],
  [0, false, "expired", "habis masa berlakunya 2026-03-01 (0 hari lalu)", "ended on 2026-03-01 (0 days ago)"],
  [-3, false, "expired", "habis masa berlakunya 2026-02-26 (3 hari lalu)", "ended on 2026-02-26 (3 days ago)"],
  [397, true, "ok", "berakhir 397 hari lagi", "ends in 397 days"],
  [396, true, "soon", "berakhir 396 hari lagi", "ends in 396 days"],
])("%d days, signs: %s: %s", (days, signs, level, id, en) => {
  const expiry = expiryOf(inDays(days), now, signs);
  expect(expiry.level).toBe(level);
  expect(expiry.text).toEqual({ id, en });
});

test("what is no date is no certificate that holds", () => {
  expect(expiryOf("soon", now).level).toBe("expired");
});

test("ages are hours at first, then days", () => {
  expect([ageText(inDays(-0.5), now), ageText(inDays(-2), now)].map(({ en }) => en)).toEqual(["12 h", "2 d"]);
});
