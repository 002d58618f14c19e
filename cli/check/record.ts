/** Keeping an assessment as evidence: a site's `ops` has its signer sign what the next assessment is compared with, and the whole of it. */
import { type Assessment, keptOf } from "../../compliance/index.ts";
import { canonicalJson } from "../../evidence/canonical.ts";
import { outOfReach } from "../../io/errors.ts";
import type { SiteModel } from "../../model/types.ts";
import { MAX_OBSERVED_BYTES } from "../../services/ops/jobs/statements.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { signAtSite } from "./sign.ts";

/** Name of the signed record. @throws LumbungError (3) where no site's signer takes it, with what each said. */
export async function recordCheck(assessment: Assessment, sites: readonly SiteModel[], ask: AskOps): Promise<string> {
  const told = canonicalJson(keptOf(assessment, MAX_OBSERVED_BYTES));
  const signed = await signAtSite(sites, ask, "check", told);
  if ("id" in signed) return signed.id;
  throw outOfReach(
    {
      id: `penilaian tidak tersimpan sebagai bukti: ${signed.why.id}`,
      en: `the assessment is not kept as evidence: ${signed.why.en}`,
    },
    { id: "lihat `lumbung status`, lalu ulangi", en: "see `lumbung status`, then repeat" },
  );
}
