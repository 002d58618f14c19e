/** The seven parts of the catalogue, in the order in which reports show them, and which ids belong to each. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";

export interface Area {
  readonly title: Text;
  /** First parts of the ids of its duties. */
  readonly prefixes: readonly string[];
}

export const AREAS = {
  sites: { title: text("Pusat data dan pusat pemulihan", "Data centre and recovery centre"), prefixes: ["site"] },
  network: { title: text("Jaringan", "Network"), prefixes: ["net"] },
  names: { title: text("Nama, situs web, dan surel", "Names, websites and mail"), prefixes: ["dns", "web", "mail"] },
  applications: {
    title: text("Aplikasi, kode, dan data", "Applications, code and data"),
    prefixes: ["app", "data", "sso"],
  },
  backup: { title: text("Cadangan dan pemulihan", "Backup and recovery"), prefixes: ["bak"] },
  security: { title: text("Keamanan informasi", "Information security"), prefixes: ["sec"] },
  governance: {
    title: text("Tata kelola, aset, orang, dan audit", "Governance, assets, people and audit"),
    prefixes: ["gov", "asset", "hr", "audit", "ops", "fund"],
  },
} as const satisfies Readonly<Record<string, Area>>;

export type AreaId = keyof typeof AREAS;

export const areaIds = Object.keys(AREAS) as AreaId[];

/** The area that a duty's id belongs to, or undefined where its first part is of none. */
export function areaOf(dutyId: string): AreaId | undefined {
  const prefix = dutyId.split(".")[0] ?? "";
  return areaIds.find((id) => (AREAS[id].prefixes as readonly string[]).includes(prefix));
}
