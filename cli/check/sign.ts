/** Having a site's signer sign at once what this command made: `ops` of the site hands it over. The first site that takes it is enough. */

import { LumbungError } from "../../io/errors.ts";
import { joined } from "../../model/text.ts";
import type { SiteModel, Text } from "../../model/types.ts";
import type { Signed } from "../../services/signer/shapes.ts";
import type { AskOps } from "../backup/ask-ops.ts";

export interface SigningFault {
  /** Why none signed, one by one. */
  readonly why: Text;
}

/** @param word mode of `ops` that takes it (services/ops/modes.ts) @param told in JSON */
export async function signAtSite(
  sites: readonly SiteModel[],
  ask: AskOps,
  word: "check" | "bundle" | "drift" | "access",
  told: string,
): Promise<Signed | SigningFault> {
  const reasons: Text[] = [];
  for (const site of sites) {
    try {
      const { code, text } = await ask(site, [word], told);
      if (code === 0) return JSON.parse(text) as Signed;
      reasons.push({ id: `${site.id}: ${text}`, en: `${site.id}: ${text}` });
    } catch (error) {
      if (!(error instanceof LumbungError)) throw error;
      reasons.push(error.text);
    }
  }
  return { why: joined(reasons) };
}
