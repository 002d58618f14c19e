/** The label that is printed and put on the medium: one A6 page without anything from elsewhere. Pure. */
import type { ExportManifest } from "./manifest.ts";

export const LABEL = "label.html";

/** @param digest SHA-256 of the manifest: whoever has it in writing can tell a copy that was exchanged. */
export function labelHtml(manifest: ExportManifest, digest: string): string {
  const { region, site, at, files, copies, absent } = manifest;
  const covered = new Set(copies.map(({ target }) => target)).size;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const rows: readonly (readonly [string, string])[] = [
    ["Wilayah / Region", region],
    ["Situs / Site", site],
    ["Keadaan / State of", at.replace(/\.\d+Z$/, "Z")],
    ["Isi / Content", `${files.length} berkas, ${(bytes / 1024 ** 2).toFixed(0)} MiB, ${copies.length} cadangan`],
    ["Sasaran / Targets", `${covered} / ${covered + absent.length}`],
    ...(absent.length > 0 ? ([["Tidak ada / Absent", absent.join(", ")]] as const) : []),
  ];
  const groups = digest.match(/.{8}/g) ?? [];
  return `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>${escaped(`${region}-${site} ${at}`)}</title>
<style>
@page { size: A6 landscape; margin: 6mm }
body { font: 10pt/1.35 system-ui, sans-serif; margin: 0; color: #111 }
h1 { font-size: 13pt; margin: 0 0 2mm; border-bottom: 0.6mm solid #111; padding-bottom: 1mm }
table { border-collapse: collapse; width: 100% }
td { padding: 0.6mm 0; vertical-align: top } td:first-child { width: 36mm; color: #555 }
code { font: 9pt/1.4 ui-monospace, monospace; display: block; margin-top: 2mm; word-spacing: 1mm }
p { margin: 2mm 0 0; font-size: 8.5pt } .line { border-bottom: 0.2mm solid #111; display: inline-block; width: 42mm }
</style></head><body>
<h1>LUMBUNG · salinan cadangan luring / offline backup copy</h1>
<table>${rows.map(([name, value]) => `<tr><td>${escaped(name)}</td><td><b>${escaped(value)}</b></td></tr>`).join("")}</table>
<code>SHA-256 manifest.json<br>${groups.slice(0, 4).join(" ")}<br>${groups.slice(4).join(" ")}</code>
<p>Terenkripsi; cara memulihkan: BACA-SAYA.txt / README.txt. Simpan di luar kedua lokasi.</p>
<p>Disimpan oleh <span class="line"></span> tanggal <span class="line"></span></p>
</body></html>
`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
