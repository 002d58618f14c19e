/** How it was examined, how far, and what was not. Pure. */
import { text } from "../../../model/text.ts";
import type { Text } from "../../../model/types.ts";
import { statuses } from "../../assessment.ts";
import type { Block, Chapter } from "../document.ts";
import { code, plain, prose, word } from "../document.ts";
import { type Sources, titleOf } from "../sources.ts";
import { STATUSES, WORDS } from "../words.ts";
import { sentence } from "./tables.ts";

export function methodChapter(sources: Sources): Chapter {
  const { assessment, figure } = sources;
  const { method } = assessment;
  return {
    id: "metode",
    title: text("Metode dan cakupan", "Method and coverage"),
    newPage: true,
    blocks: [
      prose(
        text(
          "Setiap kewajiban dijawab sampai tiga kali, dan ketiga jawaban ditulis berdampingan karena dapat berselisih:",
          "Each duty is answered up to three times, and the three answers stand side by side because they can disagree:",
        ),
      ),
      {
        kind: "list",
        items: [
          plain(
            text(
              "Dirancang: inventaris dan keadaan yang dinyatakan diperiksa sebelum sesuatu dijalankan.",
              "Designed: the inventory and the declared state are checked before anything runs.",
            ),
          ),
          plain(
            text(
              "Berjalan: catatan bukti yang ditandatangani di lokasi, dan tidak lebih lama daripada yang dibolehkan kewajiban itu, menunjukkan apa yang terjadi.",
              "Running: records signed at the sites, no older than the duty allows, show what happened.",
            ),
          ),
          plain(
            text(
              "Dinyatakan: dokumen bernomor dengan pemilik, masa berlaku, dan sidik isi.",
              "Attested: a numbered document with an owner, an expiry and a digest.",
            ),
          ),
        ],
      },
      {
        kind: "table",
        caption: text("Status dan artinya", "Statuses and what they mean"),
        columns: [{ title: WORDS.status, width: 22 }, { title: WORDS.meaning }],
        rows: statuses.map((status) => [word(STATUSES[status]), word(STATUSES[status].meaning)]),
        empty: WORDS.none,
      },
      prose(
        text(
          "Dari {ways} cara menunjukkan kewajiban, {examined} diperiksa dan {not} tidak.",
          "Of {ways} ways of showing duties, {examined} were examined and {not} were not.",
        ),
        { ways: figure("method.ways"), examined: figure("method.examined"), not: figure("method.not-examined") },
      ),
      prose(sentence(method.sampling)),
      ...(method.notes.length === 0
        ? []
        : [{ kind: "list", items: method.notes.map((one) => plain(sentence(one))) } as const]),
      prose(
        text(
          "Lampiran “Yang tidak diperiksa” menyebut masing-masing dengan alasannya.",
          "The annex “What was not examined” names each of them with the reason.",
        ),
      ),
      ...problems(sources),
    ],
  };
}

/** What was not examined, and why. */
export function notExaminedChapter(sources: Sources): Chapter {
  const title = text("Yang tidak diperiksa", "What was not examined");
  return { id: "tidak-diperiksa", title, annex: true, newPage: true, blocks: [notExamined(title, sources)] };
}

function notExamined(title: Text, sources: Sources): Block {
  return {
    kind: "table",
    caption: title,
    quiet: true,
    columns: [{ title: WORDS.duty, width: 40 }, { title: WORDS.reason }],
    rows: sources.assessment.method.notExamined.map(({ duty, by, reason }) => [
      [word(titleOf(sources, duty)), code(by)],
      word(reason),
    ]),
    empty: text("Semua cara diperiksa.", "Every way was examined."),
  };
}

function problems({ assessment }: Sources): Block[] {
  if (assessment.problems.length === 0) return [];
  return [
    {
      kind: "table",
      caption: text(
        "Masukan yang keliru: tidak dihitung, dan tidak menghentikan yang lain",
        "Faults of the input: they do not count, and stopped nothing else",
      ),
      columns: [
        { title: WORDS.path, width: 24 },
        { title: WORDS.message },
        { title: WORDS.expected, width: 22 },
        { title: WORDS.received, width: 18 },
      ],
      rows: assessment.problems.map(({ path, message, expected, received, hint }) => [
        code(path),
        hint === null ? word(message) : [word(message), word(hint)],
        word(expected),
        code(received),
      ]),
      empty: WORDS.none,
    },
  ];
}
