/** By which evidence says what was declared: SHA-256, in hex, of the model in canonical JSON (RFC 8785). */
import { createHash } from "node:crypto";
import type { Model } from "../../model/types.ts";

export function inventoryDigest(model: Model): string {
  return createHash("sha256").update(canonical(model)).digest("hex");
}

/** As evidence/canonical.ts writes it, to which a test holds this: a component imports no code of evidence. What is undefined is left out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}
