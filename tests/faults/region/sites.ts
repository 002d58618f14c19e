/** The sites of the region, and what both have. */
import { ENGINES } from "../../lab/support/lease-cases.ts";

export type SiteId = "dc" | "drc";
export const SITES: readonly SiteId[] = ["dc", "drc"];
export const otherOf = (site: SiteId): SiteId => (site === "dc" ? "drc" : "dc");
/** Every guard of a site. */
export const GUARDED = ["gateway", "dns", ...ENGINES] as const;
/** Longest that anything of a busy machine may take, seconds. */
export const PATIENCE = 150;

export function required<T>(found: T | undefined): T {
  if (found === undefined) throw new Error("expected something, received nothing");
  return found;
}
