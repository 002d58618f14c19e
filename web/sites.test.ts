import { describe, expect, it } from "vitest";
import { atlasOf } from "./atlas.ts";
import { OPD_CONTENTS, PORTAL_CONTENTS, SERVICE_CONTENTS } from "./contents.ts";
import { fixtureModel, HOSTILE, madeModel, modelOf } from "./fixture.ts";
import { brokenLinks, htmlProblems } from "./inspect.ts";
import { renderSites } from "./sites.ts";
import { LANGS, PREFIX, word } from "./text.ts";

const model = fixtureModel();
const pages = renderSites(model);
const atlas = atlasOf(model);

function text(key: string): string {
  const content = pages.get(key);
  if (typeof content !== "string") throw new Error(`no page ${key}; there are ${[...pages.keys()].join(" ")}`);
  return content;
}

/** Markup of one section of a page, by its id. */
function sectionOf(document: string, id: string): string {
  const start = document.search(new RegExp(`<(section|aside)[^>]* id="${id}"|<(section|aside) id="${id}"`));
  if (start === -1) return "";
  return document.slice(
    start,
    document.indexOf(document.startsWith("<aside", start) ? "</aside>" : "</section>", start),
  );
}

describe("sites of the OPD", () => {
  const active = atlas.active.filter((opd) => atlas.opdHosts.has(opd.id));
  it.each(LANGS)("carry every kind of content, or say that it is missing (%s)", (lang) => {
    expect(active.length).toBe(3);
    for (const opd of active) {
      const document = text(`${opd.host}${PREFIX[lang]}/index.html`);
      for (const kind of OPD_CONTENTS) {
        const section = sectionOf(document, kind.id);
        expect(section, `${opd.id} ${kind.id}`).not.toBe("");
        const fill = kind.fill(opd, atlas);
        expect(section.includes(word("missing", lang)), `${opd.id} ${kind.id} is ${fill}`).toBe(
          // The table of services names each cell that is missing, even where services are given.
          fill !== "filled" ||
            (kind.id === "layanan" && opd.contents.services?.some((each) => each.fee === undefined) === true),
        );
      }
    }
  });

  it("show what was given", () => {
    const document = text("dinkes.lumbungkab.go.id/index.html");
    for (const given of [
      "Izin praktik bidan",
      "3 hari kerja",
      "9 Maret 2026",
      "Bidang pelayanan",
      "Perbup 7/2025: Standar",
      "Jalan Padi 1",
      "10 Maret 2026",
    ])
      expect(document).toContain(given);
    expect(document.indexOf("Imunisasi tahap kedua")).toBeLessThan(document.indexOf("Posyandu keliling"));
    expect(document).toContain("https://pengaduan.lumbungkab.go.id/?opd=dinkes");
  });

  it("mark given text as Indonesian on the English page", () => {
    expect(text("dinkes.lumbungkab.go.id/en/index.html")).toContain('<span lang="id">Izin praktik bidan</span>');
    expect(text("dinkes.lumbungkab.go.id/en/index.html")).toContain("9 March 2026");
  });

  it("of a merged OPD say where it went, and nothing else", () => {
    const document = text("pasar.lumbungkab.go.id/index.html");
    expect(document).toContain(
      'Digabung ke dalam <a href="https://dinkes.lumbungkab.go.id/">Dinas Kesehatan</a> sejak',
    );
    expect(document).toContain("2 Januari 2025");
    expect(document).not.toContain(word("missing", "id"));
    expect(text("dinkes.lumbungkab.go.id/index.html")).toContain("Menggabungkan: Dinas Pasar");
  });

  it("are served under every declared host, and only there", () => {
    const hosts = new Set([...pages.keys()].map((key) => key.slice(0, key.indexOf("/"))));
    expect([...hosts].sort()).toEqual(
      model.hosts.filter((host) => host.serves.kind !== "application").map((host) => host.host),
    );
  });

  it("refuse a host whose OPD does not exist", () => {
    const broken = modelOf(model.opds.slice(0, 1));
    expect(() => renderSites({ ...broken, opds: [] })).toThrow(/dinkes/);
  });
});

describe("the portal", () => {
  it.each(LANGS)("carries its five kinds of content (%s)", (lang) => {
    const document = text(`lumbungkab.go.id${PREFIX[lang]}/index.html`);
    expect(PORTAL_CONTENTS).toHaveLength(5);
    for (const kind of PORTAL_CONTENTS) expect(sectionOf(document, kind.id), kind.id).toContain(kind.label[lang]);
    expect(sectionOf(document, "berita")).toContain("Imunisasi tahap kedua");
    expect(sectionOf(document, "data")).toContain("Portal data terbuka");
    expect(text(`lumbungkab.go.id${PREFIX[lang]}/profil/index.html`)).toContain(word("missing", lang));
    expect(text(`lumbungkab.go.id${PREFIX[lang]}/tautan/index.html`)).toContain(word("missing", lang));
  });

  it("says that open data are missing where no such application runs", () => {
    const bare = renderSites(modelOf(model.opds));
    expect(sectionOf(String(bare.get("lumbungkab.go.id/index.html")), "data")).toContain("Belum diisi");
  });

  it("lists every OPD with its services and the seven kinds of information on them", () => {
    const document = text("lumbungkab.go.id/layanan/index.html");
    expect(SERVICE_CONTENTS).toHaveLength(7);
    for (const opd of atlas.active) {
      const section = sectionOf(document, `opd-${opd.id}`);
      for (const kind of SERVICE_CONTENTS) expect(section, `${opd.id} ${kind.id}`).toContain(kind.short.id);
      if (!opd.contents.services) expect(section).toContain("Belum diisi.");
    }
    expect(sectionOf(document, "opd-dinkes")).toMatch(/Standar <span class="badge partial">/);
    expect(text("lumbungkab.go.id/layanan/abjad/index.html")).toMatch(/huruf-I"><h2>I<[\s\S]*Izin praktik bidan/);
  });

  it("shows where merged OPD went, also without a site of their own", () => {
    const section = sectionOf(text("lumbungkab.go.id/opd/index.html"), "digabung");
    expect(section).toContain("Dinas arsip");
    expect(section).toContain("Dinas Komunikasi dan Informatika");
    expect(section).toContain("1 Juli 2024");
  });

  it("has a row of completeness for every OPD", () => {
    const document = text("lumbungkab.go.id/kelengkapan/index.html");
    const matrix = sectionOf(document, "situs-opd");
    expect(matrix.match(/<tr>/g)).toHaveLength(1 + atlas.active.length);
    expect(matrix.match(/badge /g)).toHaveLength(OPD_CONTENTS.length * atlas.active.length);
    expect(document).toContain("Perbup Empat Lawang 30/2019 15(3) c");
  });

  it("is the same at its apex and at www, with one canonical address", () => {
    expect(text("www.lumbungkab.go.id/layanan/index.html")).toBe(text("lumbungkab.go.id/layanan/index.html"));
    expect(text("www.lumbungkab.go.id/index.html")).toContain('rel="canonical" href="https://lumbungkab.go.id/"');
  });

  it("links to no application that is planned or run elsewhere", () => {
    expect(text("lumbungkab.go.id/aplikasi/index.html")).toMatch(/<th scope="row">Srikandi<\/th>/);
  });
});

describe("every page", () => {
  const documents = [...pages].filter(([key]) => key.endsWith(".html"));
  it.each(documents)("%s is well formed and accessible", (_key, content) => {
    expect(htmlProblems(String(content))).toEqual([]);
  });

  it("has links that lead somewhere", () => {
    expect(brokenLinks(pages, model)).toEqual([]);
  });

  it.each(documents)("%s shows hostile content as text", (_key, content) => {
    expect(content).not.toMatch(/<script|<img src=x|javascript:alert\(1\)"|(?![\t\n\r])\p{Cc}|\u202e/iu);
    expect(String(content).includes(HOSTILE)).toBe(false);
  });

  it("escapes hostile content rather than dropping it", () => {
    expect(text("jahat.lumbungkab.go.id/index.html")).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(text("jahat.lumbungkab.go.id/index.html")).not.toContain("mailto:javascript");
  });

  it("is the same each time", () => {
    expect([...renderSites(fixtureModel())]).toEqual([...pages]);
  });

  it("has both languages say something of their own", () => {
    expect(text("lumbungkab.go.id/en/index.html")).toContain('<html lang="en">');
    expect(text("lumbungkab.go.id/en/index.html")).not.toContain("Perangkat daerah");
  });
});

describe("files for machines", () => {
  it("exist on every site", () => {
    for (const { host, serves } of model.hosts) {
      if (serves.kind === "application") continue;
      for (const file of [
        "style.css",
        "favicon.svg",
        "robots.txt",
        "sitemap.xml",
        "404.html",
        ".well-known/security.txt",
      ])
        expect(pages.has(`${host}/${file}`), `${host}/${file}`).toBe(true);
    }
  });

  it("name pages that exist", () => {
    for (const [key, content] of pages) {
      if (!key.endsWith("sitemap.xml")) continue;
      const places = [...String(content).matchAll(/<loc>https:\/\/([^<]*)<\/loc>/g)].map(
        (match) => `${match[1]}index.html`,
      );
      expect(places.length).toBeGreaterThan(1);
      for (const place of places) expect(pages.has(place), place).toBe(true);
    }
  });

  it("give the contact of a role and the end of the declaration", () => {
    expect(text("dinkes.lumbungkab.go.id/.well-known/security.txt")).toBe(
      "Contact: mailto:hostmaster@lumbungkab.go.id\nExpires: 2027-01-05T00:00:00Z\nPreferred-Languages: id, en\nCanonical: https://dinkes.lumbungkab.go.id/.well-known/security.txt\n",
    );
  });

  it("grow with the number of OPD and no faster", () => {
    const size = (count: number) =>
      [...renderSites(madeModel(count)).values()].reduce((sum, content) => sum + content.length, 0);
    expect(size(80) / size(20)).toBeLessThan(4.2);
  });
});
