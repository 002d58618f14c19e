/** Pages that nginx answers with before a PHP application, in both languages. nginx puts the request's number in (SSI). */
import type { RegionModel, Text } from "../../model/types.ts";
import { type Page, pageHtml } from "../gateway/pages.ts";

/** Stands in the text until the page is made: what nginx reads as a command must not be made harmless as text is. */
const NUMBER = "{{request}}";

/** For a request that the core rules refused. */
export function refusedPage(region: RegionModel): string {
  return page(region, {
    status: 403,
    reason: "Forbidden",
    tone: "refused",
    label: { id: "Permintaan ditolak", en: "Request refused" },
    heading: { id: "Permintaan ini ditolak demi keamanan", en: "This request was refused for safety" },
    paragraphs: [
      {
        id: "Isi permintaan ini mirip serangan terhadap situs, sehingga tidak diteruskan. Tidak ada yang tersimpan. Kembali ke halaman sebelumnya: tulisan Anda biasanya masih ada di sana.",
        en: "What was sent looks like an attack on the site, and was not passed on. Nothing was saved. Go back to the page before: what you wrote is usually still there.",
      },
      {
        id: `Bila Anda merasa ini keliru, hubungi Diskominfo melalui ${region.domain} dan sebutkan nomor di bawah ini beserta waktunya.`,
        en: `If you think that this is a mistake, ask the Diskominfo through ${region.domain} and give the number below and the time.`,
      },
    ],
    foot: numbered,
  });
}

/** For a body that is larger than what is taken. */
export function tooLargePage(region: RegionModel): string {
  return page(region, {
    status: 413,
    reason: "Content Too Large",
    tone: "calm",
    label: { id: "Berkas terlalu besar", en: "File too large" },
    heading: { id: "Kiriman ini terlalu besar", en: "What you sent is too large" },
    paragraphs: [
      {
        id: "Satu berkas paling besar 10 MB. Perkecil berkasnya, atau hubungi Diskominfo.",
        en: "A file may be of 10 MB at most. Make it smaller, or ask the Diskominfo.",
      },
    ],
    foot: numbered,
  });
}

const numbered: Text = { id: `Nomor permintaan: ${NUMBER}`, en: `Request number: ${NUMBER}` };

function page(region: RegionModel, content: Page): string {
  return pageHtml(region, content).replaceAll(NUMBER, '<!--# echo var="request_shown" default="-" -->');
}
