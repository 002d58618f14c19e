import { expect, test } from "vitest";
import { judge } from "./people.ts";

const person = {
  ...{ id: "inspektorat", body: "Inspektorat", name: "auditor-inspektorat.lab.internal" },
  ...{ from: "2026-03-01T00:00:00.000Z", until: "2026-04-01T00:00:00.000Z" },
};
const shown = { name: person.name, validTo: "Apr  1 00:00:00 2026 GMT" };
const at = (moment: string, change: object = {}, people = [person]) =>
  judge({ ...shown, ...change }, people, new Date(moment));

test("who is in the list is let in from the first moment of the period to the last", () => {
  for (const moment of ["2026-03-01T00:00:00.000Z", "2026-03-31T23:59:59.999Z"])
    expect(at(moment)).toEqual({ auditor: person });
});

test.each<[string, ReturnType<typeof judge>, string]>([
  [
    "somebody else's name",
    at("2026-03-10T00:00:00Z", { name: "ops.dc.lab.internal" }),
    "ops.dc.lab.internal is not among",
  ],
  ["no name", at("2026-03-10T00:00:00Z", { name: undefined }), "? is not among"],
  ["taken out of the list", at("2026-03-10T00:00:00Z", {}, []), "is not among"],
  ["before the period", at("2026-02-28T23:59:59.999Z"), "begins only on"],
  [
    "after the period, however long the certificate holds",
    at("2026-04-01T00:00:00Z", { validTo: "Jan  1 00:00:00 2030 GMT" }),
    "ended on",
  ],
  [
    "a certificate that ended",
    at("2026-03-20T00:00:00Z", { validTo: "Mar 20 00:00:00 2026 GMT" }),
    "this certificate has ended",
  ],
  [
    "a certificate whose end cannot be read",
    at("2026-03-20T00:00:00Z", { validTo: undefined }),
    "this certificate has ended",
  ],
])("%s: refused", (_, judged, why) => {
  expect("refused" in judged ? judged.refused.en : "let in").toContain(why);
  expect("refused" in judged ? judged.refused.id : "").not.toBe("");
});
