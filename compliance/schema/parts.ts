/** Parts of a regional data centre that are not built yet. What only they could show is unknown, with this reason, and never met. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";

export const PARTS = {
  network: text("pengelolaan jaringan OPD belum dibangun", "management of the network of the OPD is not built yet"),
  mail: text("surel resmi belum dibangun", "official mail is not built yet"),
  "sign-on": text("sistem masuk tunggal belum dibangun", "single sign-on is not built yet"),
  "command-centre": text(
    "pusat kendali dan pusat kontak belum dibangun",
    "the command centre and the contact centre are not built yet",
  ),
  monitoring: text("pemantauan dari luar belum dibangun", "monitoring from outside is not built yet"),
  procedures: text(
    "prosedur tertulis belum dibuat dari langkah-langkah runbook",
    "written procedures are not made from the steps of runbooks yet",
  ),
  "data-register": text(
    "daftar berbagi pakai, izin akses, dan metadata belum dibangun",
    "the register of sharing, access and metadata is not built yet",
  ),
  "newest-versions": text(
    "belum ada yang mengetahui versi terbaru tiap aplikasi di daerah ini",
    "nobody in this region knows yet which version of an application is the newest",
  ),
  "handover-reader": text(
    "berkas serah terima di repositori belum dibaca",
    "what of a hand-over set lies in the repositories is not read yet",
  ),
  signing: text(
    "layanan tanda tangan elektronik belum dibangun",
    "the service for electronic signatures is not built yet",
  ),
  "host-adoption": text(
    "pengelolaan server OPD di luar pusat data belum dibangun",
    "management of OPD servers outside the data centre is not built yet",
  ),
} as const satisfies Readonly<Record<string, Text>>;

export type Part = keyof typeof PARTS;

export const partIds = Object.keys(PARTS) as Part[];
