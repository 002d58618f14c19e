import { expect, test } from "vitest";
import { parse } from "yaml";
import { addItem, setFields } from "./edit-yaml.ts";

const blocks = `# kepala
documents:
  - id: satu # yang pertama
    title: "Satu: dua"
    duties: [gov.sop] # daftar
    example: true

  # yang kedua
  - id: dua
    duties:
      - gov.sop
    note: |
      panjang
    file: lama.txt # akan diganti
`;

test("a field is added after the others and before `example`; every comment stays", () => {
  expect(setFields(blocks, "documents", "satu", { file: "a.txt", sha256: "1234567890" })).toBe(
    blocks.replace(
      "    duties: [gov.sop] # daftar\n",
      '    duties: [gov.sop] # daftar\n    file: a.txt\n    sha256: "1234567890"\n',
    ),
  );
});

test("one that is there is written anew in its place; one after a block of text begins on a line of its own", () => {
  expect(setFields(blocks, "documents", "dua", { file: "baru.txt" })).toBe(blocks.replace("lama.txt", "baru.txt"));
  const text = blocks.replace("    file: lama.txt # akan diganti\n", "");
  expect(setFields(text, "documents", "dua", { file: "baru.txt" })).toBe(`${text}    file: baru.txt\n`);
  const empty = blocks.replace("file: lama.txt", "file:");
  expect(parse(setFields(empty, "documents", "dua", { file: "x" })).documents[1].file).toBe("x");
});

test("an item in braces stays in them", () => {
  const text = "documents:\n  - {\n      id: satu,\n      owner: x,\n      example: true,\n    }\n  - { id: dua }\n";
  const changed = setFields(setFields(text, "documents", "satu", { file: "a b.txt" }), "documents", "dua", {
    file: "c",
  });
  expect(changed).toBe(
    "documents:\n  - {\n      id: satu,\n      owner: x, file: a b.txt,\n      example: true,\n    }\n  - { id: dua, file: c }\n",
  );
});

test("an item that is not there is an error", () => {
  expect(() => setFields(blocks, "documents", "tiga", {})).not.toThrow();
  expect(() => setFields(blocks, "documents", "tiga", { file: "x" })).toThrow('expected an item "tiga"');
});

const item = { id: "tiga", which: ["simrs", "dc/utama"], justification: "alasan: panjang", expires: "2027-12-31" };
const lines =
  '  - id: tiga\n    which: [simrs, "dc/utama"]\n    justification: "alasan: panjang"\n    expires: 2027-12-31\n';

test("an item is added at the end of its list, also before what follows", () => {
  expect(addItem(blocks, "documents", item)).toBe(blocks + lines);
  expect(addItem(`${blocks}roles: []\n`, "documents", item)).toBe(`${blocks}${lines}roles: []\n`);
});

test("a list that is not there, is empty, or stands in brackets takes it as well", () => {
  expect(addItem("", "waivers", item)).toBe(`waivers:\n${lines}`);
  expect(addItem("# a\nwaivers: []\n", "waivers", item)).toBe(`# a\nwaivers:\n${lines}`);
  expect(parse(addItem("waivers: [{ id: x }]\n", "waivers", item)).waivers).toEqual([{ id: "x" }, item]);
  expect(parse(addItem("waivers:\n- { id: x }\n", "waivers", item)).waivers).toEqual([{ id: "x" }, item]);
});

test("what is written reads back as it was meant, line feeds too", () => {
  const odd = { id: "x", justification: "a\nb # c", approver: "true" };
  expect(parse(addItem("", "waivers", odd)).waivers).toEqual([odd]);
});
