/** The two languages of everything that users read: Indonesian by default, English as its equal. */
import type { OpdModel, RegulationId, Text } from "../model/types.ts";

export type Lang = "id" | "en";
export const LANGS: readonly Lang[] = ["id", "en"];

/** First part of every path in a language: the default language has none. */
export const PREFIX: Readonly<Record<Lang, string>> = { id: "", en: "/en" };

export function otherLang(lang: Lang): Lang {
  return lang === "id" ? "en" : "id";
}

const MONTHS: Readonly<Record<Lang, readonly string[]>> = {
  id: "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(" "),
  en: "January February March April May June July August September October November December".split(" "),
};

/** `2026-03-09` (a time after it is left out) as `9 Maret 2026`; what is no date is given back as it is. */
export function longDate(iso: string, lang: Lang): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  const month = MONTHS[lang][Number(match?.[2]) - 1];
  return match && month ? `${Number(match[3])} ${month} ${match[1]}` : iso;
}

export const KIND_NAMES: Readonly<Record<OpdModel["kind"], Text>> = {
  sekretariat: { id: "Sekretariat", en: "Secretariats" },
  inspektorat: { id: "Inspektorat", en: "Inspectorate" },
  dinas: { id: "Dinas", en: "Departments" },
  badan: { id: "Badan", en: "Boards" },
  rsud: { id: "Rumah sakit daerah", en: "Regional hospitals" },
  kecamatan: { id: "Kecamatan", en: "Subdistricts" },
  puskesmas: { id: "Puskesmas", en: "Community health centres" },
  lainnya: { id: "Lainnya", en: "Others" },
};

export const REGULATION_NAMES: Readonly<Record<RegulationId, Text>> = {
  "empat-lawang-30-2019": { id: "Perbup Empat Lawang 30/2019", en: "Empat Lawang regulation 30/2019" },
  "lamandau-37-2018": { id: "Perbup Lamandau 37/2018", en: "Lamandau regulation 37/2018" },
  "langsa-34-2020": { id: "Perwal Langsa 34/2020", en: "Langsa regulation 34/2020" },
  "serdang-bedagai-8-2017": { id: "Perbup Serdang Bedagai 8/2017", en: "Serdang Bedagai regulation 8/2017" },
};

/** Words of the pages' frame; contents are shown as they were given. */
export const WORDS = {
  skip: { id: "Langsung ke isi", en: "Skip to content" },
  mainMenu: { id: "Menu utama", en: "Main menu" },
  switchTo: { id: "English", en: "Bahasa Indonesia" },
  portal: { id: "Portal resmi", en: "Official portal" },
  officialSite: { id: "Situs resmi", en: "Official site" },
  home: { id: "Beranda", en: "Home" },
  profile: { id: "Profil", en: "Profile" },
  news: { id: "Berita", en: "News" },
  agenda: { id: "Agenda", en: "Agenda" },
  reports: { id: "Laporan dan transparansi", en: "Reports and transparency" },
  reportsShort: { id: "Laporan", en: "Reports" },
  services: { id: "Layanan", en: "Services" },
  policies: { id: "Kebijakan dan prosedur", en: "Policies and procedures" },
  policiesShort: { id: "Kebijakan", en: "Policies" },
  links: { id: "Tautan", en: "Links" },
  contact: { id: "Kontak", en: "Contact" },
  agencies: { id: "Perangkat daerah", en: "Agencies" },
  applications: { id: "Aplikasi dan data", en: "Applications and data" },
  applicationsShort: { id: "Aplikasi", en: "Applications" },
  completeness: { id: "Kelengkapan informasi", en: "Completeness of information" },
  complaints: { id: "Pengaduan", en: "Complaints" },
  makeComplaint: { id: "Sampaikan pengaduan", en: "Make a complaint" },
  missing: { id: "Belum diisi", en: "Not yet filled" },
  partial: { id: "Sebagian", en: "In part" },
  filled: { id: "Terisi", en: "Filled" },
  missingNote: {
    id: "Isi ini belum tersedia dan tidak dikarang.",
    en: "This content is not available yet, and was not made up.",
  },
  updated: { id: "Diperbarui", en: "Updated" },
  duties: { id: "Tugas dan fungsi", en: "Duties and functions" },
  structure: { id: "Susunan organisasi", en: "Organisation" },
  programmes: { id: "Program", en: "Programmes" },
  service: { id: "Layanan", en: "Service" },
  requirements: { id: "Persyaratan", en: "Requirements" },
  fee: { id: "Biaya", en: "Fee" },
  duration: { id: "Waktu", en: "Time" },
  agency: { id: "Perangkat daerah", en: "Agency" },
  alsoCalled: { id: "Juga disebut", en: "Also called" },
  address: { id: "Alamat", en: "Address" },
  email: { id: "Surel", en: "Email" },
  phone: { id: "Telepon", en: "Telephone" },
  website: { id: "Situs", en: "Site" },
  noSite: { id: "Belum memiliki situs", en: "No site of its own yet" },
  mergedTitle: { id: "Perangkat daerah yang telah digabung", en: "Agencies that were merged" },
  mergedInto: { id: "Digabung ke dalam", en: "Merged into" },
  mergedFrom: { id: "Menggabungkan", en: "Took over" },
  since: { id: "sejak", en: "since" },
  showAll: { id: "Tampilkan semua", en: "Show all" },
  chooseAgency: { id: "Pilih perangkat daerah", en: "Choose an agency" },
  chooseAgencyHint: {
    id: "Memilih satu perangkat daerah hanya menampilkan layanannya. Untuk mencari kata, gunakan pencarian peramban (Ctrl+F).",
    en: "Choosing an agency shows its services only. To look for a word, use your browser's search (Ctrl+F).",
  },
  servicesAtoZ: { id: "Layanan menurut abjad", en: "Services from A to Z" },
  servicesByAgency: { id: "Layanan menurut perangkat daerah", en: "Services by agency" },
  regulations: { id: "Produk hukum", en: "Regulations" },
  procedures: { id: "Kebijakan dan prosedur pelayanan", en: "Policies and service procedures" },
  toPortal: { id: "Portal pemerintah daerah", en: "The government's portal" },
  toAgencies: { id: "Semua situs perangkat daerah", en: "All sites of the agencies" },
  otherBodies: { id: "Instansi dan organisasi lain", en: "Other bodies and organisations" },
  notFound: { id: "Halaman tidak ditemukan", en: "Page not found" },
  notFoundNote: {
    id: "Alamat ini tidak ada atau sudah dipindahkan. Mulailah dari beranda.",
    en: "This address does not exist or has moved. Start from the home page.",
  },
  contents: { id: "Isi halaman", en: "On this page" },
  domain: { id: "Domain", en: "Domain" },
  narrative: { id: "Uraian profil daerah", en: "Description of the region" },
  numberOfAgencies: { id: "perangkat daerah", en: "agencies" },
  numberOfServices: { id: "layanan tercatat", en: "services listed" },
  numberOfSites: { id: "situs resmi", en: "official sites" },
  running: { id: "Berjalan", en: "Running" },
  planned: { id: "Direncanakan", en: "Planned" },
  central: { id: "Dikelola pemerintah pusat", en: "Run by the central government" },
  byOpd: { id: "Dikelola perangkat daerah", en: "Run by the agency" },
  application: { id: "Aplikasi", en: "Application" },
  owner: { id: "Pemilik", en: "Owner" },
  state: { id: "Keadaan", en: "State" },
  openData: { id: "Data terbuka dan kota cerdas", en: "Open data and smart city" },
  otherApplications: { id: "Semua aplikasi", en: "All applications" },
  content: { id: "Isi", en: "Content" },
  source: { id: "Dasar", en: "Basis" },
  officialSites: { id: "Semua situs resmi", en: "All official sites" },
  more: { id: "Selengkapnya", en: "More" },
} as const satisfies Readonly<Record<string, Text>>;

export type Word = keyof typeof WORDS;

/** A word of the frame in a language. */
export function word(name: Word, lang: Lang): string {
  return WORDS[name][lang];
}
