/** Keeping as evidence how far sites differ from what is declared: `ops` of each has its signer sign what `preview --refresh` found there. */
import { canonicalJson } from "../../evidence/canonical.ts";
import { outOfReach } from "../../io/errors.ts";
import type { SiteModel } from "../../model/types.ts";
import type { ToldDrift } from "../../services/ops/checks/drift.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import type { ChangeSummary } from "../deploy.ts";
import { signAtSite } from "./sign.ts";

export type DriftOrigin = Omit<ToldDrift, "site" | "changed" | "same">;

export interface SiteDrift {
  readonly site: SiteModel;
  readonly summary: ChangeSummary;
}

/** Names of the signed records, one a site, each by the signer of its own site. @throws LumbungError (3) where one does not take it; what was signed before stays. */
export async function recordDrift(found: readonly SiteDrift[], origin: DriftOrigin, ask: AskOps): Promise<string[]> {
  const records: string[] = [];
  for (const { site, summary } of found) {
    const { same, create, update, replace, delete: gone } = summary;
    const told: ToldDrift = { ...origin, site: site.id, same, changed: create + update + replace + gone };
    const signed = await signAtSite([site], ask, "drift", canonicalJson({ ...told }));
    if (!("id" in signed)) throw notKept(signed.why);
    records.push(signed.id);
  }
  return records;
}

const notKept = (why: { readonly id: string; readonly en: string }): Error =>
  outOfReach(
    { id: `tidak tersimpan sebagai bukti: ${why.id}`, en: `not kept as evidence: ${why.en}` },
    { id: "lihat `lumbung status`, lalu ulangi", en: "see `lumbung status`, then repeat" },
  );
