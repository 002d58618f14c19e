import type { Json } from "../../evidence/canonical.ts";

/** As JSON can say it: without what is undefined, and without halves of characters, which a table's name from an engine may hold. */
export function plain(value: unknown): Json {
  return JSON.parse(
    JSON.stringify(value, (_, member: unknown) =>
      typeof member === "string" ? member.replace(/\p{Surrogate}/gu, "\ufffd") : member,
    ),
  ) as Json;
}
