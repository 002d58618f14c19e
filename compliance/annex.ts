/** The evidence that answers cite, what of it does not count, and where its chains end. Pure. */
import type { Text } from "../model/types.ts";
import type { Assessment, CitedEvidence, DutyResult } from "./assessment.ts";
import type { JudgedDocument } from "./documents.ts";
import type { ReadEvidence } from "./read-evidence.ts";
import type { Seen } from "./seen.ts";

/** @param unreachable why not every store could be read */
export function annexOf(
  evidence: ReadEvidence,
  unreachable: Text | undefined,
  duties: readonly DutyResult[],
  documents: readonly JudgedDocument[],
): Assessment["evidence"] {
  const cites = new Map<string, Set<string>>();
  for (const { id, ways } of duties)
    for (const way of ways) for (const ref of way.evidence) cites.set(ref.id, (cites.get(ref.id) ?? new Set()).add(id));
  const cited = new Map<string, CitedEvidence>();
  const add = (id: string, rest: Omit<CitedEvidence, "id" | "duties">): void => {
    const by = cites.get(id);
    if (by && !cited.has(id)) cited.set(id, { id, ...rest, duties: [...by].sort() });
  };
  for (const one of evidence.seen) add(one.id, citedSeen(one));
  for (const { evidence: ref, title, date } of documents)
    add(ref.id, { digest: ref.digest, kind: "document", about: title, at: date, site: null });
  return {
    ...{ records: evidence.records, verified: evidence.verified },
    ...{ reachable: unreachable === undefined, reason: unreachable ?? null },
    cited: [...cited.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    broken: evidence.broken,
    heads: evidence.chains.map(({ writer, site, last, digest, counterSigned: seen }) => ({
      ...{ writer, site, last, digest },
      counterSigned: seen && { by: seen.by, sequence: seen.sequence, at: seen.at },
    })),
  };
}

const citedSeen = ({ digest, kind, about, observedAt, site }: Seen): Omit<CitedEvidence, "id" | "duties"> => ({
  ...{ digest, kind, about, site },
  at: observedAt,
});
