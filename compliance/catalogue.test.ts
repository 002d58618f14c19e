import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { labFiles } from "../model/testing/lab.ts";
import { missingParts } from "./parts.ts";
import { areaIds, areaOf } from "./schema/areas.ts";
import { shortCitation } from "./schema/articles.ts";
import { DOCUMENTS } from "./schema/documents.ts";
import { OFFICES, ROLES } from "./schema/offices.ts";
import { PARTS } from "./schema/parts.ts";
import { catalogue } from "./testing/catalogue.ts";
import { CORRECTIONS, type Column, columns, TABLE } from "./testing/table.ts";

const { duties } = catalogue();
const ids = duties.map(({ id }) => id);

/** The table with its corrections, as sorted citations. */
function expectedArticles(duty: string, column: Column): string[] {
  const mine = CORRECTIONS.filter((one) => one.duty === duty && one.column === column);
  const removed = mine.map(({ remove }) => remove);
  const written = (TABLE[duty]?.[column] ?? "").split(" ").filter((one) => one !== "" && !removed.includes(one));
  return [...written, ...mine.flatMap(({ add }) => add ?? [])].sort();
}

test("the catalogue has exactly the 96 duties of the table", () => {
  expect([...ids].sort()).toEqual(Object.keys(TABLE).sort());
  expect(ids).toHaveLength(96);
});

test("each region's articles are those of the table, as corrected by the texts", () => {
  const differing = duties.flatMap(({ id, articles }) =>
    (Object.keys(columns) as Column[]).flatMap((column) => {
      const cited = (articles[columns[column]] ?? []).map(shortCitation).sort();
      const expected = expectedArticles(id, column);
      return cited.join() === expected.join() ? [] : [{ id, column, cited, expected }];
    }),
  );
  expect(differing).toEqual([]);
});

test("every correction changes what the table says", () => {
  for (const { duty, column, add, remove } of CORRECTIONS) {
    const written = (TABLE[duty]?.[column] ?? "").split(" ");
    expect({ duty, adds: add === undefined || !written.includes(add) }).toEqual({ duty, adds: true });
    expect({ duty, removes: remove === undefined || written.includes(remove) }).toEqual({ duty, removes: true });
  }
});

test("duties stand by area, and every area has some", () => {
  const areas = duties.map(({ area }) => areaIds.indexOf(area));
  expect(areas).toEqual([...areas].sort((a, b) => a - b));
  expect([...new Set(duties.map(({ area }) => area))]).toEqual(areaIds);
  expect(areaOf("sso")).toBe("applications");
  expect(areaOf("nobody.knows")).toBeUndefined();
});

describe("texts", () => {
  const texts = duties.flatMap(({ id, title, explanation, remedy, beyond }) =>
    Object.entries({ title, explanation, remedy, ...(beyond ? { note: beyond.note } : {}) }).map(
      ([field, { id: indonesian, en }]) => ({ at: `${id}.${field}`, indonesian, en }),
    ),
  );

  test("of both languages differ: nobody left one untranslated", () => {
    expect(texts.filter(({ indonesian, en }) => indonesian === en).map(({ at }) => at)).toEqual([]);
  });

  test("use the same terms in both languages", () => {
    const termsOf = (text: string): string =>
      [...new Set(text.toLowerCase().match(/\{[^}]*\}/g))]
        .filter((term) => term !== "{opd}")
        .sort()
        .join();
    expect(
      texts.filter(({ indonesian, en }) => !sameOrFewer(termsOf(indonesian), termsOf(en))).map(({ at }) => at),
    ).toEqual([]);
  });

  test("put no indefinite article before an agency: a PD is an OPD elsewhere", () => {
    expect(texts.filter(({ en }) => /\ban? \{opd\}/i.test(en)).map(({ at }) => at)).toEqual([]);
  });

  test("titles are one line without a final dot; explanations are whole sentences", () => {
    const wrong = duties.filter(
      ({ title, explanation }) =>
        [title.id, title.en].some((one) => one.length > 110 || one.endsWith(".")) ||
        [explanation.id, explanation.en].some((one) => !one.endsWith(".") || one.length < 60),
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test("no title is given twice", () => {
    for (const language of ["id", "en"] as const) {
      const titles = duties.map(({ title }) => title[language]);
      expect(new Set(titles).size).toBe(titles.length);
    }
  });
});

/** An English sentence may need a term less often, or a plain word in its place, but no term of its own. */
const sameOrFewer = (indonesian: string, en: string): boolean =>
  en.split(",").every((term) => term === "" || indonesian.includes(term));

test("who answers is a role of the lab or an office of every region", () => {
  const roles = parse(labFiles.find(({ name }) => name === "roles.yaml")?.text ?? "").roles as { id: string }[];
  const declared = roles.map(({ id }) => id);
  expect(Object.keys(ROLES).filter((role) => !declared.includes(role))).toEqual([]);
  expect(Object.keys(OFFICES).filter((office) => declared.includes(office))).toEqual([]);
});

test("every kind of document attests something, and every part that is not built keeps something unknown", () => {
  const documents = duties.flatMap(({ shown }) =>
    shown.flatMap((one) => (one.way === "attested" ? one.by : one.way === "running" ? (one.document ?? []) : [])),
  );
  expect(Object.keys(DOCUMENTS).filter((kind) => !(documents as string[]).includes(kind))).toEqual([]);
  const parts = duties.flatMap(missingParts);
  expect(Object.keys(PARTS).filter((part) => !(parts as string[]).includes(part))).toEqual([]);
});

test("a duty waits for the parts of its ways, each once", () => {
  const of = (id: string) => missingParts(duties.find((one) => one.id === id) ?? { shown: [] });
  expect(of("mail.official")).toEqual(["mail"]);
  expect(of("sso")).toEqual(["sign-on"]);
  expect(of("bak.all")).toEqual([]);
});
