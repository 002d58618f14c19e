/** The annex of evidence with digests, where the chains end, and how anybody can check all of it without our tools. Pure. */
import { KINDS } from "../../../evidence/kinds.ts";
import { text } from "../../../model/text.ts";
import type { Text } from "../../../model/types.ts";
import type { CitedEvidence } from "../../assessment.ts";
import type { Block, Chapter } from "../document.ts";
import { code, moment, plain, prose, said, word } from "../document.ts";
import { alike, type Sources } from "../sources.ts";
import { WORDS } from "../words.ts";

export function evidenceChapter(sources: Sources): Chapter {
  const { evidence } = sources.assessment;
  return {
    id: "bukti",
    title: text("Bukti", "Evidence"),
    newPage: true,
    annex: true,
    blocks: [
      prose(
        text(
          "Dibaca {records} catatan; {verified} cocok tanda tangan dan rantainya, {broken} tidak dihitung. Jawaban dalam laporan ini mengutip {cited} bukti.",
          "{records} records were read; {verified} verified, signature and chain, and {broken} do not count. Answers in this report cite {cited} pieces of evidence.",
        ),
        {
          records: sources.figure("evidence.records"),
          verified: sources.figure("evidence.verified"),
          broken: sources.figure("evidence.broken"),
          cited: sources.figure("evidence.cited"),
        },
      ),
      ...(evidence.reason === null ? [] : [{ kind: "prose", phrase: plain(evidence.reason), mood: "bad" } as const]),
      heads(sources),
      brokenOnes(sources),
      cited(sources),
      ...(evidence.cited.length > MOST_CITED ? [prose(REST, { shown: alike(`${MOST_CITED}`) })] : []),
    ],
  };
}

/** So many are listed on a page, some forty sheets of paper. */
const MOST_CITED = 1000;
const REST = text(
  "Di sini tercantum {shown} yang pertama; semuanya ada dalam CSV dan OSCAL.",
  "The first {shown} are listed here; all of them are in CSV and OSCAL.",
);

function heads({ assessment }: Sources): Block {
  return {
    kind: "table",
    caption: text(
      "Ujung tiap rantai bukti. Simpan lembar ini: rantai yang kelak lebih pendek, atau berbeda pada nomor itu, telah dipotong.",
      "Where each chain of evidence ends. Keep this sheet: a chain that is shorter later, or differs at that number, was cut off.",
    ),
    columns: [
      { title: WORDS.writer, width: 34 },
      { title: WORDS.last, width: 10 },
      { title: WORDS.counterSigned, width: 20 },
      { title: WORDS.digest },
    ],
    rows: assessment.evidence.heads.map(({ writer, last, digest, counterSigned }) => [
      code(writer),
      { kind: "count", count: last },
      counterSigned === null
        ? word(WORDS.never, "bad")
        : [alike(`${counterSigned.sequence} (${counterSigned.by})`), moment(counterSigned.at)],
      code(digest),
    ]),
    empty: text("Tidak ada rantai yang terbaca.", "No chain was read."),
  };
}

function brokenOnes({ assessment }: Sources): Block {
  return {
    kind: "table",
    caption: text("Catatan yang tidak dihitung", "Records that do not count"),
    columns: [{ title: WORDS.record, width: 45 }, { title: WORDS.reason }],
    rows: assessment.evidence.broken.map(({ id, reason }) => [code(id), word(reason)]),
    empty: text("Semua catatan yang dibaca dihitung.", "Every record that was read counts."),
  };
}

function cited({ assessment }: Sources): Block {
  return {
    kind: "table",
    caption: text("Bukti yang dikutip", "Evidence that is cited"),
    columns: [
      { title: WORDS.record, width: 33 },
      { title: WORDS.kind, width: 19 },
      { title: WORDS.at, width: 15 },
      { title: WORDS.digest },
    ],
    rows: assessment.evidence.cited
      .slice(0, MOST_CITED)
      .map((one) => [
        code(one.id),
        [word(kindText(one)), said(one.about)],
        moment(one.at),
        [code(one.digest), code(one.duties.join(", "))],
      ]),
    empty: text("Tidak ada bukti yang dikutip.", "No evidence is cited."),
  };
}

export const kindText = ({ kind }: Pick<CitedEvidence, "kind">): Text =>
  kind === "document" ? text("dokumen", "document") : KINDS[kind];

/** Enough for an auditor who trusts no tool of ours; the bundle carries the same as a script to type. */
export function verifyChapter({ digest }: Sources): Chapter {
  return {
    id: "memeriksa",
    title: text("Memeriksa laporan ini", "Checking this report"),
    annex: true,
    blocks: [
      prose(
        text(
          "Laporan ini, dalam bahasa dan bentuk apa pun, dibuat dari satu dokumen penilaian dengan sidik {digest}. Angka dalam lampiran “Semua angka” sama di semua bentuk.",
          "This report, in whatever language and form, is made from one assessment document with the digest {digest}. The figures of the annex “All figures” are the same in every form.",
        ),
        { digest: code(digest) },
      ),
      {
        kind: "list",
        ordered: true,
        items: [
          plain(
            text(
              "Minta bundel auditor, dan cocokkan sidik kunci publik di dalamnya dengan yang tercetak di kertas, dalam catatan TXT yang ditandatangani, dan dalam laporan terakhir.",
              "Ask for the auditor's bundle, and compare the fingerprint of the public keys in it with the one on paper, in the signed TXT record, and in the last report.",
            ),
          ),
          plain(
            text(
              "Di mesin mana pun yang memiliki OpenSSL dan sha256sum, ikuti PERIKSA.txt di dalam bundel. Node dan Lumbung tidak diperlukan.",
              "On any machine with OpenSSL and sha256sum follow VERIFY.txt in the bundle. Neither Node nor Lumbung is needed.",
            ),
          ),
          plain(
            text(
              "Bandingkan ujung rantai dalam lampiran “Bukti” dengan ujung yang diterbitkan di DNS.",
              "Compare the ends of the chains in the annex “Evidence” with those published in DNS.",
            ),
          ),
        ],
      },
    ],
  };
}
