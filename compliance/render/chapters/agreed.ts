/** What was agreed for a time, and what ends when: waivers, documents and the calendar. Pure. */
import { text } from "../../../model/text.ts";
import type { CalendarEntry } from "../../assessment.ts";
import { DOCUMENTS } from "../../schema/documents.ts";
import { SEVERITIES } from "../../severity.ts";
import type { Block, Chapter, Column } from "../document.ts";
import { code, day, prose, said, word } from "../document.ts";
import { roleCell, type Sources, titleOf } from "../sources.ts";
import { CALENDAR_KINDS, DOCUMENT_STATES, STATUSES, WAIVER_STATES, WORDS } from "../words.ts";

export function waiversChapter(sources: Sources): Chapter {
  return {
    id: "pengecualian",
    title: text("Pengecualian", "Waivers"),
    blocks: [
      prose(
        text(
          "Pengecualian tidak membuat kewajiban terpenuhi. Ia mencatat siapa yang menerima keadaan itu, mengapa, dan sampai kapan; hari terakhirnya masih dihitung.",
          "A waiver does not satisfy a duty. It records who accepts the state of things, why, and until when; its last day still counts.",
        ),
      ),
      {
        kind: "table",
        caption: text("Pengecualian", "Waivers"),
        columns: [
          { title: WORDS.duty, width: 26 },
          { title: WORDS.justification },
          { title: WORDS.approver, width: 19 },
          { title: WORDS.expires, width: 15 },
          { title: WORDS.state, width: 14 },
        ],
        rows: sources.assessment.waivers.map(({ id, duty, justification, approver, expires, state, reasons }) => [
          [word(titleOf(sources, duty)), code(id)],
          said(justification),
          roleCell(approver),
          day(expires),
          [word(WAIVER_STATES[state], state === "in-force" ? "good" : "bad"), ...reasons.map((one) => word(one))],
        ]),
        empty: text("Tidak ada pengecualian.", "There is no waiver."),
      },
    ],
  };
}

export function documentsChapter({ assessment }: Sources): Chapter {
  return {
    id: "dokumen",
    title: text("Dokumen yang menyatakan", "Documents that attest"),
    blocks: [
      {
        kind: "table",
        caption: text("Dokumen", "Documents"),
        columns: [
          { title: WORDS.title },
          { title: text("Nomor dan tanggal", "Number and date"), width: 22 },
          { title: WORDS.owner, width: 17 },
          { title: WORDS.expires, width: 14 },
          { title: WORDS.state, width: 13 },
        ],
        rows: assessment.documents.map((one) => [
          [
            said(one.title),
            ...(one.kind === null ? [] : [word(DOCUMENTS[one.kind])]),
            ...(one.digest === null ? [] : [code(one.digest)]),
          ],
          [said(one.number), day(one.date)],
          roleCell(one.owner),
          day(one.expires),
          [
            word(DOCUMENT_STATES[one.state], one.state === "in-force" ? "good" : "bad"),
            ...one.reasons.map((reason) => word(reason)),
          ],
        ]),
        empty: text("Tidak ada dokumen.", "There is no document."),
      },
    ],
  };
}

/** @param most so many entries are shown; default all. */
export function calendarBlock(sources: Sources, most?: number): Block {
  const { calendar } = sources.assessment;
  const columns: Column[] = [
    { title: WORDS.date, width: 17 },
    { title: WORDS.duty },
    { title: text("Yang berakhir", "What ends"), width: 32 },
    { title: WORDS.becomes, width: 17 },
  ];
  return {
    kind: "table",
    caption: text("Yang menjadi merah bila tidak ada yang bertindak", "What turns red if nobody acts"),
    columns,
    rows: calendar.slice(0, most ?? calendar.length).map((one) => calendarRow(one, sources)),
    empty: text("Tidak ada yang berakhir.", "Nothing ends."),
  };
}

function calendarRow({ date, kind, duty, severity, what, becomes }: CalendarEntry, sources: Sources) {
  return [
    day(date),
    [word(titleOf(sources, duty)), word(SEVERITIES[severity])],
    [word(CALENDAR_KINDS[kind]), word(what)],
    word(STATUSES[becomes]),
  ];
}

export function calendarChapter(sources: Sources): Chapter {
  return {
    id: "kalender",
    title: text("Kalender", "Calendar"),
    blocks: [
      prose(
        text(
          "Hari-hari ketika suatu kewajiban berubah menjadi merah bila tidak ada yang bertindak.",
          "The days on which a duty turns red if nobody acts.",
        ),
      ),
      calendarBlock(sources),
    ],
  };
}
