/** Documents and waivers of the lab, as the command line puts them into its inventory. */
import { expect, test } from "vitest";
import { bind, profilesOf } from "../../compliance/index.ts";
import { all } from "../../compliance/testing/lab.ts";
import { type Inventory, parseInventory } from "../../model/index.ts";
import { labFiles, valid } from "../../model/testing/lab.ts";
import { type Wrong, wrong } from "../wrong.ts";
import { type Attested, attestation } from "./attest.ts";
import { type Waived, type WaiveInput, waiving } from "./waive.ts";

const inventory = valid(parseInventory(labFiles));
const today = "2026-07-01";
const inventoryWith = (write: { name: string; text: string } | undefined): Inventory =>
  valid(parseInventory([...labFiles.filter(({ name }) => name !== write?.name), ...(write ? [write] : [])]));
const pathsOf = (result: Attested | Waived | readonly Wrong[]): string[] =>
  "write" in result ? [] : result.map(({ path, message }) => `${path}: ${message.en}`);

const id = "rencana-induk";
const recorded = inventory.documents.find((one) => one.id === id);
const attest = (rest: Partial<Parameters<typeof attestation>[0]>) =>
  attestation({
    ...{ files: labFiles, inventory, duties: all.duties, today, id, anew: false },
    paper: { file: `${id}.txt`, sha256: recorded?.sha256 ?? "" },
    ...rest,
  });

test("a file that is on record as it is changes nothing", () => {
  expect(attest({})).toEqual({ write: undefined });
});

test("another content is taken only where it is meant, and then stands in the inventory with all else as it was", () => {
  const paper = { file: "rencana-induk-2026.txt", sha256: "a".repeat(64) };
  expect(pathsOf(attest({ paper }))).toEqual(["--file: its content is not what the inventory has on record"]);
  const result = attest({ paper, anew: true });
  if (!("write" in result)) throw new Error(JSON.stringify(result));
  const before = labFiles.find(({ name }) => name === "documents.yaml")?.text ?? "";
  const expected = before
    .replace(recorded?.sha256 ?? "", paper.sha256)
    .replace(`file: ${id}.txt`, `file: ${paper.file}`);
  expect(result.write).toEqual({ name: "documents.yaml", text: expected });
  expect(inventoryWith(result.write).documents.find((one) => one.id === id)).toEqual({ ...recorded, ...paper });
});

test("a document that is not declared, and a file that is not there, are told together", () => {
  const paper = wrong("--file", { id: "tidak terbaca", en: "cannot be read" }, { id: "berkas", en: "a file" }, "x");
  const result = attest({ id: "rencana-indk", paper });
  expect(pathsOf(result)).toEqual(["<document-id>: this document is not declared", "--file: cannot be read"]);
  expect(result).toMatchObject([{ hint: { en: 'did you mean "rencana-induk"?' } }, {}]);
});

test("a document that ended, and a path that the inventory does not take, are refused", () => {
  expect(pathsOf(attest({ today: "2035-01-01" }))).toEqual(["documents[0].expires: ended on 2029-12-31"]);
  const odd = attest({ paper: { file: "a*b.txt", sha256: recorded?.sha256 ?? "" } });
  expect(pathsOf(odd)).toHaveLength(1);
  expect(pathsOf(odd)[0]).toContain("documents[0].file");
});

const bindings = bind(all, profilesOf(all, inventory.region.regulations).profiles);
const good = {
  ...{ files: labFiles, inventory, bindings, today },
  duty: "site.consolidated",
  which: ["antrean"],
  justification: "Menunggu pengadaan: tahap dua",
  approver: "kepala-diskominfo",
  expires: "2027-06-30",
} satisfies WaiveInput;

test("a waiver is added at the end, under an id of its own, and reads back as it was said", () => {
  const result = waiving(good);
  if (!("write" in result)) throw new Error(JSON.stringify(result));
  const { duty, which, justification, approver, expires } = good;
  expect(result.waiver).toEqual({ id: "site-consolidated", duty, which, justification, approver, expires });
  expect(inventoryWith(result.write).waivers).toEqual([...inventory.waivers, result.waiver]);
  expect(result.write.text).toContain(labFiles.find(({ name }) => name === "waivers.yaml")?.text);
  const next = waiving({ ...good, inventory: inventoryWith(result.write), which: ["lain"] });
  expect("waiver" in next && next.waiver.id).toBe("site-consolidated-2");
});

test("a region without waivers gets its file", () => {
  const files = labFiles.filter(({ name }) => name !== "waivers.yaml");
  const result = waiving({ ...good, files, inventory: valid(parseInventory(files)) });
  expect("write" in result && result.write).toMatchObject({
    name: "waivers.yaml",
    text: expect.stringMatching(/^# yaml-language-server.*\nwaivers:\n {2}- id: site-consolidated\n/),
  });
});

test("everything that a waiver lacks is told at once", () => {
  expect(
    pathsOf(waiving({ ...good, duty: "site.consolidate", justification: " ", approver: "x", expires: "soon" })),
  ).toEqual([
    '<duty>: there is no duty "site.consolidate"',
    "--justification: without a justification",
    "--approver: approved by nobody",
    "--expires: its expiry cannot be read, so it counts as expired",
  ]);
  const nothing = { duty: undefined, justification: undefined, approver: undefined, expires: undefined };
  expect(pathsOf(waiving({ ...good, ...nothing }))).toHaveLength(4);
});

test("one that ended, overlaps, or is of a duty that does not bind, is refused", () => {
  expect(pathsOf(waiving({ ...good, expires: "2026-06-30" }))).toEqual(["--expires: its last day has passed"]);
  expect("write" in waiving({ ...good, expires: today })).toBe(true);
  expect(pathsOf(waiving({ ...good, which: ["simrs"] }))).toEqual([
    '<duty>: overlaps with "simrs-di-rumah-sakit"; the first one holds',
  ]);
  const few = bind(all, profilesOf(all, ["langsa-34-2020"]).profiles);
  const unbound = few.find(({ binds }) => !binds);
  expect(pathsOf(waiving({ ...good, bindings: few, duty: unbound?.duty.id }))).toHaveLength(1);
});
