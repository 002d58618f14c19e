/** What was audited: the region, its sites, and the regulations that bind it. Pure. */
import { text } from "../../../model/text.ts";
import type { Chapter } from "../document.ts";
import { code, day, prose, said, word } from "../document.ts";
import type { Sources } from "../sources.ts";
import { alike } from "../sources.ts";
import { WORDS } from "../words.ts";

export function overviewChapter({ assessment, figure }: Sources): Chapter {
  const { region, regulations, vocabulary, inventory, commit } = assessment;
  return {
    id: "gambaran-umum",
    title: text("Gambaran umum", "Overview"),
    newPage: true,
    blocks: [
      prose(
        text(
          "Pusat data daerah menyimpan dan menjalankan layanan elektronik seluruh perangkat daerah; pusat pemulihan mengambil alih bila pusat data hilang. Keduanya dinyatakan dalam satu inventaris, diwujudkan dari inventaris itu, dan dilatih secara berkala. Laporan ini membandingkan keduanya dengan kewajiban yang mengikat.",
          "The region's data centre keeps and runs the electronic services of every agency; the recovery centre takes over when the data centre is lost. Both are declared in one inventory, made from that inventory, and rehearsed. This report holds them against the duties that bind.",
        ),
      ),
      {
        kind: "facts",
        rows: [
          [WORDS.region, said(region.name)],
          [WORDS.domain, code(region.domain)],
          [text("Sebutan perangkat daerah", "Word for an agency"), word(vocabulary.opd)],
          [text("Sebutan program", "Word for the programme"), word(vocabulary.program)],
          [WORDS.inventory, code(inventory)],
          [WORDS.commit, commit === null ? word(WORDS.unknown) : code(commit)],
        ],
      },
      {
        kind: "table",
        caption: text("Lokasi", "Sites"),
        columns: [{ title: WORDS.id, width: 16 }, { title: WORDS.place }, { title: WORDS.role, width: 30 }],
        rows: region.sites.map(({ id, name, designation }) => [
          alike(id),
          said(name),
          designation === "primary"
            ? word(WORDS.primary)
            : designation === "recovery"
              ? word(WORDS.recovery)
              : alike(designation),
        ]),
        empty: WORDS.none,
      },
      {
        kind: "table",
        caption: WORDS.regulations,
        columns: [{ title: WORDS.regulation, width: 34 }, { title: WORDS.about }, { title: WORDS.inForce, width: 20 }],
        rows: regulations.map(({ title, about, inForce }) => [word(title), word(about), day(inForce)]),
        empty: WORDS.none,
      },
      prose(
        text(
          "Katalog memuat {catalogue} kewajiban; {off} di antaranya tidak diminta oleh peraturan yang mengikat daerah ini dan tidak dihitung di mana pun.",
          "The catalogue holds {catalogue} duties; {off} of them are not asked by the regulations that bind this region, and are counted nowhere.",
        ),
        { catalogue: figure("duties.catalogue"), off: figure("duties.not-binding") },
      ),
    ],
  };
}
