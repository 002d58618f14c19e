/** Where the heads of evidence are published: one name, which `ops` of the active site owns (D10), as the runbooks own the gateway's addresses. */
import type { Model } from "../../model/types.ts";

/** Relative to the apex of the region's zone. With an underscore, as no host has such a name (RFC 8552). */
export const EVIDENCE_LABEL = "_lumbung-evidence";

/** The zone of the region's own domain, and the name in it; undefined where that zone is not ours. Without final dots. */
export function evidencePlace({ zones, region }: Model): { readonly zone: string; readonly name: string } | undefined {
  const zone = zones.find(({ name }) => name === region.domain)?.name;
  return zone === undefined ? undefined : { zone, name: `${EVIDENCE_LABEL}.${zone}` };
}
