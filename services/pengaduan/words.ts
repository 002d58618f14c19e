/** What the application says, in both languages. */
import type { Text } from "../../model/types.ts";
import type { Fault, Status } from "./complaint.ts";

export const WORDS = {
  newComplaint: { id: "Sampaikan pengaduan", en: "Make a complaint" },
  latest: { id: "Pengaduan terbaru", en: "Latest complaints" },
  lead: {
    id: "Laporan Anda dicatat, diteruskan kepada kepala perangkat daerah yang bersangkutan, dan dapat diikuti dengan nomor laporan.",
    en: "Your report is recorded, passed to the head of the agency concerned, and can be followed by its reference number.",
  },
  publicNote: {
    id: "Isi laporan dan perangkat daerah yang dituju dapat dilihat umum. Nama dan kontak tidak ditampilkan.",
    en: "The text of the report and the agency can be seen by everyone. Name and contact are not shown.",
  },
  opd: { id: "Perangkat daerah", en: "Agency" },
  choose: { id: "Pilih perangkat daerah", en: "Choose an agency" },
  text: { id: "Isi laporan", en: "Your report" },
  name: { id: "Nama", en: "Name" },
  contact: { id: "Kontak (surel atau telepon)", en: "Contact (email or telephone)" },
  optional: { id: "tidak wajib", en: "optional" },
  send: { id: "Kirim laporan", en: "Send the report" },
  thanks: { id: "Laporan Anda sudah tersimpan", en: "Your report is saved" },
  keepNumber: {
    id: "Catat nomor ini untuk mengikuti tindak lanjutnya.",
    en: "Keep this number to follow what is done.",
  },
  reference: { id: "Nomor laporan", en: "Reference number" },
  received: { id: "Diterima pada", en: "Received" },
  status: { id: "Status", en: "Status" },
  history: { id: "Riwayat", en: "History" },
  none: { id: "Belum ada pengaduan.", en: "There are no complaints yet." },
  find: { id: "Cari laporan", en: "Find a report" },
  findButton: { id: "Cari", en: "Find" },
  portal: { id: "Portal pemerintah daerah", en: "The government's portal" },
  checkForm: { id: "Periksa kembali isian ini", en: "Please check what you filled in" },
  notFound: { id: "Halaman tidak ditemukan", en: "Page not found" },
  noComplaint: { id: "Tidak ada laporan dengan nomor itu.", en: "There is no report with that number." },
  notSaved: { id: "Laporan Anda belum tersimpan", en: "Your report is not saved yet" },
  notSavedNote: {
    id: "Basis data sedang tidak terjangkau. Isian Anda masih ada di bawah ini: tunggu sebentar lalu kirim lagi. Mengirim lagi tidak akan mencatatnya dua kali.",
    en: "The database is out of reach at the moment. What you typed is still below: wait a little and send it again. Sending it again will not record it twice.",
  },
  unavailable: { id: "Data sedang tidak terjangkau", en: "Data are out of reach" },
  unavailableNote: {
    id: "Basis data sedang tidak terjangkau. Cobalah beberapa saat lagi.",
    en: "The database is out of reach at the moment. Please try again shortly.",
  },
  expired: { id: "Formulir perlu dikirim ulang", en: "The form must be sent again" },
  expiredNote: {
    id: "Formulir ini dibuka terlalu lama atau tanpa kuki, sehingga laporan belum tersimpan. Isian Anda masih ada: periksa lalu kirim lagi.",
    en: "This form was open for too long or without cookies, so your report is not saved yet. What you typed is still there: check it and send it again.",
  },
  tooMany: { id: "Terlalu banyak laporan sekaligus", en: "Too many reports at once" },
  tooManyNote: {
    id: "Laporan ini belum tersimpan. Isian Anda masih ada: tunggu sebentar lalu kirim lagi.",
    en: "This report is not saved yet. What you typed is still there: wait a little and send it again.",
  },
  tooLarge: { id: "Kiriman terlalu besar", en: "What was sent is too large" },
  badRequest: { id: "Permintaan tidak dapat dipahami", en: "The request could not be understood" },
  failed: { id: "Terjadi kesalahan di pihak kami", en: "Something went wrong on our side" },
  failedNote: {
    id: "Kesalahan ini sudah dicatat. Laporan Anda mungkin belum tersimpan.",
    en: "The error was recorded. Your report may not have been saved.",
  },
} as const satisfies Readonly<Record<string, Text>>;

export type Word = keyof typeof WORDS;

export const STATUS_WORDS: Readonly<Record<Status, Text>> = {
  diterima: { id: "Diterima", en: "Received" },
  diteruskan: { id: "Diteruskan", en: "Passed on" },
  ditindaklanjuti: { id: "Ditindaklanjuti", en: "Being acted upon" },
  selesai: { id: "Selesai", en: "Done" },
};

export const FAULT_WORDS: Readonly<Record<Fault, Text>> = {
  "unknown-opd": {
    id: "Pilih salah satu perangkat daerah dari daftar.",
    en: "Choose one of the agencies in the list.",
  },
  "too-short": { id: "Tuliskan sekurang-kurangnya 10 huruf.", en: "Please write at least 10 characters." },
  "too-long": { id: "Isian ini terlalu panjang.", en: "This is too long." },
};
