import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { parseCatalogue } from "./catalogue.ts";
import { catalogueFiles } from "./testing/catalogue.ts";

type Change = (value: never) => void;

/** The problems of the catalogue after the values of some files were changed, as `file path: code`. */
function problemsAfter(changes: Readonly<Record<string, Change | string>>): string[] {
  const altered = (files: typeof catalogueFiles.duties) =>
    files.map(({ name, text }) => {
      const change = changes[name];
      if (change === undefined) return { name, text };
      if (typeof change === "string") return { name, text: change };
      const value = parse(text);
      change(value as never);
      return { name, text: stringify(value) };
    });
  const result = parseCatalogue({ duties: altered(catalogueFiles.duties), profiles: altered(catalogueFiles.profiles) });
  return result.ok ? [] : result.problems.map(({ file, path, code }) => `${file} ${path}: ${code}`);
}

const drc = "duties/site.drc.yaml";
const langsa = "profiles/langsa.yaml";
const lawang = "profiles/empat-lawang.yaml";

// biome-ignore lint/suspicious/noExplicitAny: a test writes what no type allows
const change = (alter: (value: any) => void): Change => alter as Change;

test("the files as they stand have none", () => {
  expect(problemsAfter({})).toEqual([]);
});

test.each<[string, string, Change, string]>([
  ["an id unlike the file's name", drc, change((duty) => (duty.id = "site.second")), "id: id-unlike-file"],
  ["an area of another id", drc, change((duty) => (duty.area = "backup")), "area: area-unlike-id"],
  ["an area that nobody knows", drc, change((duty) => (duty.area = "places")), "area: value"],
  ["no article at all", drc, change((duty) => (duty.articles = {})), "articles: binds-nobody"],
  [
    "an article twice",
    drc,
    change((duty) => duty.articles.langsa.push({ ...duty.articles.langsa[0], kind: "may" })),
    "articles.langsa[2]: article-twice",
  ],
  [
    "an article as a number",
    drc,
    change((duty) => (duty.articles.langsa[0].article = 17)),
    "articles.langsa[0].article: type",
  ],
  ["a region that nobody knows", drc, change((duty) => (duty.articles.jakarta = [])), "articles.jakarta: unknown-key"],
  ["a text in one language", drc, change((duty) => delete duty.remedy.en), "remedy.en: required"],
  ["an empty text", drc, change((duty) => (duty.title.id = " ")), "title.id: range"],
  ["a term that nobody knows", drc, change((duty) => (duty.title.id = "Bagi {dinas}")), "title.id: format"],
  ["a brace alone", drc, change((duty) => (duty.title.en = "For {opd")), "title.en: format"],
  [
    "a check of another duty",
    drc,
    change((duty) => (duty.shown[0].by = "site.primary/x")),
    "shown[0].by: check-of-other",
  ],
  ["a check named twice", drc, change((duty) => (duty.shown[1].by = duty.shown[0].by)), "shown[1].by: check-of-other"],
  [
    "a way that goes beyond the text without a note",
    drc,
    change((duty) => (duty.shown[0].beyond = true)),
    "beyond: beyond-unexplained",
  ],
  [
    "a note of which no way goes beyond the text",
    drc,
    change((duty) => (duty.beyond = { extent: "part", note: { id: "a", en: "b" } })),
    "beyond: beyond-unexplained",
  ],
  [
    "attestations read without a kind of document",
    drc,
    change((duty) => (duty.shown[1].evidence = "attestation")),
    "shown[1].document: document-unlike-evidence",
  ],
  ["no way of showing it", drc, change((duty) => (duty.shown = [])), "shown: range"],
  ["a misspelt part", drc, change((duty) => (duty.shown[0].needsPart = "netwrk")), "shown[0].needsPart: value"],
  [
    "a duty that follows and is not there",
    drc,
    change((duty) => (duty.breaking.follows = ["site.drk"])),
    "breaking.follows[0]: unknown-duty",
  ],
  [
    "a duty that follows itself",
    drc,
    change((duty) => (duty.breaking.follows = ["site.drc"])),
    "breaking.follows[0]: follows-itself",
  ],
  [
    "a duty that follows at sites and is not there",
    drc,
    change((duty) => (duty.breakingSite.follows = ["site.drk"])),
    "breakingSite.follows[0]: unknown-duty",
  ],
  [
    "a duty that follows itself at sites",
    drc,
    change((duty) => (duty.breakingSite.follows = ["site.drc"])),
    "breakingSite.follows[0]: follows-itself",
  ],
  [
    "a duty that is broken as one whose example does not list it",
    drc,
    change((duty) => (duty.breakingSite = { as: "site.primary" })),
    "breakingSite.as: broken-as-nothing",
  ],
  ["a path of nothing", drc, change((duty) => (duty.breaking.edit[0].path = [{}])), "breaking.edit[0].path[0]: format"],
  [
    "an edit without a value",
    drc,
    change((duty) => (duty.breaking.edit[0].op = "add")),
    "breaking.edit[0].value: required",
  ],
  [
    "an exception of a duty that is not there",
    langsa,
    change((profile) => (profile.exceptions[0].duties[0] = "net.lan")),
    "exceptions[0].duties[0]: unknown-duty",
  ],
  [
    "a deadline that does not follow",
    lawang,
    change((profile) => (profile.deadlines[0].date = "2021-06-24")),
    "deadlines[0].date: wrong-date",
  ],
  [
    "a deadline of a duty that is not there",
    lawang,
    change((profile) => (profile.deadlines[1].duty = "site.line")),
    "deadlines[1].duty: unknown-duty",
  ],
  [
    "a deadline over a duty that is not there",
    lawang,
    change((profile) => (profile.deadlines[1].covers = ["ops.x"])),
    "deadlines[1].covers[0]: unknown-duty",
  ],
  ["a word that is missing", lawang, change((profile) => delete profile.vocabulary.opd), "vocabulary.opd: required"],
])("%s is told", (_, file, alter, expected) => {
  expect(problemsAfter({ [file]: alter })).toEqual([`${file} ${expected}`]);
});

test("every mistake is told at once, and a broken file hides no other, nor makes its id unknown", () => {
  expect(
    problemsAfter({
      [drc]: "id: [",
      "duties/bak.all.yaml": change((duty) => {
        delete duty.title.en;
        duty.area = "sites";
      }),
      [lawang]: change((profile) => (profile.deadlines[0].date = "2021-06-26")),
    }).map((one) => one.replace(/ : syntax/, ": syntax")),
  ).toEqual([
    "duties/bak.all.yaml title.en: required",
    "duties/site.drc.yaml: syntax",
    "profiles/empat-lawang.yaml deadlines[0].date: wrong-date",
  ]);
});

test("a problem carries line, expected, received and a hint", () => {
  const result = parseCatalogue({
    ...catalogueFiles,
    duties: catalogueFiles.duties.map(({ name, text }) =>
      name === drc ? { name, text: text.replace("area: sites", "area: site") } : { name, text },
    ),
  });
  expect(result).toMatchObject({
    ok: false,
    problems: [
      {
        file: drc,
        line: 2,
        path: "area",
        expected: { en: "sites, network, names, applications, backup, security, governance" },
        received: '"site"',
        hint: { id: 'apakah maksud Anda "sites"?', en: 'did you mean "sites"?' },
      },
    ],
  });
});
