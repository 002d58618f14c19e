/** How answers are shown in a terminal; what statuses are called stands in compliance/render/words.ts. */
import type { AnswerState } from "../../compliance/index.ts";

/** One sign each, so that three stand beside each other. */
export const STATE_MARKS: Readonly<Record<AnswerState, string>> = {
  met: "✓",
  "not-met": "✗",
  expired: "⌛",
  unknown: "?",
  "not-applicable": "–",
  "not-asked": "",
};
