/** Checks every source, and the sources against each other. */
import { type JudgedPublished, judgePublished } from "../../evidence/judge-published.ts";
import type { KeyRing } from "../../evidence/keys.ts";
import type { Broken } from "../../evidence/reasons.ts";
import { type ChainSummary, forks, Verifier } from "../../evidence/verify.ts";
import { LumbungError } from "../../io/errors.ts";
import type { Text } from "../../model/types.ts";
import { type PublishedAnswer, unasked } from "./published.ts";
import type { EvidenceSource } from "./sources.ts";

/** The design's shape, and more. */
export interface EvidenceCheck {
  readonly records: number;
  readonly verified: number;
  readonly broken: readonly (Broken & { readonly site: string | null })[];
  readonly chains: readonly (ChainSummary & { readonly in: string | null })[];
  /** Sites whose store did not answer. */
  readonly unreachable: readonly { readonly site: string | null; readonly reason: Text }[];
  readonly published: PublishedCheck;
}

/** Whether the chains still hold what DNS publishes of them. */
export interface PublishedCheck {
  /** Null where nobody was asked. */
  readonly name: string | null;
  /** `cut`: named among what is broken. `unknown` never counts as agreed. */
  readonly state: "agrees" | "cut" | "unknown";
  readonly heads: number;
  readonly agreed: number;
  /** Why it is unknown; empty otherwise. */
  readonly reasons: readonly Text[];
}

/** @param published what DNS said before. Default: nobody asked. */
export async function checkSources(
  sources: readonly EvidenceSource[],
  region: string,
  keys: KeyRing,
  published: PublishedAnswer = unasked(NOT_ASKED),
): Promise<EvidenceCheck> {
  const read: { site: string | null; verifier: Verifier }[] = [];
  const unreachable: { site: string | null; reason: Text }[] = [];
  for (const source of sources) {
    const site = source.site ?? null;
    const verifier = new Verifier({ region, keys, ...(site === null ? {} : { site }) });
    try {
      for await (const record of source.records()) verifier.take(record);
      read.push({ site, verifier });
    } catch (error) {
      if (!(error instanceof LumbungError) || error.exitCode !== 3) throw error;
      unreachable.push({ site, reason: error.text });
    }
  }
  const results = read.map(({ site, verifier }) => ({ site, verifier, ...verifier.finish() }));
  const own = results.flatMap(({ site, broken }) => broken.map((one) => ({ ...one, site })));
  const between = results.flatMap((here, index) =>
    results
      .slice(index + 1)
      .flatMap((there) =>
        forks(here.verifier.digests, there.verifier.digests, there.site ?? "", [...here.broken, ...there.broken]).map(
          (one) => ({ ...one, site: here.site }),
        ),
      ),
  );
  const judged = judgePublished(
    published.heads,
    results.map(({ site, verifier }) => ({ site, digests: verifier.digests })),
  );
  const sum = (pick: (result: (typeof results)[number]) => number) =>
    results.reduce((total, result) => total + pick(result), 0);
  return {
    records: sum(({ records }) => records),
    verified: sum(({ verified }) => verified) - between.length,
    broken: [...own, ...between, ...judged.broken.map((one) => ({ ...one, site: null }))],
    chains: results.flatMap(({ site, chains }) => chains.map((chain) => ({ ...chain, in: site }))),
    unreachable,
    published: publishedCheck(published, judged),
  };
}

function publishedCheck({ name, heads, why }: PublishedAnswer, judged: JudgedPublished): PublishedCheck {
  const { agreed, broken, unknown } = judged;
  const reasons = [...(why === null ? [] : [why]), ...unknown.map(({ id, reason }) => prefixed(id, reason))];
  const sure = agreed > 0 && reasons.length === 0 ? "agrees" : "unknown";
  return { name, state: broken.length > 0 ? "cut" : sure, heads: heads.length, agreed, reasons };
}

const prefixed = (id: string, reason: Text): Text => ({ id: `${id}: ${reason.id}`, en: `${id}: ${reason.en}` });
const NOT_ASKED: Text = { id: "DNS tidak ditanya", en: "DNS was not asked" };
