/** The texts of an auditor's bundle: how to check it, why to trust the keys, and what was not examined. Plain, for any editor. Pure. */

import type { PublicEvidenceKey } from "../../evidence/keys.ts";
import { predicateTypeOf } from "../../evidence/kinds.ts";
import { text } from "../../model/text.ts";
import { LANGS, type Lang, longDate } from "../../web/text.ts";
import { ASSESSMENT, CITED, keyPath, MANIFEST, nameOf, SIGNATURES } from "./bundle-names.ts";
import { type Sources, titleOf } from "./sources.ts";

export interface GuideFacts {
  readonly keys: readonly PublicEvidenceKey[];
  readonly signed: boolean;
  readonly absent: readonly string[];
}

const NAMES = {
  verify: text("PERIKSA.txt", "VERIFY.txt"),
  trust: text("KUNCI.txt", "KEYS.txt"),
  scope: text("TIDAK-DIPERIKSA.txt", "NOT-EXAMINED.txt"),
} as const;

/** By file name, in both languages. */
export function bundleGuides(sources: Sources, facts: GuideFacts): Map<string, string> {
  return new Map(
    LANGS.flatMap((lang) => [
      [NAMES.verify[lang], verifyText(facts, lang)] as const,
      [NAMES.trust[lang], trustText(sources, facts, lang)] as const,
      [NAMES.scope[lang], scopeText(sources, facts, lang)] as const,
    ]),
  );
}

/** Between these lines stand commands, the same in both languages. */
export const COMMANDS_BEGIN = "-----8<-----";
export const COMMANDS_END = "----->8-----";

/** What the commands say when all is well, in order. */
export const ALL_WELL = [
  "manifest: as signed",
  "files: as listed",
  "files: none added",
  "records: as cited",
  "records: genuine",
] as const;
/** The same of a bundle that nobody signed. */
export const UNSIGNED_WELL = ALL_WELL.slice(1);

function verifyText({ signed }: GuideFacts, lang: Lang): string {
  const lines = signed ? ALL_WELL : UNSIGNED_WELL;
  const said = {
    id: [
      ...(signed ? [] : [`${UNSIGNED.id}\n`]),
      "Memeriksa bundel ini: OpenSSL 3, sha256sum, dan shell sudah cukup.",
      "",
      "1. Bandingkan sidik kunci (KUNCI.txt) dengan yang tercetak di kertas, bukan dengan yang ada di bundel ini.",
      `2. Di dalam folder bundel, ketik baris-baris di antara tanda gunting. Semua baris berikut (${lines.length}) harus keluar:`,
    ],
    en: [
      ...(signed ? [] : [`${UNSIGNED.en}\n`]),
      "Checking this bundle: OpenSSL 3, sha256sum and a shell are enough.",
      "",
      "1. Compare the fingerprints of the keys (KEYS.txt) with those on paper, not with those in this bundle.",
      `2. In the bundle's folder type the lines between the scissors. Each of these lines (${lines.length}) must come:`,
    ],
  }[lang];
  const after = {
    id: [
      "Selain itu: isi bundel ini telah berubah. Isi tiap catatan terbaca dengan: base64 -d pada medan payload.",
      ...(signed ? [`${IN_CHAIN.id}`] : []),
    ],
    en: [
      "Anything else: this bundle was changed. What a record says: base64 -d of its field payload.",
      ...(signed ? [`${IN_CHAIN.en}`] : []),
    ],
  }[lang];
  const expected = lines.map((line) => `     ${line}`);
  return `${[...said, ...expected, "", COMMANDS_BEGIN, ...commands(signed), COMMANDS_END, "", ...after].join("\n")}\n`;
}

const UNSIGNED = text(
  "BUNDEL INI TIDAK DITANDATANGANI: saat dibuat tidak ada penanda tangan situs yang terjangkau. Perintah di bawah menemukan kerusakan, bukan pemalsuan;\nhanya catatan bukti, yang masing-masing bertanda tangan, yang terbukti asli.",
  "THIS BUNDLE IS NOT SIGNED: no site's signer could be reached when it was made. The commands below find damage, not forgery;\nonly the records of evidence, each signed by itself, are shown to be genuine.",
);

const IN_CHAIN = text(
  `Catatan dalam ${SIGNATURES}/ juga ada di rantai situs itu: mintalah salinannya, atau bandingkan dengan ujung rantai yang diumumkan.`,
  `The record in ${SIGNATURES}/ stands in that site's chain, too: ask for a copy of it, or compare with the chain's published head.`,
);

/**
 * Commands for a shell (POSIX): every record as it was signed and with nothing besides (handbook, evidence.md), the manifest as the one record in `signature/` names it, every file, no file
 * more, every record as cited.
 */
function commands(signed: boolean): string[] {
  const others = ["find . -type f", `! -path ./${MANIFEST}`, ...(signed ? [`! -path "./${SIGNATURES}/*"`] : [])].join(
    " ",
  );
  return [
    "work=$(mktemp -d)",
    'field() { sed -E "s/.*\\"$1\\":\\"([^\\"]*)\\".*/\\1/" "$record"; }',
    "genuine() {",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own.
    '  writer=$(basename "$(dirname "$record")") && site=${writer%-*} && key="keys/${site%-*}.${site##*-}.pem" &&',
    '    type=$(field payloadType) && field payload | base64 -d > "$work/payload" && field sig | base64 -d > "$work/sig" &&',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own.
    '    { printf \'DSSEv1 %s %s %s \' "${#type}" "$type" "$(wc -c < "$work/payload" | tr -d \' \')" && cat "$work/payload"; } > "$work/signed" &&',
    '    openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$work/signed" -sigfile "$work/sig" > "$work/said" &&',
    '    keyid=$(openssl pkey -pubin -in "$key" -outform DER | openssl dgst -sha256 -r | cut -c1-64) &&',
    '    payload=$(base64 < "$work/payload" | tr -d "\\n") && sig=$(base64 < "$work/sig" | tr -d "\\n") &&',
    '    printf \'{"payload":"%s","payloadType":"%s","signatures":[{"keyid":"%s","sig":"%s"}]}\' "$payload" "$type" "$keyid" "$sig" | cmp -s - "$record"',
    "}",
    ...(signed ? manifestCommands() : []),
    `sha256sum --check --strict --quiet ${MANIFEST} && echo "files: as listed"`,
    `test "$(${others} | cut -c3- | LC_ALL=C sort)" = \\`,
    `  "$(cut -c67- ${MANIFEST} | LC_ALL=C sort)" && echo "files: none added"`,
    `{ ! test -s ${CITED} || sha256sum --check --strict --quiet ${CITED}; } && echo "records: as cited"`,
    'bad=$(find . -path "./evidence/*.json" | while read -r record; do genuine || echo "$record"; done)',
    'test -z "$bad" && echo "records: genuine" || echo "NOT GENUINE: $bad"',
    'rm -r "$work"',
  ];
}

/** There is one record, it is genuine, and it says that it is about this manifest and this assessment. Inside its texts quotes are escaped, so that none can pass for it. */
function manifestCommands(): string[] {
  const names = (file: string): string =>
    `says "{\\"digest\\":{\\"sha256\\":\\"$(sha256sum < ${file} | cut -c1-64)\\"},\\"name\\":\\"${file}\\"}"`;
  return [
    `record=$(find ${SIGNATURES} -type f)`,
    'says() { grep -qF "$1" "$work/payload"; }',
    `genuine && says '"predicateType":"${predicateTypeOf("bundle")}"' &&`,
    `  ${names(MANIFEST)} &&`,
    `  ${names(ASSESSMENT)} && echo "manifest: as signed"`,
  ];
}

function trustText({ assessment }: Sources, { keys, signed }: GuideFacts, lang: Lang): string {
  const { domain, name } = assessment.region;
  const said = {
    id: [
      `Kunci publik bukti ${name}`,
      "",
      "Sidik (SHA-256) tiap kunci, dan berkasnya:",
      ...keys.map((key) => `  ${nameOf(key)}  ${keyPath(key)}`),
      "",
      signed
        ? `Manifes bundel ini ditandatangani oleh penanda tangan sebuah situs, sebagai satu catatan dalam rantainya: ${SIGNATURES}/<situs>-<12 angka pertama kunci>-<saat>/<nomor>.json.`
        : "Manifes bundel ini tidak ditandatangani.",
      "",
      "Percayai sebuah kunci hanya bila sidiknya sama di tiga tempat yang tidak dapat diubah oleh satu orang:",
      "  1. laporan tercetak yang ditandatangani basah;",
      `  2. catatan TXT _lumbung-evidence.${domain}, yang ditandatangani DNSSEC: delv TXT _lumbung-evidence.${domain};`,
      "  3. laporan terakhir sebelum ini.",
      "",
      "Sidik dihitung dengan: openssl pkey -pubin -in <berkas> -outform DER | openssl dgst -sha256",
      "",
      "Kunci dapat diganti. Kunci lama tetap disertakan, agar catatan lama tetap dapat diperiksa; rantai baru dimulai dengan catatan yang menyebut ujung rantai lama.",
    ],
    en: [
      `Public keys of the evidence of ${name}`,
      "",
      "Fingerprint (SHA-256) of each key, and its file:",
      ...keys.map((key) => `  ${nameOf(key)}  ${keyPath(key)}`),
      "",
      signed
        ? `This bundle's manifest is signed by a site's signer, as a record of its chain: ${SIGNATURES}/<site>-<first 12 digits of the key>-<moment>/<number>.json.`
        : "This bundle's manifest is not signed.",
      "",
      "Trust a key only where its fingerprint is the same in three places that no one person can change:",
      "  1. the printed report, signed by hand;",
      `  2. the TXT record _lumbung-evidence.${domain}, signed by DNSSEC: delv TXT _lumbung-evidence.${domain};`,
      "  3. the last report before this one.",
      "",
      "A fingerprint is shown by: openssl pkey -pubin -in <file> -outform DER | openssl dgst -sha256",
      "",
      "Keys may be replaced. Former ones stay, so that old records can be checked; a new chain begins with a record that names where the former one ended.",
    ],
  }[lang];
  return `${said.join("\n")}\n`;
}

function scopeText(sources: Sources, { absent }: GuideFacts, lang: Lang): string {
  const { assessment } = sources;
  const { method, region, period, problems } = assessment;
  const heads = {
    id: {
      title: `Yang tidak diperiksa: ${region.name}, sampai ${longDate(period.to, "id")}`,
      samples: "Cara sampel ditarik:",
      ways: "Tidak diperiksa, dan mengapa:",
      absent: "Bukti yang dikutip tetapi tidak ada di bundel ini:",
      problems: "Masukan yang keliru, tidak dihitung:",
      none: "  tidak ada",
    },
    en: {
      title: `What was not examined: ${region.name}, up to ${longDate(period.to, "en")}`,
      samples: "How samples were drawn:",
      ways: "Not examined, and why:",
      absent: "Evidence that is cited and is not in this bundle:",
      problems: "Faults of the input, which do not count:",
      none: "  none",
    },
  }[lang];
  const list = (items: readonly string[]): string[] =>
    items.length === 0 ? [heads.none] : items.map((item) => `  - ${item}`);
  return `${[
    heads.title,
    "",
    heads.samples,
    ...list([method.sampling[lang]]),
    "",
    heads.ways,
    ...list(
      method.notExamined.map(({ duty, by, reason }) => `${titleOf(sources, duty)[lang]} (${by}): ${reason[lang]}`),
    ),
    "",
    heads.absent,
    ...list(absent),
    "",
    heads.problems,
    ...list(problems.map(({ path, message }) => `${path}: ${message[lang]}`)),
  ].join("\n")}\n`;
}
