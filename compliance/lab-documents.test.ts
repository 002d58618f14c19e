/** The lab's documents: together they attest all that a document can, and each of them is needed. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Inventory } from "../model/index.ts";
import { NO_EVIDENCE } from "./read-evidence.ts";
import { assessLab, lab } from "./testing/lab.ts";

const folder = fileURLToPath(new URL("../inventory/lab/documents/", import.meta.url));
const { inventory } = lab();
const files = new Map(
  inventory.documents.map(({ file = "" }) => [
    file,
    createHash("sha256")
      .update(readFileSync(`${folder}${file}`))
      .digest("hex"),
  ]),
);
const assessed = (documents: Inventory["documents"]) =>
  assessLab({ evidence: NO_EVIDENCE, files, inventory: { ...inventory, documents } });
const attestedBy = (documents: Inventory["documents"]): string[] =>
  assessed(documents).duties.flatMap(({ id, binds, ways }) =>
    binds && ways.some(({ way, state }) => way === "attested" && state === "met") ? [id] : [],
  );
const whole = attestedBy(inventory.documents);

test("every duty that a document can attest is attested, by a file that is as it was recorded", () => {
  const { duties, documents, problems } = assessed(inventory.documents);
  const asked = duties.filter(({ binds, ways }) => binds && ways.some(({ way }) => way === "attested"));
  expect(whole).toEqual(asked.map(({ id }) => id));
  expect(documents.filter(({ state }) => state !== "in-force")).toEqual([]);
  expect(problems).toEqual([]);
});

test("all of it is marked as example", () => {
  for (const { example, file } of inventory.documents) {
    expect(example).toBe(true);
    expect(readFileSync(`${folder}${file}`, "utf8")).toContain("DOKUMEN CONTOH");
  }
});

describe.each(inventory.documents)("without $id", ({ id, duties }) => {
  test("what it attests, and nothing else, is attested no more", () => {
    const left = attestedBy(inventory.documents.filter((one) => one.id !== id));
    expect(whole.filter((duty) => !left.includes(duty))).toEqual([...duties].sort());
  });
});
