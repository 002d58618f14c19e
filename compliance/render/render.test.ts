import { describe, expect, test } from "vitest";
import { LANGS, type Lang } from "../../web/text.ts";
import { type Assessment, followUps } from "../assessment.ts";
import { assessmentBytes } from "../kept.ts";
import { madeAssessment } from "../testing/assessment.ts";
import { catalogue } from "../testing/catalogue.ts";
import { SUBJECTS } from "./chapters/standard.ts";
import { contradictions, figuresOf } from "./figures.ts";
import { lettersOf } from "./letters.ts";
import { type Rendered, type RenderFormat, type RenderKind, render, renderKinds } from "./render.ts";
import { reportKinds } from "./reports.ts";
import { headOf, sourcesOf } from "./sources.ts";
import { csvRows } from "./testing/csv-rows.ts";

const made = madeAssessment();
const sources = sourcesOf(made);
const figures = new Map(figuresOf(made).map(({ name, value }) => [name, value]));

const files = (kind: RenderKind, format: RenderFormat, lang: Lang): Rendered[] => render(sources, kind, format, lang);
const only = (kind: RenderKind, format: RenderFormat, lang: Lang): string =>
  String(files(kind, format, lang)[0]?.content);

/** Every named figure of a page: the value that it carries, and the one that is shown. */
function shownFigures(page: string): { name: string; value: number; shown: number }[] {
  return [...page.matchAll(/<data value="([^"]*)" data-name="([^"]+)">([^<]*)<\/data>/g)].map(
    ([, value = "", name = "", shown = ""]) => ({
      name,
      value: Number(value),
      shown: Number(shown.replace(/[.,](?=\d{3})/g, "")),
    }),
  );
}

describe("the figures", () => {
  test("are named, each once, and come from the assessment", () => {
    expect(figures.size).toBe(figuresOf(made).length);
    expect(figures.size).toBeGreaterThan(100);
    expect(figures.get("status.not-satisfied")).toBe(
      made.duties.filter((one) => one.binds && one.status === "not-satisfied").length,
    );
    expect(figures.get("findings.open")).toBe(4);
    for (const name of figures.keys()) expect(name).toMatch(/^[a-z][a-z0-9.-]*$/);
  });
  test.each(
    LANGS.flatMap((lang) =>
      renderKinds.flatMap((kind) => (["html", "pdf"] as const).map((format) => [kind, format, lang] as const)),
    ),
  )("%s, %s, %s: each is the assessment's own", (kind, format, lang) => {
    const all = files(kind, format, lang).flatMap(({ content }) => shownFigures(String(content)));
    if (kind !== "letters") expect(all.length).toBeGreaterThan(10);
    for (const { name, value, shown } of all)
      expect([name, value, shown]).toEqual([name, figures.get(name), figures.get(name)]);
  });
  test.each(LANGS.flatMap((lang) => reportKinds.map((kind) => [kind, lang] as const)))(
    "%s, %s: all of them stand in the report, on screen and on paper",
    (kind, lang) => {
      for (const format of ["html", "pdf"] as const)
        expect(new Set(shownFigures(only(kind, format, lang)).map(({ name }) => name))).toEqual(
          new Set(figures.keys()),
        );
    },
  );
  test.each(LANGS)("%s: CSV and OSCAL have all of them, alike", (lang) => {
    const csv = files("audit", "csv", lang).find(({ path }) => path.endsWith("figures.csv"));
    const rows = csvRows(String(csv?.content)).slice(1);
    expect(new Map(rows.map(([name = "", , value]) => [name, Number(value)]))).toEqual(figures);
    const oscal = JSON.parse(only("audit", "oscal", lang))["assessment-results"].results[0];
    const props: { name: string; value: string; class?: string }[] = oscal.props;
    expect(
      new Map(props.filter((one) => one.class === "figure").map(({ name, value }) => [name, Number(value)])),
    ).toEqual(figures);
  });
  test.each(LANGS)("%s: rows of CSV and OSCAL count up to them", (lang) => {
    const oscal = JSON.parse(only("audit", "oscal", lang))["assessment-results"].results[0];
    const statuses = oscal.findings.map(
      ({ props }: { props: { name: string; value: string }[] }) => props.find(({ name }) => name === "status")?.value,
    );
    expect(statuses.length).toBe(figures.get("status.population"));
    for (const status of ["satisfied", "attested", "waived", "unknown", "expired", "not-satisfied", "not-applicable"])
      expect([status, statuses.filter((one: string) => one === status).length]).toEqual([
        status,
        figures.get(`status.${status}`),
      ]);
    expect(oscal.risks.filter(({ status }: { status: string }) => status === "open").length).toBe(
      figures.get("findings.open"),
    );
    const duties = csvRows(
      String(files("audit", "csv", lang).find(({ path }) => path.endsWith("duties.csv"))?.content),
    );
    expect(duties.length - 1).toBe(figures.get("duties.catalogue"));
  });
  test("JSON is the assessment itself, and its digest is what every page names", () => {
    expect(files("audit", "json", "id")[0]?.content).toEqual(assessmentBytes(made));
    for (const kind of renderKinds)
      for (const { content } of files(kind, "pdf", "en")) expect(content).toContain(sources.digest);
  });
  test("an assessment whose sums do not fit its rows is named, every sum", () => {
    expect(contradictions(made)).toEqual([]);
    const wrong: Assessment = {
      ...made,
      totals: { ...made.totals, openFindings: 0, all: { ...made.totals.all, satisfied: 96 } },
      evidence: { ...made.evidence, verified: 413 },
    };
    expect(contradictions(wrong)).toEqual([
      expect.stringContaining("totals.all.satisfied: expected"),
      "totals.openFindings: expected 4, as its rows say; received 0",
      "evidence.verified: expected at most 412, received 413",
    ]);
  });
});

/** What a reader sees in the page's own language: without styles, scripts, codes, and what is marked as Indonesian. */
function words(page: string): string {
  const official = Object.values(followUps).flatMap(({ id }) => id);
  let text = page
    .replace(/<(style|script|code|title)[^>]*>[\s\S]*?<\/\1>/g, " ")
    .replace(/<(\w+)[^>]* lang="id"[^>]*>[^<]*<\/\1>/g, " ")
    .replace(/<p class="(government|office|line|running-title|issuer)">[^<]*<\/p>/g, " ");
  for (const word of official.toSorted((a, b) => b.length - a.length)) text = text.replaceAll(word, " ");
  return text.replace(/ (?:data-text|aria-label|data-label|placeholder)="([^"]*)"/g, "> $1 <").replace(/<[^>]*>/g, " ");
}
const OTHERS: Readonly<Record<Lang, RegExp>> = {
  id: /\b(the|and|of|is|are|not|with|which|was|were|from|by|its|this)\b/i,
  en: /\b(yang|dan|tidak|untuk|dengan|dari|pada|oleh|adalah|belum|atau|ini|itu|sebagai|kewajiban)\b/i,
};

describe.each(LANGS)("the words in %s", (lang) => {
  test.each(renderKinds)("%s: none is left in the other language", (kind) => {
    for (const format of ["html", "pdf"] as const)
      for (const { path, content } of files(kind, format, lang)) {
        const text = words(String(content));
        const at = text.search(OTHERS[lang]);
        expect([path, at < 0 ? "" : text.slice(Math.max(0, at - 60), at + 60).replace(/\s+/g, " ")]).toEqual([
          path,
          "",
        ]);
        expect(text).not.toMatch(/\{[a-zA-Z]+\}|undefined|\[object/);
      }
  });
  test("CSV has heads in the language", () => {
    for (const { content } of files("audit", "csv", lang))
      expect(csvRows(String(content))[0]?.join(" ")).not.toMatch(OTHERS[lang]);
  });
});

describe("a page", () => {
  const page = only("audit", "html", "id");
  test("takes nothing from elsewhere, and its policy allows only its own style and script", () => {
    for (const kind of renderKinds)
      for (const format of ["html", "pdf"] as const)
        for (const { content } of files(kind, format, "id")) {
          expect(content).not.toMatch(/<link|<img|src=|url\(|@import|<iframe|<object/);
          expect(content).not.toMatch(/(href)="(?!#)/);
          expect(content).not.toMatch(/ style="| on[a-z]+="/);
        }
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
    expect(policy).toContain("default-src &#39;none&#39;");
    expect(policy.match(/sha256-[A-Za-z0-9+/=]{44}/g)).toHaveLength(2);
  });
  test("nobody's words become markup", () => {
    expect(page).toContain("Pemerintah Kabupaten Contoh &lt;uji&gt;");
    expect(page).not.toContain("<uji>");
  });
  test("lists every duty that binds to search and filter, and every one that does not", () => {
    for (const { id, binds } of made.duties) expect(page.includes(`id="${id}" data-item="duty"`)).toBe(binds);
    for (const { id, binds } of made.duties) if (!binds) expect(page).toContain(`<code>${id}</code>`);
  });
  test("ids are unique, and every link leads to one", () => {
    for (const format of ["html", "pdf"] as const) {
      const text = only("audit", format, "en");
      const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, to] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(to);
    }
  });
  test("findings carry all that auditors ask of one", () => {
    for (const one of made.findings.filter(({ closedAt }) => closedAt === null))
      for (const said of [
        one.condition.id,
        one.criteria.id,
        one.cause.id,
        one.effect.id,
        one.recommendation.id,
        one.owner.title.id,
      ])
        expect(page).toContain(said.replaceAll("&", "&amp;"));
  });
});

test("every duty of the catalogue stands in one subject of the minimum specification", () => {
  for (const { id } of catalogue().duties)
    expect([id, SUBJECTS.filter(({ prefixes }) => prefixes.some((prefix) => id.startsWith(prefix))).length]).toEqual([
      id,
      1,
    ]);
});

describe("letters", () => {
  const everywhere = sourcesOf(
    madeAssessment({
      regulations: ["empat-lawang-30-2019", "lamandau-37-2018", "langsa-34-2020", "serdang-bedagai-8-2017"],
    }),
  );
  test("rest on duties that are not met, and leave the number to the registry", () => {
    for (const some of [sources, everywhere]) {
      const due = lettersOf(some);
      expect(due.length).toBeGreaterThan(0);
      expect(new Set(due.map(({ id }) => id)).size).toBe(due.length);
    }
    for (const { content } of files("letters", "pdf", "id")) {
      for (const said of ["Nomor", "Sifat", "Lampiran", "Hal", "Yth.", "Tembusan:", "……/……"])
        expect(content).toContain(said);
    }
    const well = { ...made, duties: made.duties.map((duty) => ({ ...duty, status: "satisfied" as const })) };
    expect(lettersOf(sourcesOf(well))).toEqual([]);
  });
  test("one reminds each agency that does not report", () => {
    const duties = made.duties.map((duty) =>
      duty.id === "gov.reports"
        ? {
            ...duty,
            binds: true,
            status: "not-satisfied" as const,
            answers: {
              ...duty.answers,
              running: {
                ...duty.answers.designed,
                population: { spokenOf: 3, lookedAt: 3, failing: 2, which: ["Dinas Kesehatan", "BPBD"], unknown: [] },
              },
            },
          }
        : duty,
    );
    const due = lettersOf(sourcesOf({ ...made, duties })).filter(({ id }) => id.startsWith("pengingat-"));
    expect(due.map(({ id, to }) => [id, to.id])).toEqual([
      ["pengingat-dinas-kesehatan", "Kepala Dinas Kesehatan"],
      ["pengingat-bpbd", "Kepala BPBD"],
    ]);
  });
  test("bear the Hijri date where the region writes it", () => {
    expect(lettersOf(everywhere)[0]?.hijri).toBe("16 Muharram 1448 H");
    expect(lettersOf(sources)[0]?.hijri).toBeUndefined();
  });
  test("the head of the region is called by the region's word", () => {
    const { vocabulary } = made;
    const head = (name: string) => headOf({ region: { ...made.region, name }, vocabulary }).id;
    expect([head("Kabupaten Lamandau"), head("Lamandau")]).toEqual(["Bupati Lamandau", "Bupati"]);
  });
});
