/** Keeping an assessment as evidence: a site's `ops` has its signer sign what the next assessment is compared with. */
import type { Assessment, Previous } from "../../compliance/index.ts";
import { canonicalJson } from "../../evidence/canonical.ts";
import { LumbungError, outOfReach } from "../../io/errors.ts";
import type { SiteModel } from "../../model/types.ts";
import type { AskOps } from "../backup/ask-ops.ts";

/** What is kept: the status of each duty, and the findings with their history. What it is made from is in the other records. */
export function keptOf({ schema, at, inventory, commit, region, duties, findings }: Assessment): Previous {
  return {
    ...{ schema, at, inventory, commit, findings },
    region: { id: region.id },
    duties: duties.map(({ id, status }) => ({ id, status })),
  };
}

/**
 * Name of the signed record; the first site whose signer takes it signs.
 * @throws LumbungError (3) where none does, with what each said.
 */
export async function recordCheck(assessment: Assessment, sites: readonly SiteModel[], ask: AskOps): Promise<string> {
  const told = canonicalJson(keptOf(assessment));
  const said: string[] = [];
  for (const site of sites) {
    try {
      const { code, text } = await ask(site, ["check"], told);
      if (code === 0) return (JSON.parse(text) as { readonly id: string }).id;
      said.push(`${site.id}: ${text}`);
    } catch (error) {
      if (!(error instanceof LumbungError)) throw error;
      said.push(error.text.en);
    }
  }
  const all = said.join("; ");
  throw outOfReach(
    { id: `penilaian tidak tersimpan sebagai bukti: ${all}`, en: `the assessment is not kept as evidence: ${all}` },
    { id: "lihat `lumbung status`, lalu ulangi", en: "see `lumbung status`, then repeat" },
  );
}
