/** Articles are cited, and each once. */
import { text } from "../../model/text.ts";
import { shortCitation } from "../schema/articles.ts";
import type { Entries, Findings } from "./rule.ts";

export function* dutiesThatBindNobody({ duties }: Entries): Findings {
  for (const entry of duties) {
    if (Object.values(entry.value.articles).some((cited) => cited !== undefined)) continue;
    yield [
      entry,
      {
        path: ["articles"],
        message: text("tidak ada pasal dari daerah mana pun", "no article of any region is cited"),
        expected: text("pasal dari paling sedikit satu daerah", "articles of at least one region"),
      },
    ];
  }
}

export function* articlesTwice({ duties }: Entries): Findings {
  for (const entry of duties) {
    for (const [region, cited] of Object.entries(entry.value.articles)) {
      const short = (cited ?? []).map(shortCitation);
      for (const [index, one] of short.entries()) {
        if (short.indexOf(one) === index) continue;
        yield [
          entry,
          {
            path: ["articles", region, index],
            message: text(`${one} sudah disebut`, `${one} is cited already`),
            expected: text("setiap pasal sekali", "each article once"),
          },
        ];
      }
    }
  }
}
