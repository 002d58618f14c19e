/** What state a region is in, in one sentence: above all, where writes are accepted. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { SiteState } from "../../services/ops/status.ts";

/** The region as it was seen last. */
export interface RegionSeen {
  /** ISO 8601; null where it could not be looked at. */
  readonly at: string | null;
  readonly epoch: number | null;
  readonly sites: readonly { readonly id: string; readonly state: SiteState }[];
}

export const STATES: Readonly<Record<SiteState, Text>> = {
  active: text("aktif", "active"),
  standby: text("siaga", "standby"),
  closed: text("tertutup", "closed"),
  rebuilding: text("dibangun ulang", "being rebuilt"),
  unknown: text("tidak diketahui", "unknown"),
};

/** A site of which nothing is known may accept writes: it is never counted as one that does not. */
export function writesText({ sites }: RegionSeen): Text {
  const named = (state: SiteState) => sites.filter((site) => site.state === state).map(({ id }) => id);
  const [active, unknown] = [named("active"), named("unknown").join(", ")];
  const where = active.join(", ");
  if (active.length > 1)
    return text(
      `BAHAYA: tulisan diterima di ${where}: tutup semua kecuali satu`,
      `DANGER: writes are accepted at ${where}: close all but one`,
    );
  if (sites.length === 0 || (active.length === 0 && unknown !== ""))
    return text("tidak diketahui di mana tulisan diterima", "unknown where writes are accepted");
  if (active.length === 0) return text("tulisan tidak diterima di mana pun", "writes are accepted nowhere");
  if (unknown === "") return text(`tulisan diterima di ${where} saja`, `writes are accepted at ${where} alone`);
  return text(
    `tulisan diterima di ${where}; tidak diketahui apakah juga di ${unknown}`,
    `writes are accepted at ${where}; unknown whether at ${unknown}, too`,
  );
}
