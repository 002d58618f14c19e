/** The ways in which a duty is shown fit together. */
import { text } from "../../model/text.ts";
import { stemOf } from "../read.ts";
import type { Entries, Findings } from "./rule.ts";

/** Checks are found by their ids, so each belongs to one duty and has one name. A wrong id is told once, not for each check. */
export function* checksOfOthers({ duties }: Entries): Findings {
  for (const entry of duties) {
    const stem = stemOf(entry.file);
    const seen = new Set<string>();
    for (const [index, { way, by }] of entry.value.shown.entries()) {
      const strange = way !== "attested" && !by.startsWith(`${stem}/`);
      if (!strange && !seen.has(by)) {
        seen.add(by);
        continue;
      }
      yield [
        entry,
        {
          path: ["shown", index, "by"],
          message: strange
            ? text("pemeriksaan milik kewajiban lain", "a check of another duty")
            : text(`"${by}" sudah disebut`, `"${by}" is named already`),
          expected: text(`${stem}/<nama>, sekali`, `${stem}/<name>, once`),
        },
      ];
    }
  }
}

/** An attestation is found by the kind of its document; other records are found by what they are about. */
export function* documentsUnlikeEvidence({ duties }: Entries): Findings {
  for (const entry of duties) {
    for (const [index, one] of entry.value.shown.entries()) {
      if (one.way !== "running" || (one.evidence === "attestation") === (one.document !== undefined)) continue;
      yield [
        entry,
        {
          path: ["shown", index, "document"],
          message: text("tidak cocok dengan jenis buktinya", "does not fit the kind of its evidence"),
          expected: text(
            "jenis dokumen bila dan hanya bila evidence: attestation",
            "a kind of document where, and only where, evidence: attestation",
          ),
        },
      ];
    }
  }
}

export function* beyondWithoutNote({ duties }: Entries): Findings {
  for (const entry of duties) {
    const { beyond, shown } = entry.value;
    const marked = shown.some((one) => one.beyond);
    if (beyond === undefined ? !marked : beyond.extent === "whole" || marked) continue;
    yield [
      entry,
      {
        path: ["beyond"],
        message: text(
          "catatan dan cara yang melampaui naskah tidak cocok",
          "the note and the ways that go beyond the text do not fit",
        ),
        expected: text(
          "catatan beyond bila dan hanya bila ada cara bertanda beyond, atau extent: whole",
          "a note where, and only where, a way is marked beyond, or extent: whole",
        ),
      },
    ];
  }
}
