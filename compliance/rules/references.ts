/** Every duty that is spoken of is there. */
import type { Path } from "../../model/problems.ts";
import type { Finding } from "../../model/rules/rule.ts";
import { didYouMean } from "../../model/suggest.ts";
import { text } from "../../model/text.ts";
import type { Profile } from "../schema/profile.ts";
import type { Entries, Findings } from "./rule.ts";

type Mention = readonly [id: string, path: Path];

export function* unknownDuties({ duties, profiles, dutyIds }: Entries): Findings {
  for (const entry of duties) {
    for (const [index, id] of entry.value.breaking.follows.entries()) {
      if (!dutyIds.has(id)) yield [entry, unknownDuty([id, ["breaking", "follows", index]], dutyIds)];
    }
  }
  for (const entry of profiles) {
    for (const mention of mentionsOf(entry.value)) {
      if (!dutyIds.has(mention[0])) yield [entry, unknownDuty(mention, dutyIds)];
    }
  }
}

function mentionsOf({ exceptions, deadlines }: Profile): Mention[] {
  return [
    ...exceptions.flatMap(({ duties }, at) =>
      duties.map((id, index): Mention => [id, ["exceptions", at, "duties", index]]),
    ),
    ...deadlines.flatMap(({ duty, covers }, at) => [
      [duty, ["deadlines", at, "duty"]] as const,
      ...covers.map((id, index): Mention => [id, ["deadlines", at, "covers", index]]),
    ]),
  ];
}

function unknownDuty([id, path]: Mention, ids: ReadonlySet<string>): Finding {
  return {
    path,
    message: text(`kewajiban "${id}" tidak ada`, `there is no duty "${id}"`),
    expected: text("id kewajiban di katalog", "the id of a duty in the catalogue"),
    hint: didYouMean(id, ids),
  };
}

export function* followsItself({ duties }: Entries): Findings {
  for (const entry of duties) {
    const index = entry.value.breaking.follows.indexOf(entry.value.id);
    if (index < 0) continue;
    yield [
      entry,
      {
        path: ["breaking", "follows", index],
        message: text("kewajiban ini sendiri", "is this duty itself"),
        expected: text("kewajiban lain", "other duties"),
      },
    ];
  }
}
