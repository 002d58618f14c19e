/** The texts of an auditor's bundle: how to check it, why to trust the keys, and what was not examined. Plain, for any editor. Pure. */

import type { PublicEvidenceKey } from "../../evidence/keys.ts";
import { text } from "../../model/text.ts";
import { LANGS, type Lang, longDate } from "../../web/text.ts";
import { CITED, keyPath, MANIFEST, nameOf, SIGNATURE } from "./bundle-names.ts";
import { type Sources, titleOf } from "./sources.ts";

export interface GuideFacts {
  readonly keys: readonly PublicEvidenceKey[];
  readonly signer: PublicEvidenceKey;
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
  "Signature Verified Successfully",
  "files: as listed",
  "files: none added",
  "records: as cited",
  "records: genuine",
] as const;

function verifyText({ signer }: GuideFacts, lang: Lang): string {
  const said = {
    id: [
      "Memeriksa bundel ini: OpenSSL 3, sha256sum, dan shell sudah cukup.",
      "",
      "1. Bandingkan sidik kunci (KUNCI.txt) dengan yang tercetak di kertas, bukan dengan yang ada di bundel ini.",
      `2. Di dalam folder bundel, ketik baris-baris di antara tanda gunting. Kelima baris berikut harus keluar:`,
    ],
    en: [
      "Checking this bundle: OpenSSL 3, sha256sum and a shell are enough.",
      "",
      "1. Compare the fingerprints of the keys (KEYS.txt) with those on paper, not with those in this bundle.",
      "2. In the bundle's folder type the lines between the scissors. These five lines must come:",
    ],
  }[lang];
  const after = {
    id: [
      "Selain itu: bundel ini bukan yang ditandatangani. Isi tiap catatan terbaca dengan: base64 -d pada medan payload.",
    ],
    en: ["Anything else: this is not the bundle that was signed. What a record says: base64 -d of its field payload."],
  }[lang];
  return `${[...said, ...ALL_WELL.map((line) => `     ${line}`), "", COMMANDS_BEGIN, ...commands(signer), COMMANDS_END, "", ...after].join("\n")}\n`;
}

/** Commands for a shell (POSIX): the signature of the manifest, every file, no file more, every record as cited and as signed. */
function commands(signer: PublicEvidenceKey): string[] {
  return [
    `openssl pkeyutl -verify -pubin -inkey ${keyPath(signer)} -rawin -in ${MANIFEST} -sigfile ${SIGNATURE}`,
    `sha256sum --check --strict --quiet ${MANIFEST} && echo "files: as listed"`,
    `test "$(find . -type f ! -path ./${MANIFEST} ! -path ./${SIGNATURE} | cut -c3- | LC_ALL=C sort)" = \\`,
    `  "$(cut -c67- ${MANIFEST} | LC_ALL=C sort)" && echo "files: none added"`,
    `{ ! test -s ${CITED} || sha256sum --check --strict --quiet ${CITED}; } && echo "records: as cited"`,
    'field() { sed -E "s/.*\\"$1\\":\\"([^\\"]*)\\".*/\\1/" "$record"; }',
    "work=$(mktemp -d)",
    "genuine() {",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own.
    '  writer=$(basename "$(dirname "$record")") && site=${writer%-*} && key="keys/${site%-*}.${site##*-}.pem" &&',
    '    type=$(field payloadType) && field payload | base64 -d > "$work/payload" && field sig | base64 -d > "$work/sig" &&',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own.
    '    { printf \'DSSEv1 %s %s %s \' "${#type}" "$type" "$(wc -c < "$work/payload" | tr -d \' \')" && cat "$work/payload"; } > "$work/signed" &&',
    '    openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$work/signed" -sigfile "$work/sig" > "$work/said"',
    "}",
    'bad=$(find . -path "./evidence/*.json" | while read -r record; do genuine || echo "$record"; done)',
    'test -z "$bad" && echo "records: genuine" || echo "NOT GENUINE: $bad"',
    'rm -r "$work"',
  ];
}

function trustText({ assessment }: Sources, { keys, signer }: GuideFacts, lang: Lang): string {
  const { domain, name } = assessment.region;
  const said = {
    id: [
      `Kunci publik bukti ${name}`,
      "",
      "Sidik (SHA-256) tiap kunci, dan berkasnya:",
      ...keys.map((key) => `  ${nameOf(key)}  ${keyPath(key)}`),
      "",
      `Manifes bundel ini ditandatangani dengan ${keyPath(signer)}.`,
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
      `This bundle's manifest is signed with ${keyPath(signer)}.`,
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
