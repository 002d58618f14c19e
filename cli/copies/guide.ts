/** The guide that lies beside an exported copy: how to restore from it with pgBackRest, restic and age alone. Pure. */
import { repositoryNumber } from "../../model/derive/backup-repositories.ts";
import { type ExportManifest, KEYS, MANIFEST, REPOSITORIES } from "./manifest.ts";

export const GUIDE = { id: "BACA-SAYA.txt", en: "README.txt" } as const;

type Language = keyof typeof GUIDE;

/** Plain text, 100 columns at most, for somebody who has nothing of Lumbung. */
export function guideText(manifest: ExportManifest, language: Language): string {
  const { region, site, at, stanzas, files } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const words = WORDS[language];
  return [
    words.title(region, site, at),
    "",
    words.what(files.length, bytes),
    "",
    `1. ${words.check}`,
    "",
    `     jq -r '.files[] | "\\(.sha256)  \\(.path)"' ${MANIFEST} | sha256sum --check --quiet`,
    "",
    `2. ${words.open}`,
    "",
    "     umask 077",
    `     age --decrypt -i key.txt ${KEYS} > /dev/shm/keys.json`,
    "",
    `3. ${words.databases}`,
    "",
    ...stanzas.flatMap(({ name, repositories }) => pgbackrest(name, repositories)),
    `4. ${words.files}`,
    "",
    "     jq -r '.passphrases.restic' /dev/shm/keys.json > /dev/shm/restic.password",
    `     export RESTIC_PASSWORD_FILE=/dev/shm/restic.password`,
    `     restic --no-lock -r $PWD/${REPOSITORIES}/restic snapshots`,
    `     restic --no-lock -r $PWD/${REPOSITORIES}/restic restore <id> --target /srv/restored`,
    "",
    `5. ${words.mariadb}`,
    "",
    "     mariadb-backup --prepare --target-dir=<restored>/data",
    "",
    `6. ${words.after}`,
    "",
    "     shred -u /dev/shm/keys.json /dev/shm/restic.password /dev/shm/pgbackrest.conf",
    "",
  ].join("\n");
}

function pgbackrest(stanza: string, repositories: readonly string[]): string[] {
  const lines = repositories.flatMap((name) => {
    const at = `repo${repositoryNumber[name as keyof typeof repositoryNumber]}`;
    return [
      `     echo "${at}-path=$PWD/${REPOSITORIES}/pgbackrest/${name}"`,
      `     echo "${at}-cipher-type=aes-256-cbc"`,
      `     echo "${at}-cipher-pass=$(jq -r '.passphrases["postgresql:${stanza}/${name}"]' /dev/shm/keys.json)"`,
    ];
  });
  return [
    `     { echo "[${stanza}]"`,
    ...lines,
    '     echo "pg1-path=/srv/postgresql"; } > /dev/shm/pgbackrest.conf',
    `     pgbackrest --config=/dev/shm/pgbackrest.conf --stanza=${stanza} info`,
    `     pgbackrest --config=/dev/shm/pgbackrest.conf --stanza=${stanza} --archive-mode=off restore`,
    "",
  ];
}

interface Words {
  readonly title: (region: string, site: string, at: string) => string;
  readonly what: (files: number, bytes: number) => string;
  readonly check: string;
  readonly open: string;
  readonly databases: string;
  readonly files: string;
  readonly mariadb: string;
  readonly after: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  id: {
    title: (region, site, at) => `Salinan cadangan wilayah ${region}, situs ${site}, keadaan ${at}`,
    what: (files, bytes) =>
      `${files} berkas, ${bytes} bait, terenkripsi. Yang diperlukan: Debian 13 dengan paket age, jq, pgbackrest, restic,\npostgresql-17, mariadb-backup; dan kunci age seorang pemegang situs. Lumbung tidak diperlukan.`,
    check: "Periksa bahwa tidak ada yang berubah (tanpa keluaran berarti utuh):",
    open: "Buka kunci repositori, ke memori saja:",
    databases: "PostgreSQL: pulihkan ke folder kosong milik pengguna yang menjalankan PostgreSQL:",
    files: "Berkas unggahan, repositori kode, objek, zona, state, inventaris, bukti:",
    mariadb: "MariaDB: salinan fisiknya ada di restic (mariadb:<server>); siapkan sebelum dijalankan:",
    after: "Hapus kunci dari memori:",
  },
  en: {
    title: (region, site, at) => `Backup copy of region ${region}, site ${site}, state of ${at}`,
    what: (files, bytes) =>
      `${files} files, ${bytes} bytes, encrypted. What is needed: Debian 13 with the packages age, jq, pgbackrest, restic,\npostgresql-17, mariadb-backup; and the age key of a custodian of the site. Lumbung is not needed.`,
    check: "See that nothing was changed (no output means whole):",
    open: "Open the repositories' keys, into memory only:",
    databases: "PostgreSQL: restore into an empty folder of the user who runs PostgreSQL:",
    files: "Uploads, code repositories, objects, zones, state, inventory, evidence:",
    mariadb: "MariaDB: its physical copies are in restic (mariadb:<server>); prepare one before it is started:",
    after: "Take the keys out of memory:",
  },
};
