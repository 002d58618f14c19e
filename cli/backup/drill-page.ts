/** A drill's report as one page of HTML that can be printed on A4 and filed: no resource from elsewhere, no script. Pure but for the chosen language. */
import type { Model, Text } from "../../model/types.ts";
import type { Compared } from "../../services/backup/wire.ts";
import type { DrillRecord } from "../../services/ops/jobs/drills.ts";
import { type Html, html, trusted } from "../../web/escape.ts";
import { PRINTED } from "../../web/print.ts";
import type { ReportedHeads } from "../evidence/heads.ts";
import { headsSection } from "../evidence/heads-page.ts";
import { language, say } from "../output/language.ts";
import { comparedRows, differing, drillFacts, drillTimes, verdictOf, WORDS } from "./drill-words.ts";
import { decimal } from "./figures.ts";

export interface DrillPageOptions {
  readonly region: Pick<Model["region"], "name" | "government" | "timezone">;
  /** How far the chains of evidence reach now, and what of that is not known. */
  readonly heads: ReportedHeads;
}

/** Rows of the table of what was compared: some forty printed pages. The rest is in the record of evidence. */
const MOST_ROWS = 1000;

export function drillPage(record: DrillRecord, { region, heads }: DrillPageOptions): string {
  const title = `${say(WORDS.title)} ${record.id}`;
  const page = html`${trusted("<!doctype html>")}
<html lang="${language()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(PRINTED + OWN)}</style>
</head>
<body>
<header><p>${region.government} · ${region.name}</p><h1>${say(WORDS.title)}</h1></header>
<p class="verdict ${record.passed ? "good" : "bad"}">${say(verdictOf(record))}</p>
${facts(record, region.timezone)}
${times(record)}
${differences(record)}
${everything(record)}
${checks(record)}
${leftovers(record)}
${headsSection(heads)}
${signatures()}
<footer>${foot(record)}</footer>
</body>
</html>
`;
  return page.toString();
}

function facts(record: DrillRecord, zone: Model["region"]["timezone"]): Html {
  const rows = drillFacts(record, zone).map(
    ([label, value]) => html`<tr><th scope="row">${say(label)}</th><td>${value}</td></tr>\n`,
  );
  return html`<table class="facts"><tbody>
<tr><th scope="row">${say(WORDS.drill)}</th><td>${record.id}</td></tr>
${rows}</tbody></table>`;
}

function times(record: DrillRecord): Html {
  const all = drillTimes(record);
  if (all.length === 0) return html``;
  const total = all.reduce((sum, [, seconds]) => sum + seconds, 0);
  const rows = all.map(
    ([label, seconds]) => html`<tr><td>${say(label)}</td><td class="figure">${decimal(seconds, 2)} s</td></tr>\n`,
  );
  return html`<section><h2>${say({ id: "Berapa lama", en: "How long it took" })}</h2><table><tbody>
${rows}<tr class="sum"><td>${say({ id: "jumlah", en: "together" })}</td><td class="figure">${decimal(total, 2)} s</td></tr>
</tbody></table></section>`;
}

function differences({ report }: DrillRecord): Html {
  if (report === null) return html``;
  const all = differing(report.compared);
  const heading = html`<h2>${capital(WORDS.differing)}</h2>`;
  if (all.length === 0)
    return html`<section>${heading}<p>${say({
      id: `Tidak ada, dari ${report.compared.length} yang dibandingkan.`,
      en: `Nothing, of ${report.compared.length} that were compared.`,
    })}</p></section>`;
  const rows = all
    .slice(0, MOST_ROWS)
    .map(
      ({ name, expected, received }) =>
        html`<tr><td>${name}</td><td class="digest">${expected ?? say(WORDS.absent)}</td><td class="digest">${received ?? say(WORDS.absent)}</td></tr>\n`,
    );
  return html`<section>${heading}<table><thead><tr><th>${say(WORDS.name)}</th><th>${say(WORDS.expected)}</th><th>${say(WORDS.received)}</th></tr></thead><tbody>
${rows}</tbody></table></section>`;
}

function everything(record: DrillRecord): Html {
  const { shown, left } = comparedRows(record, MOST_ROWS);
  if (shown.length === 0) return html``;
  const more = say({
    id: `… dan ${left} lagi, semuanya dalam catatan bukti.`,
    en: `… and ${left} more, all of them in the record of evidence.`,
  });
  return html`<section><h2>${capital(WORDS.compared)}</h2><table><thead><tr><th>${say(WORDS.name)}</th><th class="figure">${say(WORDS.rows)}</th><th>${say(WORDS.result)}</th><th>SHA-256</th></tr></thead><tbody>
${shown.map(comparedRow)}</tbody></table>${left > 0 ? html`<p>${more}</p>` : html``}</section>`;
}

function comparedRow({ name, rows, same, received }: Compared): Html {
  return html`<tr><td>${name}</td><td class="figure">${rows === undefined ? "–" : decimal(rows, 0)}</td><td class="${same ? "good" : "bad"}">${say(same ? WORDS.same : WORDS.differs)}</td><td class="digest">${received ?? say(WORDS.absent)}</td></tr>\n`;
}

function checks({ report }: DrillRecord): Html {
  const all = report?.checks ?? [];
  if (all.length === 0) return html``;
  const rows = all.map(
    ({ name, ok, detail }) =>
      html`<tr><td>${name}</td><td class="${ok ? "good" : "bad"}">${say(ok ? WORDS.ok : WORDS.notOk)}</td><td>${detail}</td></tr>\n`,
  );
  return html`<section><h2>${capital(WORDS.checks)}</h2><table><tbody>
${rows}</tbody></table></section>`;
}

function leftovers({ report }: DrillRecord): Html {
  if (report === null) return html``;
  const nothing = say({ id: "Tidak ada.", en: "Nothing." });
  const list = html`<ul>${report.left.map((one) => html`<li>${one}</li>`)}</ul>`;
  return html`<section><h2>${capital(WORDS.left)}</h2>${report.left.length === 0 ? html`<p>${nothing}</p>` : list}</section>`;
}

function signatures(): Html {
  const line = (who: Text): Html =>
    html`<div><p>${say(who)}</p><p class="line"></p><p>${say({ id: "nama, jabatan, tanggal", en: "name, office, date" })}</p></div>`;
  return html`<section class="signatures">${line({ id: "Pelaksana", en: "Carried out by" })}${line({ id: "Mengetahui", en: "Seen by" })}</section>`;
}

function foot({ evidence }: DrillRecord): string {
  if (evidence === null)
    return say({
      id: "Belum ada bukti bertanda tangan untuk latihan ini.",
      en: "There is no signed evidence of this drill yet.",
    });
  return say({
    id: `Diperiksa dengan: lumbung evidence show ${evidence.id}`,
    en: `Checked with: lumbung evidence show ${evidence.id}`,
  });
}

function capital(text: Text): string {
  const said = say(text);
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** What differs from other printed pages. */
const OWN = `
body { font-size: 10.5pt; }
h1 { font-size: 17pt; }
.facts th { width: 38%; }
.digest { max-width: 70mm; }
.sum td { font-weight: bold; border-bottom: none; }
.signatures { gap: 20mm; }
footer { margin-top: 8mm; font-size: 9pt; color: #444; overflow-wrap: anywhere; }
`;
