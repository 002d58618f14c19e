/** The breaking examples, held against the lab: each must fit, change something, and be valid or refused as it says. */

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseInventory } from "../model/index.ts";
import { fileNames, type Key } from "../model/schema/index.ts";
import { labFiles } from "../model/testing/lab.ts";
import { applyEdits } from "./edits.ts";
import type { InventoryEdit } from "./schema/breaking.ts";
import { DOCUMENTS } from "./schema/documents.ts";
import type { Duty } from "./schema/duty.ts";
import { catalogue } from "./testing/catalogue.ts";

const { duties } = catalogue();
const lab = Object.fromEntries(labFiles.map(({ name, text }) => [name, parse(text)]));

const examples = duties.flatMap(({ id, breaking }) => (breaking.kind === "inventory" ? [{ id, breaking }] : []));

/** Codes of the rules that refuse the lab after the edits; empty where it is still valid. */
function refusals(edits: readonly InventoryEdit[]): string[] {
  const files = Object.entries(applyEdits(lab, edits)).map(([name, value]) => ({ name, text: JSON.stringify(value) }));
  const result = parseInventory(files);
  return result.ok ? [] : result.problems.map(({ code }) => code);
}

describe("of inventories", () => {
  test("there are examples", () => {
    expect(examples.length).toBeGreaterThan(30);
    expect(examples.some(({ breaking }) => breaking.refusedBy !== undefined)).toBe(true);
  });

  test.each(examples.map(({ id, breaking }) => [id, breaking] as const))("%s", (_, breaking) => {
    const codes = refusals(breaking.edit);
    if (breaking.refusedBy === undefined) expect(codes).toEqual([]);
    else expect(codes).toContain(breaking.refusedBy);
  });

  test("each edit is of a file that holds the key it goes to", () => {
    const misplaced = examples.flatMap(({ id, breaking }) =>
      breaking.edit
        .filter(({ file, path }) => !fileNames[file]?.includes(path[0] as Key))
        .map(({ file }) => [id, file]),
    );
    expect(misplaced).toEqual([]);
  });
});

describe("of evidence", () => {
  const edits = duties.flatMap((duty) =>
    duty.breaking.kind === "evidence" ? duty.breaking.edit.map((edit) => ({ duty, edit })) : [],
  );

  /** Whether one of the duty's ways reads such a record. A roll-up reads what others say. */
  const reads = (duty: Duty, record: string, about: string): boolean =>
    duty.shown.some(
      (one) =>
        (one.way === "attested" && record === "attestation" && one.by === about) ||
        (one.way === "running" && one.evidence === record && (record !== "attestation" || one.document === about)),
    );

  test("each touches records that the duty's ways read", () => {
    const strange = edits.filter(({ duty, edit }) => !reads(duty, edit.record, edit.about) && duty.id !== "sec.cia");
    expect(strange.map(({ duty }) => duty.id)).toEqual([]);
  });

  test("an attestation is named by its kind, and only an attestation expires", () => {
    const attested = edits.filter(({ edit }) => edit.record === "attestation");
    expect(attested.filter(({ edit }) => !Object.hasOwn(DOCUMENTS, edit.about))).toEqual([]);
    expect(edits.filter(({ edit }) => edit.op === "expire" && edit.record !== "attestation")).toEqual([]);
  });

  test("what is aged becomes older than what counts as fresh", () => {
    for (const { duty, edit } of edits) {
      if (edit.op !== "age") continue;
      const fresh = duty.shown.flatMap((one) =>
        one.way === "running" && one.evidence === edit.record ? one.freshSeconds : [],
      );
      expect({ id: duty.id, older: fresh.every((seconds) => edit.seconds > seconds) }).toEqual({
        id: duty.id,
        older: true,
      });
    }
  });
});
