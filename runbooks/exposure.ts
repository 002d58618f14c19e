/** How exposed a region is while one of its sites is missing, in a sentence that every screen can show. Pure. */
import { joined, text } from "../model/text.ts";
import type { Designation, Text } from "../model/types.ts";
import type { SiteState } from "../services/ops/status.ts";
import { writesText } from "./report/region.ts";

export interface SiteNow {
  readonly id: string;
  /** Absent: whoever looks does not know it, and names no command. */
  readonly designation?: Designation;
  readonly state: SiteState;
}

/**
 * Undefined: one site is active and every other one stands by, or there is one site alone.
 * @param relaxed servers that are declared `sync` and do not wait for the other site now.
 */
export function exposureText(sites: readonly SiteNow[], relaxed: readonly string[] = []): Text | undefined {
  if (sites.length < 2) return undefined;
  const [active, ...more] = sites.filter(({ state }) => state === "active");
  if (active === undefined || more.length > 0) return writesText({ at: null, epoch: null, sites });
  const said = [
    ...sites.filter(({ state }) => state !== "active" && state !== "standby").map((site) => without(active.id, site)),
    ...(relaxed.length === 0 ? [] : [relaxedText(active.id, relaxed)]),
  ];
  return said.length === 0 ? undefined : joined(said);
}

function without(active: string, { id, designation, state }: SiteNow): Text {
  const way = wayBack(id, designation);
  if (state === "unknown")
    return text(
      `wilayah berjalan di ${active}; TIDAK DIKETAHUI apakah ${id} siaga: anggap yang hilang di ${active} kini hanya kembali dari cadangan (\`lumbung status\`)${way === undefined ? "" : `. Bila ${id} hilang: \`${way}\``}`,
      `the region runs at ${active}; UNKNOWN whether ${id} stands by: count on what is lost at ${active} now coming back from backups alone (\`lumbung status\`)${way === undefined ? "" : `. Where ${id} is lost: \`${way}\``}`,
    );
  return text(
    `wilayah berjalan di ${active} saja, tanpa siaga: yang hilang di sana kini hanya kembali dari cadangan${way === undefined ? "" : `. Pulihkan ${id}: \`${way}\``}`,
    `the region runs at ${active} alone, without a standby: what is lost there now comes back from backups alone${way === undefined ? "" : `. Bring ${id} back: \`${way}\``}`,
  );
}

function wayBack(id: string, designation: Designation | undefined): string | undefined {
  if (designation === undefined) return undefined;
  return designation === "recovery" ? "lumbung recovery-lost" : `lumbung failback --to ${id}`;
}

function relaxedText(active: string, servers: readonly string[]): Text {
  const named = servers.join(", ");
  return text(
    `sync dilonggarkan di ${active} (${named}): yang disimpan sekarang hanya pasti ada di ${active}`,
    `sync is relaxed at ${active} (${named}): what is saved now is sure to be at ${active} alone`,
  );
}
