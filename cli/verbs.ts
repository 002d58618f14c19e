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
    text: {
      id: "apa yang akan berubah, tanpa mengubah apa pun (--refresh: juga yang menyimpang; --refresh --record: simpan sebagai bukti)",
      en: "what would change, changing nothing (--refresh: what drifted as well; --refresh --record: keep as evidence)",
    },
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
    name: "check",
    text: {
      id: "kewajiban daerah: dirancang, berjalan, dinyatakan; keluar 1 bila ada yang wajib belum terpenuhi (--previous <penilaian lalu>, --to <berkas>, --record: simpan sebagai bukti)",
      en: "the region's duties: designed, running, attested; exit 1 where a mandatory one is not met (--previous <last assessment>, --to <file>, --record: keep as evidence)",
    },
    load: async () => (await import("./verbs/check.ts")).check,
  },
  {
    name: "finding",
    text: {
      id: "finding list [--all] | show <temuan> | update <temuan> --status <kata> --note <catatan> --by <peran>: temuan dan tindak lanjutnya",
      en: "finding list [--all] | show <finding> | update <finding> --status <word> --note <note> --by <role>: findings and their follow-up",
    },
    load: async () => (await import("./verbs/finding.ts")).finding,
  },
  {
    name: "calendar",
    text: {
      id: "kewajiban mana memerah pada hari apa bila tidak seorang pun bertindak (--until <tanggal>)",
      en: "which duty turns red on which day if nobody acts (--until <date>)",
    },
    load: async () => (await import("./verbs/calendar.ts")).calendar,
  },
  {
    name: "attest",
    text: {
      id: "attest <dokumen> --file <berkas>: catat berkas dan SHA-256-nya di inventaris",
      en: "attest <document> --file <file>: put a document's file and its SHA-256 into the inventory",
    },
    load: async () => (await import("./verbs/attest.ts")).attest,
  },
  {
    name: "waive",
    text: {
      id: "waive <kewajiban> --justification <alasan> --approver <peran> --expires <tanggal> [--which <hal>]: pengecualian sementara",
      en: "waive <duty> --justification <why> --approver <role> --expires <date> [--which <thing>]: a waiver, for a time",
    },
    load: async () => (await import("./verbs/waive.ts")).waive,
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
    name: "report",
    text: {
      id: "laporan dan surat dari penilaian (--kind audit|half-yearly|standard|bupati|letters|bundle, --format html|pdf|csv|oscal|json, --out <folder>; --from <penilaian.json|catatan>)",
      en: "reports and letters of an assessment (--kind audit|half-yearly|standard|bupati|letters|bundle, --format html|pdf|csv|oscal|json, --out <folder>; --from <assessment.json|record>)",
    },
    load: async () => (await import("./verbs/report.ts")).report,
  },
  {
    name: "preflight",
    text: {
      id: "apakah situs lain dapat mengambil alih sekarang, dan apa yang akan hilang (--to <situs>)",
      en: "whether the other site could take over now, and what that would lose (--to <site>)",
    },
    load: async () => (await import("./verbs/preflight.ts")).preflight,
  },
  {
    name: "switchover",
    text: {
      id: "peralihan terencana, tanpa kehilangan (--to <situs> --plan --key <berkas>)",
      en: "planned change of the active site, losing nothing (--to <site> --plan --key <file>)",
    },
    load: async () => (await import("./verbs/runbook.ts")).switchover,
  },
  {
    name: "failover",
    text: {
      id: "pengambilalihan bila situs aktif hilang (--to <situs> --plan --key <berkas>)",
      en: "takeover where the active site is lost (--to <site> --plan --key <file>)",
    },
    load: async () => (await import("./verbs/runbook.ts")).failover,
  },
  {
    name: "failback",
    text: {
      id: "situs lama kembali menjadi siaga, lalu peralihan kembali (--to <situs> --plan --key <berkas>)",
      en: "the old site becomes a standby again, then the way back (--to <site> --plan --key <file>)",
    },
    load: async () => (await import("./verbs/runbook.ts")).failback,
  },
  {
    name: "recovery-lost",
    text: {
      id: "situs siaga hilang: lanjutkan tanpanya, lalu bangun ulang (--plan --key <berkas>)",
      en: "the standby site is lost: go on without it, then build it anew (--plan --key <file>)",
    },
    load: async () => (await import("./verbs/runbook.ts")).recoveryLost,
  },
  {
    name: "approve",
    text: {
      id: "setujui rencana prosedur dengan kunci peran (--key <berkas>); approve keygen --to <berkas>",
      en: "approve a runbook's plan with a role's key (--key <file>); approve keygen --to <file>",
    },
    load: async () => (await import("./verbs/approve.ts")).approve,
  },
  {
    name: "runs",
    text: {
      id: "runs list | show <pelaksanaan> [--to <berkas.html>]: prosedur yang pernah dijalankan",
      en: "runs list | show <run> [--to <file.html>]: runbooks that were carried out",
    },
    load: async () => (await import("./verbs/runs.ts")).runs,
  },
  {
    name: "resume",
    text: { id: "lanjutkan pelaksanaan yang terhenti", en: "go on with a run that stopped" },
    load: async () => (await import("./verbs/runs.ts")).resume,
  },
  {
    name: "pause",
    text: { id: "jeda pelaksanaan sesudah langkah ini", en: "pause a run after this step" },
    load: async () => (await import("./verbs/runs.ts")).paused,
  },
  {
    name: "abort",
    text: {
      id: "batalkan pelaksanaan: yang sudah dikerjakan dikembalikan (--reason, --by <peran>)",
      en: "abort a run: what was done is taken back (--reason, --by <role>)",
    },
    load: async () => (await import("./verbs/runs.ts")).aborted,
  },
  {
    name: "skip",
    text: {
      id: "skip <pelaksanaan> <langkah>: lewati satu langkah (--reason, --by <peran>)",
      en: "skip <run> <step>: leave one step out (--reason, --by <role>)",
    },
    load: async () => (await import("./verbs/runs.ts")).skipped,
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
    name: "auditor",
    text: {
      id: "auditor list | grant <auditor> --csr <berkas> --by <peran> --out <folder>: akses baca untuk auditor, dengan sertifikat",
      en: "auditor list | grant <auditor> --csr <file> --by <role> --out <folder>: read access for auditors, by certificate",
    },
    load: async () => (await import("./verbs/auditor.ts")).auditor,
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
