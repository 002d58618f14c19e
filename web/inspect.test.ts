import { describe, expect, it } from "vitest";
import { fixtureModel } from "./fixture.ts";
import { brokenLinks, htmlProblems } from "./inspect.ts";
import { renderSites } from "./sites.ts";

const model = fixtureModel();
const KEY = "dinkes.lumbungkab.go.id/index.html";
const good = String(renderSites(model).get(KEY));

/** The checks of the checks: each alteration of a good page must be noticed. */
describe("htmlProblems notices", () => {
  it.each([
    ["a tag never closed", (page: string) => page.replace("</section>", ""), /closes/],
    ["a script", (page: string) => page.replace("</main>", "<script></script></main>"), /<script>/],
    ["an inline style", (page: string) => page.replace("<h1>", '<h1 style="x">'), /inline style/],
    ["an inline handler", (page: string) => page.replace("<h1>", '<h1 onclick="x">'), /inline onclick/],
    ["an id used twice", (page: string) => page.replace("<h1>", '<h1 id="isi">'), /twice/],
    [
      "a heading that skips",
      (page: string) => page.replace(/<h2 ([^>]*)>([^<]*)<\/h2>/, "<h4 $1>$2</h4>"),
      /h4 after h1/,
    ],
    ["a stray angle bracket", (page: string) => page.replace("Imunisasi", "Imunisasi < 5"), /stray/],
    ["an image without text", (page: string) => page.replace(' alt=""', ""), /alt/],
    ["a document without language", (page: string) => page.replace('<html lang="id">', "<html>"), /lang/],
  ])("%s", (_name, alter, expected) => {
    expect(htmlProblems(good)).toEqual([]);
    const altered = alter(good);
    expect(altered).not.toBe(good);
    expect(htmlProblems(altered).join("\n")).toMatch(expected);
  });
});

describe("brokenLinks notices", () => {
  it.each([
    ["a page that is not there", "/tiada/", /no such page/],
    ["an anchor that is not there", "#tiada", /no such anchor/],
    ["a host that is not declared", "https://lain.example/", /not declared/],
    ["a page of another site that is not there", "https://lumbungkab.go.id/tiada/", /no such page/],
    ["plain HTTP", "http://lumbungkab.go.id/", /not https/],
  ])("%s", (_name, href, expected) => {
    const pages = new Map(renderSites(model));
    pages.set(KEY, good.replace("</main>", `<a href="${href}">x</a></main>`));
    expect(brokenLinks(pages, model).join("\n")).toMatch(expected);
  });
});
