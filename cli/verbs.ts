import type { Text } from "../model/types.ts";
import type { Options } from "./options.ts";
import { say } from "./output/language.ts";
import { table } from "./output/table.ts";

export type Handler = (options: Options) => Promise<number>;

interface Verb {
  readonly name: string;
  readonly text: Text;
  /** Loaded when asked for, so that `--help` and `inventory check` need not wait for Pulumi. */
  readonly load: () => Promise<Handler>;
}

/** One line per verb; adding one touches this table and one file. */
export const VERBS: readonly Verb[] = [
  {
    name: "up",
    text: {
      id: "wujudkan wilayah: citra, rahasia, tumpukan, lalu tunggu sampai sehat",
      en: "make the region real: images, secrets, stacks, then wait until all is well",
    },
    load: async () => (await import("./verbs/up.ts")).up,
  },
  {
    name: "preview",
    text: { id: "apa yang akan berubah, tanpa mengubah apa pun", en: "what would change, changing nothing" },
    load: async () => (await import("./verbs/preview.ts")).preview,
  },
  {
    name: "status",
    text: { id: "keadaan tiap situs dan layanan", en: "how each site and workload is" },
    load: async () => (await import("./verbs/status.ts")).status,
  },
  {
    name: "images",
    text: {
      id: "citra yang berjalan di tiap situs, dan yang dinyatakan: apa yang berubah, ke mana dapat kembali",
      en: "which images run at each site and which are declared: what would change, and what one can go back to",
    },
    load: async () => (await import("./verbs/images.ts")).images,
  },
  {
    name: "down",
    text: {
      id: "hapus wilayah beserta datanya (--confirm <nama wilayah>)",
      en: "remove the region with its data (--confirm <region's name>)",
    },
    load: async () => (await import("./verbs/down.ts")).down,
  },
  {
    name: "reseed",
    text: {
      id: "isi ulang data satu layanan di satu situs dari situs lain (--site, --workload)",
      en: "fill one site's workload anew from the other site (--site, --workload)",
    },
    load: async () => (await import("./verbs/permit.ts")).reseed,
  },
  {
    name: "found",
    text: {
      id: "dirikan yang baru dan kosong, wilayah atau layanan: sekali seumur hidup",
      en: "found what is new and empty, a region or a workload: once in its life",
    },
    load: async () => (await import("./verbs/permit.ts")).found,
  },
  {
    name: "inventory",
    text: { id: "inventory check: periksa inventaris", en: "inventory check: check the inventory" },
    load: async () => (await import("./verbs/inventory.ts")).inventory,
  },
  {
    name: "secrets",
    text: {
      id: "secrets list | show [nama] --site <situs> | rotate <apa> [--finish]: rahasia wilayah",
      en: "secrets list | show [name] --site <site> | rotate <what> [--finish]: the region's secrets",
    },
    load: async () => (await import("./verbs/secrets.ts")).secrets,
  },
  {
    name: "backup",
    text: {
      id: "backup run | list | coverage: cadangan (--target <sasaran>, --type full|differential|incremental); backup export --to <folder>, import --from <folder>: salinan luring",
      en: "backup run | list | coverage: backups (--target <target>, --type full|differential|incremental); backup export --to <folder>, import --from <folder>: a copy to take away",
    },
    load: async () => (await import("./verbs/backup.ts")).backup,
  },
  {
    name: "restore",
    text: {
      id: "pulihkan cadangan ke folder baru (--target <sasaran> --to <folder>; --copy, --until, --site); --from <salinan luring> --identity <kunci>; --over-live --confirm <wilayah>: di atas data hidup",
      en: "restore a backup to a new folder (--target <target> --to <folder>; --copy, --until, --site); --from <exported copy> --identity <key>; --over-live --confirm <region>: over live data",
    },
    load: async () => (await import("./verbs/restore.ts")).restore,
  },
  {
    name: "drill",
    text: {
      id: "drill run | list | show <latihan> [--to <berkas.html>]: latihan pemulihan (--all, --target <sasaran>, --choice newest|oldest|random, --until <waktu>)",
      en: "drill run | list | show <drill> [--to <file.html>]: restore drills (--all, --target <target>, --choice newest|oldest|random, --until <time>)",
    },
    load: async () => (await import("./verbs/drill.ts")).drill,
  },
  {
    name: "evidence",
    text: {
      id: "evidence list | show <catatan> | verify | keys | export --to <folder> | store: bukti bertanda tangan (--from <folder>, --keys <folder>, --bucket)",
      en: "evidence list | show <record> | verify | keys | export --to <folder> | store: signed evidence (--from <folder>, --keys <folder>, --bucket)",
    },
    load: async () => (await import("./verbs/evidence.ts")).evidence,
  },
  {
    name: "custody",
    text: {
      id: "custody export | escrow | import: serah terima rahasia dan status satu situs dalam satu berkas tersegel",
      en: "custody export | escrow | import: one site's secrets and state, handed over in one sealed file",
    },
    load: async () => (await import("./verbs/custody.ts")).custody,
  },
  {
    name: "env",
    text: {
      id: 'lingkungan untuk memakai `pulumi` sendiri: eval "$(lumbung env --region lab --site dc)"',
      en: 'environment for using `pulumi` yourself: eval "$(lumbung env --region lab --site dc)"',
    },
    load: async () => (await import("./verbs/env.ts")).env,
  },
  {
    name: "doctor",
    text: {
      id: "apa yang ada dan apa yang kurang di mesin ini",
      en: "what is there and what is missing on this machine",
    },
    load: async () => (await import("./verbs/doctor.ts")).doctor,
  },
];

/** How the command line is used. */
export function usage(): string {
  const head = say({
    id: "lumbung <perintah> --region <wilayah> [--site <situs>] [--json] [--lang id|en]",
    en: "lumbung <verb> --region <region> [--site <site>] [--json] [--lang id|en]",
  });
  const exit = say({
    id: "Kode keluar: 0 selesai · 1 jawabannya tidak · 2 salah pakai atau inventaris salah · 3 yang dibutuhkan tak terjangkau · 4 ditolak demi keselamatan · 70 galat kami",
    en: "Exit codes: 0 done · 1 the answer is no · 2 wrong use or invalid inventory · 3 a dependency is out of reach · 4 refused for safety · 70 a bug of ours",
  });
  const rows = VERBS.map((verb) => [verb.name, say(verb.text)]);
  return `${head}\n\n${table([{ title: say({ id: "perintah", en: "verb" }) }, { title: "" }], rows)}\n\n${exit}\n`;
}
