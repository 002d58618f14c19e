/**
 * Counter-signed heads: what a chain alone cannot show is that its end was cut off. So the other site's signer writes, into its own
 * chain, how far it has seen this one.
 */
import type { ChainRecord, Head } from "./chain.ts";
import { fieldsOf, isDigest } from "./fields.ts";
import { type Observed, observedSubject, type Statement } from "./statement.ts";
import { parseWriter } from "./writer.ts";

/** Who says that a chain reached so far, and when. */
export interface SeenHead {
  readonly writer: string;
  readonly sequence: number;
  readonly digest: string;
  /** Site whose signer says so. */
  readonly by: string;
  /** ISO 8601, by that signer's clock. */
  readonly at: string;
}

/** What a signer says of the last record of the other's chain. */
export function headSeen(last: ChainRecord, tool: Observed["tool"], now: Date): Observed {
  const { writer, sequence, digest } = last.head;
  const observed = { writer, sequence, digest, recordedAt: last.statement.recordedAt };
  const subject = [observedSubject(last.id, observed)];
  return { kind: "head", subject, observed, observedAt: now.toISOString(), commit: null, inventory: null, tool };
}

/** The head that a statement tells of: counter-signed, or of the chain before its own. Undefined for any other statement. */
export function headIn(statement: Statement): SeenHead | undefined {
  if (statement.kind !== "head" && statement.kind !== "chain-start") return undefined;
  const told = fieldsOf(statement.observed);
  const { writer, sequence, digest } = statement.kind === "head" ? told : fieldsOf(told.before ?? null);
  if (typeof writer !== "string" || parseWriter(writer) === undefined || !isDigest(digest)) return undefined;
  if (typeof sequence !== "number" || !Number.isSafeInteger(sequence) || sequence < 1) return undefined;
  const by = parseWriter(statement.writer)?.site ?? statement.writer;
  return { writer, sequence, digest, by, at: statement.recordedAt };
}

/** How a head that comes in stands to the newest that was seen of the same chain. */
export type HeadJudgement = "new" | "same" | "behind" | "fork";

export function judgeHead(
  seen: Pick<SeenHead, "sequence" | "digest"> | undefined,
  { sequence, digest }: Head,
): HeadJudgement {
  if (seen === undefined || sequence > seen.sequence) return "new";
  if (sequence < seen.sequence) return "behind";
  return digest === seen.digest ? "same" : "fork";
}
