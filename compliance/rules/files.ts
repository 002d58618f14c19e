/** A file's name is its id, and its id tells its area. */
import { text } from "../../model/text.ts";
import { stemOf } from "../read.ts";
import { areaOf } from "../schema/areas.ts";
import type { Entries, Findings } from "./rule.ts";

export function* idsUnlikeFiles({ duties, profiles }: Entries): Findings {
  for (const entry of [...duties, ...profiles]) {
    const stem = stemOf(entry.file);
    if (entry.value.id === stem) continue;
    yield [
      entry,
      {
        path: ["id"],
        message: text(`id tidak sama dengan nama berkas "${stem}"`, `the id is not the file's name "${stem}"`),
        expected: text(stem, stem),
      },
    ];
  }
}

export function* areasUnlikeIds({ duties }: Entries): Findings {
  for (const entry of duties) {
    const area = areaOf(entry.value.id);
    if (area === entry.value.area) continue;
    yield [
      entry,
      {
        path: ["area"],
        message: text(`bukan bagian bagi id "${entry.value.id}"`, `is not the area of id "${entry.value.id}"`),
        expected: text(area ?? "id yang awalannya dikenal", area ?? "an id whose first part is known"),
      },
    ];
  }
}
