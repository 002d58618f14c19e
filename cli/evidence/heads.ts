/** How far each chain of the region reaches, as reports print it: what is on paper cannot be cut off. */
import type { SeenHead } from "../../evidence/heads.ts";
import type { ChainSummary } from "../../evidence/verify.ts";
import { LumbungError } from "../../io/errors.ts";
import type { Text } from "../../model/types.ts";
import { regionOf } from "../context.ts";
import type { Options } from "../options.ts";
import { checkSources } from "./check.ts";
import { ringOf } from "./keys.ts";
import { sourcesOf } from "./sources.ts";

export interface ChainHead {
  readonly writer: string;
  /** Of the last record. */
  readonly number: number;
  /** SHA-256 of its bytes, in hex. */
  readonly digest: string;
  /** When it was signed, ISO 8601; null where it is not right in itself. */
  readonly at: string | null;
  /** The farthest head that another site counter-signed; null where none did. */
  readonly counterSigned: SeenHead | null;
}

/** Of each chain as far as any store has it, in order of writer. Pure. */
export function headsOf(chains: readonly ChainSummary[]): ChainHead[] {
  const found = new Map<string, ChainHead>();
  for (const { writer, last, digest, recordedAt, counterSigned } of chains) {
    const before = found.get(writer);
    const own: ChainHead = { writer, number: last, digest, at: recordedAt, counterSigned };
    const farther = before === undefined || last > before.number ? own : before;
    found.set(writer, { ...farther, counterSigned: farthest(before?.counterSigned ?? null, counterSigned) });
  }
  return [...found.values()].sort((a, b) => (a.writer < b.writer ? -1 : 1));
}

function farthest(a: SeenHead | null, b: SeenHead | null): SeenHead | null {
  return (b?.sequence ?? 0) > (a?.sequence ?? 0) ? b : a;
}

/** What a report prints: heads, and what could not be read. */
export interface ReportedHeads {
  readonly heads: readonly ChainHead[];
  readonly unknown: readonly Text[];
  /** Findings of `evidence verify` on what was read. */
  readonly findings: number;
}

/** As the signers have them now. A report is written without them as well, and then says why. */
export async function headsForReport(options: Options): Promise<ReportedHeads> {
  const { region } = options;
  try {
    const sources = await sourcesOf({ ...(region === undefined ? {} : { region }), words: [] });
    const { chains, unreachable, broken } = await checkSources(sources, regionOf(options), await ringOf(options));
    return { heads: headsOf(chains), unknown: unreachable.map(({ reason }) => reason), findings: broken.length };
  } catch (error) {
    if (!(error instanceof LumbungError)) throw error;
    return { heads: [], unknown: [error.text], findings: 0 };
  }
}
