/** Every duty that is spoken of is there. */
import type { Path } from "../../model/problems.ts";
import type { Finding } from "../../model/rules/rule.ts";
import { didYouMean } from "../../model/suggest.ts";
import { text } from "../../model/text.ts";
import type { Duty } from "../schema/duty.ts";
import type { Profile } from "../schema/profile.ts";
import type { Entries, Findings } from "./rule.ts";

type Mention = readonly [id: string, path: Path];

export function* unknownDuties({ duties, profiles, dutyIds }: Entries): Findings {
  for (const entry of duties) {
    for (const mention of followersOf(entry.value)) {
      if (!dutyIds.has(mention[0])) yield [entry, unknownDuty(mention, dutyIds)];
    }
  }
  for (const entry of profiles) {
    for (const mention of mentionsOf(entry.value)) {
      if (!dutyIds.has(mention[0])) yield [entry, unknownDuty(mention, dutyIds)];
    }
  }
}

function followersOf({ breaking, breakingSite }: Duty): Mention[] {
  const listed = (follows: readonly string[], key: string): Mention[] =>
    follows.map((id, index) => [id, [key, "follows", index]]);
  return [
    ...listed(breaking.follows, "breaking"),
    ...(breakingSite !== undefined && "follows" in breakingSite ? listed(breakingSite.follows, "breakingSite") : []),
  ];
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
    const mention = followersOf(entry.value).find(([id]) => id === entry.value.id);
    if (mention === undefined) continue;
    yield [
      entry,
      {
        path: mention[1],
        message: text("kewajiban ini sendiri", "is this duty itself"),
        expected: text("kewajiban lain", "other duties"),
      },
    ];
  }
}

/** A duty is broken as another one only where that one has an example of its own, which lists this duty as following. */
export function* brokenAsNothing({ duties }: Entries): Findings {
  const examples = new Map(duties.map(({ value }) => [value.id, value.breakingSite]));
  for (const entry of duties) {
    const { id, breakingSite } = entry.value;
    if (breakingSite === undefined || !("as" in breakingSite)) continue;
    const example = examples.get(breakingSite.as);
    if (example !== undefined && "follows" in example && example.follows.includes(id)) continue;
    yield [
      entry,
      {
        path: ["breakingSite", "as"],
        message: text(
          `contoh di lokasi dari "${breakingSite.as}" tidak menyebut kewajiban ini`,
          `the example at sites of "${breakingSite.as}" does not list this duty`,
        ),
        expected: text(
          "kewajiban yang breakingSite.follows-nya menyebut kewajiban ini",
          "a duty whose breakingSite.follows lists this one",
        ),
      },
    ];
  }
}
