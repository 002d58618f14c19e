/** Pages as they are found after a break-in, and pages that only look like it. */
import { describe, expect, test } from "vitest";
import { fixtureModel, HOSTILE } from "../../../web/fixture.ts";
import { renderSites } from "../../../web/sites.ts";
import { injectedInto } from "./injected.ts";
import { tokensOf } from "./markup.ts";

const HOST = "dinkes.lumbungkab.go.id";
const isOurs = (host: string): boolean => host === "lumbungkab.go.id" || host.endsWith(".lumbungkab.go.id");
const found = (html: string): string[] => injectedInto({ host: HOST, html }, isOurs);

describe("what others put into a page", () => {
  test.each([
    ['<div style="display:none"><a href="https://contoh.example/">x</a></div>', ["hidden-link contoh.example"]],
    ['<div style="position:absolute; left:-9999px"><p><a href=//contoh.example>x</a>', ["hidden-link contoh.example"]],
    ["<a hidden href='https://contoh.example/a?b=1&amp;c=2'>x</a>", ["hidden-link contoh.example"]],
    ['<p style="Font-Size: 0 !important"><a href="http://contoh.example">x</a></p>', ["hidden-link contoh.example"]],
    ['<i style="overflow:hidden;height:1px"><a href="http://contoh.example">x</a></i>', ["hidden-link contoh.example"]],
    ['<iframe hidden src="https://contoh.example/"></iframe>', ["hidden-frame contoh.example"]],
    ['<script src="https://contoh.example/x.js"></script>', ["foreign-script contoh.example"]],
    ["<SCRIPT/SRC=//contoh.example/x.js></SCRIPT>", ["foreign-script contoh.example"]],
    ['<link rel="canonical" href="https://contoh.example/">', ["foreign-canonical contoh.example"]],
    ['<meta http-equiv="Refresh" content="0; url=https://contoh.example/">', ["leads-away contoh.example"]],
    ["<p>Daftar Slot Gacor hari ini</p>", ["gambling slot gacor", "gambling gacor hari ini"]],
    ["<p>SL0T G4C0R</p>", ["gambling slot gacor"]],
    ["<p>s&#108;ot\u200bgacor</p>", ["gambling slot gacor"]],
    ['<p a"><a hidden href=https://contoh.example/>"</a></p>', ["hidden-link contoh.example"]],
    ['<meta name="description" content="situs togel">', ["gambling situs togel"]],
    ['<p><a href="https://contoh.example/">Togel</a></p>', ["gambling togel"]],
    ['<p style="display:none">taruhan</p>', ["gambling taruhan"]],
  ])("%s", (html, finds) => {
    expect(found(html)).toEqual(finds);
  });

  test("so many are told, each once", () => {
    const link = (name: number) => `<a hidden href="https://${name}.example/"></a>`;
    expect(found(link(1) + link(1))).toEqual(["hidden-link 1.example"]);
    expect(found(Array.from({ length: 50 }, (_, index) => link(index)).join(""))).toHaveLength(10);
  });
});

describe("what is no break-in", () => {
  test.each([
    "<h2>Bahaya judi online dan togel bagi warga</h2>",
    '<a href="https://kominfo.go.id/">Kominfo</a> <a href="https://contoh.example/">Contoh</a>',
    '<nav style="display:none"><a href="/profil/">Profil</a><a href="https://lumbungkab.go.id/">Portal</a></nav>',
    '<p style="opacity:0.9;font-size:0.9em"><a href="https://contoh.example/">x</a></p>',
    '<script src="/x.js"></script><script>document.write("<a hidden href=https://contoh.example>slot gacor</a>")</script>',
    "<!-- <a hidden href=https://contoh.example>slot gacor</a> -->",
    '<div hidden></div><a href="https://contoh.example/">x</a>',
    '<img hidden src="x"><a href="https://contoh.example/">x</a>',
    '<a hidden href="mailto:a@contoh.example">x</a><a hidden href="https://[">x</a>',
    '<p>Daftar slot antrean, dan <a href="https://contoh.example/">link alternatif</a></p>',
    "<p>Total slotting dan taruhan-nya</p>",
  ])("%s", (html) => {
    expect(found(html)).toEqual([]);
  });

  test("every page that is rendered for a region", () => {
    const pages = [...renderSites(fixtureModel())].filter(([name]) => name.endsWith(".html"));
    expect(pages.length).toBeGreaterThan(10);
    for (const [name, html] of pages)
      expect([name, injectedInto({ host: name.split("/")[0] ?? "", html: String(html) }, isOurs)]).toEqual([name, []]);
  });
});

describe("markup", () => {
  test("that is broken is read to its end, and nothing is lost", () => {
    const names = [...tokensOf('<p><b x="<a>">1</i></b>2<3 <x y=\'>')].map((token) =>
      token.kind === "text" ? token.text : `${token.kind} ${token.name}`,
    );
    expect(names).toEqual(["open p", "open b", "1", "close i", "close b", "2", "3 ", "open x"]);
    for (const text of ["<", "</", "<!--", "<script>", "<a", "<a b='", HOSTILE, "<p &#x110000; &#0;>"])
      expect(() => [...tokensOf(text)]).not.toThrow();
  });

  test("made to be slow takes no longer than it is long", () => {
    const began = performance.now();
    for (const piece of [
      "<section",
      "<a style='overflow:hidden;",
      "</p><p>",
      "<b>",
      "<!--",
      "<script>",
      "&#x",
      " a ",
      '"',
    ])
      found(piece.repeat(200_000 / piece.length));
    // Quadratic would be minutes.
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
