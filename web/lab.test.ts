import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deriveModel, parseInventory } from "../model/index.ts";
import { atlasOf } from "./atlas.ts";
import { OPD_CONTENTS } from "./contents.ts";
import { brokenLinks, htmlProblems } from "./inspect.ts";
import { renderSites } from "./sites.ts";
import { sitesTar } from "./tar.ts";
import { LANGS, PREFIX, word } from "./text.ts";

/** The lab region as it is declared. */
function labModel() {
  const folder = new URL("../inventory/lab/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const files = names.map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
  const result = parseInventory(files, { folder: "lab" });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return deriveModel(result.inventory);
}

describe("the lab region", () => {
  const model = labModel();
  const pages = renderSites(model);
  const atlas = atlasOf(model);

  it("has a site for every OPD, and one that says where it went for each that was merged", () => {
    expect(atlas.active.length).toBeGreaterThanOrEqual(30);
    for (const opd of atlas.active) expect(pages.has(`${atlas.opdHosts.get(opd.id)}/index.html`), opd.id).toBe(true);
    const directory = String(pages.get(`${model.region.domain}/opd/index.html`));
    for (const opd of atlas.merged) expect(directory).toContain(`id="opd-${opd.id}"`);
  });

  it.each(LANGS)("has every required kind of content on every site, or says that it is missing (%s)", (lang) => {
    for (const opd of atlas.active) {
      const document = String(pages.get(`${atlas.opdHosts.get(opd.id)}${PREFIX[lang]}/index.html`));
      const sections = new Map(document.split("<section ").map((part) => [/^id="([^"]*)"/.exec(part)?.[1], part]));
      for (const kind of OPD_CONTENTS) {
        const section = sections.get(kind.id);
        expect(section, `${opd.id} ${kind.id}`).toBeDefined();
        if (kind.fill(opd, atlas) !== "filled")
          expect(section, `${opd.id} ${kind.id}`).toContain(word("missing", lang));
      }
      for (const service of opd.contents.services ?? [])
        expect(document).toContain(service.name.replaceAll("&", "&amp;"));
    }
  });

  it("has no broken link and no malformed page", () => {
    expect(brokenLinks(pages, model)).toEqual([]);
    const documents = [...pages].filter(([key]) => key.endsWith(".html"));
    expect(
      documents.flatMap(([key, content]) => htmlProblems(String(content)).map((problem) => `${key}: ${problem}`)),
    ).toEqual([]);
  });

  it("gives the same archive each time, of a size that a configuration can carry", () => {
    const archive = sitesTar(pages);
    expect(Buffer.compare(sitesTar(renderSites(labModel())), archive)).toBe(0);
    expect(archive.length).toBeLessThan(3_000_000);
  });
});
