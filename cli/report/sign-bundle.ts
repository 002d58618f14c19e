/** Having a bundle's manifest signed: a record of a site's chain, by its signer, which is checked here before anybody relies on it. */
import { ASSESSMENT, type Bundle, MANIFEST, type Sources } from "../../compliance/render/index.ts";
import { canonicalJson } from "../../evidence/canonical.ts";
import { openRecord } from "../../evidence/chain.ts";
import { sha256 } from "../../evidence/dsse.ts";
import type { KeyRing } from "../../evidence/keys.ts";
import type { StoredRecord } from "../../evidence/store.ts";
import type { SiteModel } from "../../model/types.ts";
import type { ToldBundle } from "../../services/ops/checks/bundle.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { type SigningFault, signAtSite } from "../check/sign.ts";

export interface Signing {
  readonly sites: readonly SiteModel[];
  readonly ask: AskOps;
  /** Keys that are in the bundle. */
  readonly ring: KeyRing;
  /** Of the archive, without its ending. */
  readonly name: string;
  readonly now: Date;
  /** The programme's. */
  readonly commit: string | null;
}

export type SignedBundle = { readonly record: StoredRecord } | SigningFault;

export async function signBundle(
  bundle: Bundle,
  { assessment, digest }: Sources,
  signing: Signing,
): Promise<SignedBundle> {
  const { sites, ask, ring, name, now, commit } = signing;
  const files = [
    { name: MANIFEST, sha256: sha256(bundle.manifest) },
    { name: ASSESSMENT, sha256: digest },
  ];
  const told: ToldBundle = {
    ...{ region: assessment.region.id, name, at: now.toISOString(), assessedAt: assessment.at },
    ...{ commit, inventory: assessment.inventory, files },
    // All but the manifest itself.
    ...{ count: bundle.files.size - 1, absent: bundle.absent.length },
  };
  const signed = await signAtSite(sites, ask, "bundle", JSON.stringify(told));
  if (!("id" in signed)) return signed;
  const bytes = Buffer.from(canonicalJson(signed.envelope));
  const record = openRecord(bytes, ring);
  const fits =
    typeof record === "object" &&
    record.id === signed.id &&
    files.every((file) =>
      record.statement.subject.some((one) => one.name === file.name && one.digest.sha256 === file.sha256),
    );
  if (fits) return { record: { id: signed.id, bytes } };
  const why = typeof record === "string" ? record : "wrong-subject";
  return {
    why: {
      id: `${signed.id} tidak dapat diperiksa dengan kunci yang ada (${why})`,
      en: `${signed.id} does not verify by the keys at hand (${why})`,
    },
  };
}
