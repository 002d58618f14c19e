/**
 * What the sites must carry, as data: one row per kind of content, with where it is required and whether an OPD (or the
 * region) has filled it in. Pages, the completeness table and the tests all read these tables.
 */
import type { OpdModel, RegulationId, Text } from "../model/types.ts";
import type { Atlas } from "./atlas.ts";

export type Fill = "filled" | "partial" | "missing";

export interface ContentKind<Id extends string, Subject> {
  /** Also the anchor of its section. */
  readonly id: Id;
  readonly label: Text;
  readonly short: Text;
  readonly source: { readonly regulation: RegulationId; readonly article: string };
  readonly fill: (subject: Subject, atlas: Atlas) => Fill;
}

export type OpdContentId = "profil" | "berita" | "agenda" | "laporan" | "layanan" | "portal" | "tautan" | "kebijakan";
export type PortalContentId = "profil" | "berita" | "situs" | "instansi" | "data";
export type ServiceContentId =
  | "penyelenggara"
  | "pelaksana"
  | "standar"
  | "prosedur"
  | "maklumat"
  | "pengaduan"
  | "kinerja";

function has(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}

function all(...parts: readonly boolean[]): Fill {
  if (parts.every(Boolean)) return "filled";
  return parts.some(Boolean) ? "partial" : "missing";
}

function when(filled: boolean): Fill {
  return filled ? "filled" : "missing";
}

/** The inventory has no field for it yet, so nobody can have filled it in. */
function noField(): Fill {
  return "missing";
}

/** A service whose standard is stated whole: requirements, fee and time. */
export function isStandardStated(service: NonNullable<OpdModel["contents"]["services"]>[number]): boolean {
  return service.requirements !== undefined && service.fee !== undefined && service.duration !== undefined;
}

function serviceStandard(opd: OpdModel): Fill {
  const services = opd.contents.services ?? [];
  if (services.length === 0) return "missing";
  return services.every(isStandardStated) ? "filled" : "partial";
}

const EL = "empat-lawang-30-2019";
const LS = "langsa-34-2020";

/** Empat Lawang 15(3) a to g, and 29(5). */
export const OPD_CONTENTS: readonly ContentKind<OpdContentId, OpdModel>[] = [
  {
    id: "profil",
    label: { id: "Profil", en: "Profile" },
    short: { id: "Profil", en: "Profile" },
    source: { regulation: EL, article: "15(3) a" },
    fill: ({ contents }) => all(contents.profile !== undefined, has(contents.duties), has(contents.structure)),
  },
  {
    id: "layanan",
    label: { id: "Layanan", en: "Services" },
    short: { id: "Layanan", en: "Services" },
    source: { regulation: EL, article: "15(3) e" },
    fill: ({ contents }) => when(has(contents.services)),
  },
  {
    id: "berita",
    label: { id: "Berita kegiatan", en: "News" },
    short: { id: "Berita", en: "News" },
    source: { regulation: EL, article: "15(3) b" },
    fill: ({ contents }) => when(has(contents.news)),
  },
  {
    id: "agenda",
    label: { id: "Agenda kegiatan", en: "Agenda" },
    short: { id: "Agenda", en: "Agenda" },
    source: { regulation: EL, article: "15(3) c" },
    fill: noField,
  },
  {
    id: "laporan",
    label: { id: "Evaluasi, laporan dan transparansi", en: "Evaluation, reports and transparency" },
    short: { id: "Laporan", en: "Reports" },
    source: { regulation: EL, article: "15(3) d" },
    fill: noField,
  },
  {
    id: "kebijakan",
    label: { id: "Kebijakan dan prosedur", en: "Policies and procedures" },
    short: { id: "Kebijakan", en: "Policies" },
    source: { regulation: EL, article: "29(5)" },
    fill: ({ contents }) => all(has(contents.policies), has(contents.regulations)),
  },
  {
    id: "portal",
    label: { id: "Situs pemerintah daerah", en: "The government's site" },
    short: { id: "Portal", en: "Portal" },
    source: { regulation: EL, article: "15(3) f" },
    fill: (_opd, atlas) => when(atlas.portalHost !== undefined),
  },
  {
    id: "tautan",
    label: { id: "Instansi dan organisasi lain", en: "Other bodies and organisations" },
    short: { id: "Tautan", en: "Links" },
    source: { regulation: EL, article: "15(3) g" },
    fill: noField,
  },
];

/** An application that publishes open data or belongs to the smart city: said by its id, name or class. */
export function isOpenData(application: {
  readonly id: string;
  readonly name: string;
  readonly class: string;
}): boolean {
  const said = `${application.id} ${application.name} ${application.class}`;
  return /open[- ]?data|data[- ]?terbuka|satu[- ]?data|smart[- ]?city|kota[- ]?cerdas/i.test(said);
}

/** Empat Lawang 14(3) a to e. */
export const PORTAL_CONTENTS: readonly ContentKind<PortalContentId, undefined>[] = [
  {
    id: "profil",
    label: { id: "Profil pemerintah daerah", en: "Profile of the government" },
    short: { id: "Profil", en: "Profile" },
    source: { regulation: EL, article: "14(3) a" },
    // The inventory names the government and its agencies, but has no field for a description.
    fill: () => "partial",
  },
  {
    id: "berita",
    label: { id: "Berita kegiatan pemerintah", en: "News of the government" },
    short: { id: "Berita", en: "News" },
    source: { regulation: EL, article: "14(3) b" },
    fill: (_region, atlas) => when(atlas.active.some((opd) => has(opd.contents.news))),
  },
  {
    id: "situs",
    label: { id: "Semua situs dan layanan publik", en: "All sites and public services" },
    short: { id: "Situs dan layanan", en: "Sites and services" },
    source: { regulation: EL, article: "14(3) c" },
    fill: (_region, atlas) =>
      all(
        atlas.active.length > 0 && atlas.active.every((opd) => atlas.opdHosts.has(opd.id)),
        atlas.active.some((opd) => has(opd.contents.services)),
      ),
  },
  {
    id: "instansi",
    label: { id: "Situs daerah dan instansi lain", en: "Sites of the region and of other bodies" },
    short: { id: "Tautan", en: "Links" },
    source: { regulation: EL, article: "14(3) d" },
    // The region's own sites are derived; for other bodies the inventory has no field yet.
    fill: () => "partial",
  },
  {
    id: "data",
    label: { id: "Data terbuka dan kota cerdas", en: "Open data and smart city" },
    short: { id: "Data terbuka", en: "Open data" },
    source: { regulation: EL, article: "14(3) e" },
    fill: (_region, atlas) =>
      when(atlas.applications.some((each) => isOpenData(each) && atlas.applicationHosts.has(each.id))),
  },
];

/** Langsa 23(4) a to g: information on public services, of every OPD. */
export const SERVICE_CONTENTS: readonly ContentKind<ServiceContentId, OpdModel>[] = [
  {
    id: "penyelenggara",
    label: { id: "Profil penyelenggara", en: "Profile of the provider" },
    short: { id: "Penyelenggara", en: "Provider" },
    source: { regulation: LS, article: "23(4) a" },
    fill: ({ contents }) => when(contents.profile !== undefined),
  },
  {
    id: "pelaksana",
    label: { id: "Profil pelaksana", en: "Profile of those who carry it out" },
    short: { id: "Pelaksana", en: "Staff" },
    source: { regulation: LS, article: "23(4) b" },
    fill: ({ contents }) => when(has(contents.structure)),
  },
  {
    id: "standar",
    label: { id: "Standar pelayanan", en: "Service standards" },
    short: { id: "Standar", en: "Standards" },
    source: { regulation: LS, article: "23(4) c" },
    fill: serviceStandard,
  },
  {
    id: "prosedur",
    label: { id: "Standar operasional prosedur", en: "Operating procedures" },
    short: { id: "Prosedur", en: "Procedures" },
    source: { regulation: LS, article: "23(4) d" },
    fill: ({ contents }) => when(has(contents.policies)),
  },
  {
    id: "maklumat",
    label: { id: "Maklumat pelayanan", en: "Service charter" },
    short: { id: "Maklumat", en: "Charter" },
    source: { regulation: LS, article: "23(4) e" },
    fill: noField,
  },
  {
    id: "pengaduan",
    label: { id: "Pengelolaan pengaduan", en: "Handling of complaints" },
    short: { id: "Pengaduan", en: "Complaints" },
    source: { regulation: LS, article: "23(4) f" },
    fill: (_opd, atlas) => when(atlas.complaintsHost !== undefined),
  },
  {
    id: "kinerja",
    label: { id: "Penilaian kinerja", en: "Performance assessment" },
    short: { id: "Kinerja", en: "Performance" },
    source: { regulation: LS, article: "23(4) g" },
    fill: noField,
  },
];
