/** The heads of the chains of evidence as a section of a printed report. Pure but for the chosen language. */
import { type Html, html } from "../../web/escape.ts";
import { say } from "../output/language.ts";
import type { ChainHead, ReportedHeads } from "./heads.ts";
import { HEAD_WORDS } from "./render.ts";

export function headsSection({ heads, unknown, findings }: ReportedHeads): Html {
  const why = unknown.map((text) => html`<p class="bad">${say(text)}</p>\n`);
  const found = say({
    id: `lumbung evidence verify menyebut ${findings} temuan.`,
    en: `lumbung evidence verify names ${findings} findings.`,
  });
  const empty = say({ id: "Tidak diketahui.", en: "Unknown." });
  const table = html`<table><thead><tr><th>${say(HEAD_WORDS.writer)}</th><th class="figure">${say(HEAD_WORDS.number)}</th><th>${say(HEAD_WORDS.signed)}</th><th>${say(HEAD_WORDS.counterSigned)}</th><th>SHA-256</th></tr></thead><tbody>
${heads.map(row)}</tbody></table>`;
  return html`<section><h2>${say(HEAD_WORDS.title)}</h2><p>${say(EXPLAINED)}</p>
${heads.length === 0 ? html`<p>${empty}</p>` : table}${why}${findings === 0 ? html`` : html`<p class="bad">${found}</p>`}</section>`;
}

function row({ writer, number, at, digest, counterSigned }: ChainHead): Html {
  const seen =
    counterSigned === null
      ? say(HEAD_WORDS.never)
      : `${counterSigned.sequence} (${counterSigned.by}, ${counterSigned.at.replace(/\.\d+/, "")})`;
  return html`<tr><td>${writer}</td><td class="figure">${String(number)}</td><td>${at?.replace(/\.\d+/, "") ?? "–"}</td><td>${seen}</td><td class="digest">${digest}</td></tr>\n`;
}

const EXPLAINED = {
  id: "Simpan lembar ini: rantai yang kelak lebih pendek, atau berisi lain pada nomor itu, telah dipotong.",
  en: "Keep this sheet: a chain that is shorter later, or says something else at that number, was cut off.",
};
