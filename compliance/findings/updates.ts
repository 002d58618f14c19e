/** Signed words of people about findings, as the follow-up that they are. What services/ops/findings/statement.ts writes. Pure. */
import type { FollowUp } from "../assessment.ts";
import { fieldsOf, type Seen, textOf } from "../seen.ts";
import type { FindingUpdate } from "./live-on.ts";

/** In order of time. A record that lacks something has it empty, which `liveOn` tells. */
export function updatesIn(seen: readonly Seen[]): FindingUpdate[] {
  return seen
    .filter(({ kind }) => kind === "follow-up")
    .map(({ id, digest, about, observedAt, observed }) => {
      const { word, by, note } = fieldsOf(observed);
      return {
        finding: about,
        at: observedAt,
        word: (textOf(word) ?? "") as FollowUp,
        by: textOf(by) ?? "",
        note: textOf(note) ?? "",
        evidence: { id, digest },
      };
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.evidence.id < b.evidence.id ? -1 : 1));
}
