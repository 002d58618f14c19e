/** The gateway's own pages, as whole HTTP answers (HAProxy's error files): both languages, nothing loaded from elsewhere. */
import { createHash } from "node:crypto";
import type { RegionModel, SiteModel, Text } from "../../model/types.ts";

/** HAProxy holds an error file in one buffer of 16 KiB, of which it keeps 1 KiB free. */
const LARGEST_BYTES = 15_000;

export interface Page {
  readonly status: number;
  readonly reason: string;
  readonly retryAfterSeconds?: number;
  /** A short word above the heading. */
  readonly label: Text;
  readonly heading: Text;
  readonly paragraphs: readonly Text[];
  readonly foot: Text;
  readonly tone: "calm" | "refused";
}

/** A declared name asked at a site that is not active. */
export function standbyPage(region: RegionModel, site: SiteModel): string {
  const recovery = site.designation === "recovery";
  return answer(region, {
    status: 503,
    reason: "Service Unavailable",
    retryAfterSeconds: 30,
    tone: "calm",
    label: recovery
      ? { id: "Pusat pemulihan · siaga", en: "Recovery site · on standby" }
      : { id: "Pusat data · tidak aktif", en: "Data centre · not active" },
    heading: { id: "Situs ini sedang siaga", en: "This site is on standby" },
    paragraphs: [
      recovery
        ? {
            id: `Anda terhubung ke pusat pemulihan ${region.name}. Layanan dijalankan dari pusat data, atau sedang dipindahkan ke sini.`,
            en: `You have reached the recovery site of ${region.name}. Services run from the data centre, or are being moved here.`,
          }
        : {
            id: `Anda terhubung ke pusat data ${region.name}. Layanan sedang dijalankan dari situs lain, atau sedang dipindahkan.`,
            en: `You have reached the data centre of ${region.name}. Services run from the other site, or are being moved.`,
          },
      {
        id: "Agar tidak ada data lama yang terbaca, situs ini tidak menampilkan apa pun selama siaga. Silakan muat ulang halaman ini sebentar lagi.",
        en: "So that nobody reads old data, this site shows nothing while on standby. Please reload this page in a moment.",
      },
    ],
    foot: { id: `Situs: ${site.name}`, en: `Site: ${site.name}` },
  });
}

/** A name that the inventory does not declare. */
export function unknownPage(region: RegionModel): string {
  return answer(region, {
    status: 421,
    reason: "Misdirected Request",
    tone: "refused",
    label: { id: "Nama tidak terdaftar", en: "Name not registered" },
    heading: { id: "Alamat ini tidak dilayani", en: "This address is not served" },
    paragraphs: [
      {
        id: `Nama yang Anda buka tidak terdaftar sebagai subdomain ${region.domain}. Periksa kembali penulisannya.`,
        en: `The name that you opened is not registered as a subdomain of ${region.domain}. Please check its spelling.`,
      },
      {
        id: "Bila alamat ini berasal dari pesan atau iklan, berhati-hatilah: bisa jadi bukan dari pemerintah daerah.",
        en: "If a message or an advertisement led you here, take care: it may not come from the regional government.",
      },
    ],
    foot: { id: `Portal resmi: ${region.domain}`, en: `Official portal: ${region.domain}` },
  });
}

/** A declared name whose workload does not answer. */
export function unavailablePage(region: RegionModel, status: 502 | 503 | 504): string {
  const reasons = { 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout" } as const;
  return answer(region, {
    status,
    reason: reasons[status],
    retryAfterSeconds: 30,
    tone: "calm",
    label: { id: "Gangguan sementara", en: "Temporary fault" },
    heading: { id: "Layanan ini sedang tidak menjawab", en: "This service does not answer at the moment" },
    paragraphs: [
      {
        id: "Bagian yang Anda buka sedang tidak menjawab. Petugas melihatnya pada pemantauan. Silakan coba lagi sebentar lagi.",
        en: "What you opened does not answer at the moment. Its operators see this in their monitoring. Please try again in a moment.",
      },
    ],
    foot: { id: `Kode ${status}`, en: `Code ${status}` },
  });
}

function answer(region: RegionModel, page: Page): string {
  const body = pageHtml(region, page);
  const styleHash = createHash("sha256").update(style(page.tone)).digest("base64");
  const head = [
    `HTTP/1.1 ${page.status} ${page.reason}`,
    "Content-Type: text/html; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    ...(page.retryAfterSeconds === undefined ? [] : [`Retry-After: ${page.retryAfterSeconds}`]),
    `Content-Security-Policy: default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  ];
  const whole = `${head.join("\r\n")}\r\n\r\n${body}`;
  const size = Buffer.byteLength(whole);
  if (size > LARGEST_BYTES)
    throw new Error(
      `page ${page.status}: expected at most ${LARGEST_BYTES} bytes (HAProxy's buffer), received ${size}`,
    );
  return whole;
}

/** The page without the answer around it; other servers that answer for the region use it too. */
export function pageHtml(region: RegionModel, page: Page): string {
  return `<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(page.heading.id)} · ${escaped(region.name)}</title>
<style>${style(page.tone)}</style>
</head>
<body>
<main>
<header>${barn}<div><strong>${escaped(region.government)}</strong><span>${escaped(region.domain)}</span></div></header>
${half("id", page, "h1")}
<hr>
${half("en", page, "h2")}
</main>
</body>
</html>
`;
}

function half(language: keyof Text, page: Page, heading: "h1" | "h2"): string {
  const paragraphs = page.paragraphs.map((paragraph) => `<p>${escaped(paragraph[language])}</p>`).join("\n");
  return `<section lang="${language}">
<p class="label">${escaped(page.label[language])}</p>
<${heading}>${escaped(page.heading[language])}</${heading}>
${paragraphs}
<p class="foot">${escaped(page.foot[language])}</p>
</section>`;
}

// A rice barn on stilts: lumbung, as on the agencies' own sites.
const barn = `<svg viewBox="0 0 64 64" width="48" height="48" aria-hidden="true"><rect width="64" height="64" rx="14" fill="#17463a"/><path d="M9 35C15 31 15 9 32 7c17 2 17 24 23 28-7 2-39 2-46 0z" fill="#e3b04b"/><path d="M18 37h28l-3 10H21z" fill="#fbf6ea"/><path d="m32 38 4 4-4 4-4-4z" fill="#a5502b"/><path d="M23 47v10M41 47v10M15 57h34" stroke="#fbf6ea" stroke-width="3.4" stroke-linecap="round"/></svg>`;

function style(tone: Page["tone"]): string {
  const { edge, light, dark } = {
    calm: { edge: "#e3b04b", light: "#17463a", dark: "#e3b04b" },
    refused: { edge: "#a5502b", light: "#8f3f1c", dark: "#eda27c" },
  }[tone];
  return `
:root{color-scheme:light dark;--ink:#1d2823;--soft:#55625b;--card:#fff;--paper:#fbf8f0;--line:#e2dac7;--accent:${light}}
@media(prefers-color-scheme:dark){:root{--ink:#ece8dc;--soft:#a9b5ac;--card:#16241e;--paper:#0e1814;--line:#2a3c34;--accent:${dark}}}
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:grid;place-items:center;padding:1.25rem;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif}
main{width:100%;max-width:39rem;background:var(--card);border:1px solid var(--line);border-top:.35rem solid ${edge};border-radius:.5rem;padding:clamp(1.5rem,5vw,2.75rem)}
header{display:flex;gap:.9rem;align-items:center;padding-bottom:1.5rem;margin-bottom:1.75rem;border-bottom:1px solid var(--line)}
header strong,header span{display:block;line-height:1.35}
header span{color:var(--soft);font-size:.94rem}
svg{flex:none}
h1,h2,strong{font-family:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua","Noto Serif","DejaVu Serif",Georgia,serif;text-wrap:balance}
h1,h2{color:var(--accent);line-height:1.2;margin-bottom:.8rem}
h1{font-size:clamp(1.7rem,5vw,2.2rem)}
h2{font-size:1.3rem}
.label{color:var(--soft);font-weight:600;font-size:.88rem;letter-spacing:.02em;margin-bottom:.2rem}
section p+p{margin-top:.75rem}
section .foot{color:var(--soft);font-size:.94rem;margin-top:1.1rem}
[lang=en] p{font-size:1rem}
[lang=en] .label{font-size:.88rem}
hr{border:0;border-top:1px solid var(--line);margin:1.75rem 0}
`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
