/** What to do about the line with which PostgreSQL ends while it recovers. */
import type { Text } from "../../../model/types.ts";

const advice: readonly (readonly [RegExp, Text])[] = [
  [
    /recovery ended before configured recovery target was reached/,
    {
      id: "log di arsip tidak sampai ke sasaran: jalankan pemeriksaan arsip (archive-check); jika ada celah, buat salinan penuh baru",
      en: "the log in the archive does not reach the target: run archive-check; where there is a gap make a new full backup",
    },
  ],
  [
    /requested recovery stop point is before consistent recovery point/,
    { id: "pilih salinan yang lebih lama", en: "choose an older copy" },
  ],
  [
    /could not locate (required|a valid) checkpoint record|could not find redo location|WAL ends before/,
    {
      id: "log dari saat salinan dibuat tidak ada di arsip: jalankan pemeriksaan arsip (archive-check) dan buat salinan penuh baru",
      en: "the log of when the copy was made is not in the archive: run archive-check and make a new full backup",
    },
  ],
  [
    /recovery target timeline \d+ does not exist|not a child of/,
    { id: "periksa garis waktu di arsip", en: "check the timelines in the archive" },
  ],
  [/No space left on device/, { id: "perbesar tempat latihan", en: "give the drill room more space" }],
];
const otherwise: Text = {
  id: "lihat catatan tempat latihan; coba salinan lain",
  en: "see the drill room's log; try another copy",
};

export const adviceOn = (line: string): Text => advice.find(([found]) => found.test(line))?.[1] ?? otherwise;
