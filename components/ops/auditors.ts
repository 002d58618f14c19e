/** What a site's `ops` needs to show declared auditors what they may read. */
import type { SiteSecrets } from "../../custody/types.ts";
import { AUDITORS_PORT } from "../../model/auditors.ts";
import type { Model } from "../../model/types.ts";
import type { AuditorsConfig, Peer } from "../../services/ops/config.ts";

/** Undefined where no auditor is declared, or nobody signs. @param heapMiB of the process that makes the report's page */
export function auditorsConfig(
  { auditors, region }: Model,
  { evidenceKeys }: Pick<SiteSecrets, "evidenceKeys">,
  signer: Peer | undefined,
  heapMiB: number,
): AuditorsConfig | undefined {
  if (auditors === undefined || signer === undefined) return undefined;
  const { name, government, timezone } = region;
  return {
    port: AUDITORS_PORT,
    people: auditors,
    signer,
    keys: evidenceKeys.map(({ site, publicKey }) => ({ site, publicKey })),
    printed: { name, government, timezone },
    heapMiB,
  };
}
