/** How much was examined, what was not, and why. Pure. */
import { text } from "../model/text.ts";
import type { Assessment, DutyResult } from "./assessment.ts";

export function methodOf(duties: readonly DutyResult[]): Assessment["method"] {
  const ways = duties
    .filter(({ binds }) => binds)
    .flatMap(({ id, ways: all }) => all.map((way) => ({ duty: id, ...way })));
  const unseen = ways.filter(({ state }) => state === "unknown");
  return {
    ways: ways.length,
    examined: ways.length - unseen.length,
    notExamined: unseen.map(({ duty, by, reasons }) => ({ duty, by, reason: reasons[0] ?? NOT_SAID })),
    sampling: text(
      "setiap populasi diperiksa seluruhnya; tidak ada yang disampel",
      "every population is looked at whole; nothing is sampled",
    ),
    notes: [
      text(
        "dirancang: dari inventaris; berjalan: dari bukti bertanda tangan yang masih baru; dinyatakan: dari dokumen yang berlaku",
        "designed: from the inventory; running: from signed evidence that is still fresh; attested: from documents in force",
      ),
      text("tidak diketahui tidak pernah dihitung terpenuhi", "unknown never counts as met"),
    ],
  };
}

const NOT_SAID = text("sebabnya tidak diketahui", "nobody knows why");
