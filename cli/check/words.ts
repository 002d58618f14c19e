/** What statuses and answers are called in a terminal. */
import type { AnswerState, CalendarKind, Status } from "../../compliance/index.ts";
import type { Text } from "../../model/types.ts";

export const STATUS_WORDS: Readonly<Record<Status, Text>> = {
  satisfied: { id: "terpenuhi", en: "satisfied" },
  attested: { id: "dinyatakan", en: "attested" },
  waived: { id: "dikecualikan", en: "waived" },
  "not-applicable": { id: "tidak berlaku", en: "not applicable" },
  unknown: { id: "tidak diketahui", en: "unknown" },
  expired: { id: "kedaluwarsa", en: "expired" },
  "not-satisfied": { id: "tidak terpenuhi", en: "not satisfied" },
};

/** One sign each, so that three stand beside each other. */
export const STATE_MARKS: Readonly<Record<AnswerState, string>> = {
  met: "✓",
  "not-met": "✗",
  expired: "⌛",
  unknown: "?",
  "not-applicable": "–",
  "not-asked": "",
};

export const CALENDAR_WORDS: Readonly<Record<CalendarKind, Text>> = {
  document: { id: "dokumen", en: "document" },
  waiver: { id: "pengecualian", en: "waiver" },
  evidence: { id: "bukti", en: "evidence" },
  deadline: { id: "tenggat", en: "deadline" },
  "finding-due": { id: "temuan", en: "finding" },
  decree: { id: "keputusan", en: "decree" },
};
