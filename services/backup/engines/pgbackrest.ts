/** pgBackRest's words, and what its `info` says. Keys and credentials are in the file that `--config` names. */
import { type RepositoryClass, repositoryNumber } from "../../../model/derive/backup-repositories.ts";
import { paths, type Stanza } from "../config.ts";
import type { Copy, RunOrder } from "../wire.ts";

export const CONF = `${paths.run}/pgbackrest.conf`;

const types = { full: "full", differential: "diff", incremental: "incr" } as const;
const typeOf = { full: "full", diff: "differential", incr: "incremental" } as const;

type Asked = Pick<RunOrder, "action" | "class" | "standby">;

/** @throws for an action that is none of pgBackRest's. */
export function pgbackrestWords(stanza: string, { action, class: name = "base", standby }: Asked): readonly string[] {
  const base = ["pgbackrest", `--config=${CONF}`, `--stanza=${stanza}`];
  const repository = `--repo=${repositoryNumber[name]}`;
  switch (action) {
    case "full":
    case "differential":
    case "incremental":
      return [
        ...base,
        repository,
        `--type=${types[action]}`,
        standby ? "--backup-standby=y" : "--backup-standby=n",
        // Expiry is a run of its own, which a failure of the backup does not take along.
        "--no-expire-auto",
        "backup",
      ];
    case "archive-check":
      return [...base, "check"];
    case "expire":
      return [...base, "expire"];
    case "read-data":
      // What fails is told, and not tried again: else each file of a bundle that is cut short would take fifteen seconds.
      return [...base, repository, "--job-retry=0", "verify"];
    default:
      throw new Error(`pgbackrestWords: ${action} is none of pgBackRest's commands`);
  }
}

export const infoWords = (stanza: string): readonly string[] => [
  ...["pgbackrest", `--config=${CONF}`, `--stanza=${stanza}`],
  ...["--log-level-console=error", "--output=json", "info"],
];

interface InfoBackup {
  readonly label: string;
  readonly type: keyof typeof typeOf;
  readonly error: boolean | null;
  readonly prior: string | null;
  readonly reference: readonly string[] | null;
  readonly timestamp: { readonly start: number; readonly stop: number };
  readonly lsn?: { readonly start: string; readonly stop: string };
  readonly archive?: { readonly start: string; readonly stop: string };
  readonly info: { readonly size: number };
  readonly database: { readonly "repo-key": number };
}

interface InfoStanza {
  readonly name: string;
  readonly status: { readonly code: number; readonly message: string };
  readonly repo?: readonly {
    readonly key: number;
    readonly status: { readonly code: number; readonly message: string };
  }[];
  readonly backup: readonly InfoBackup[];
}

/** pgBackRest's status of a repository that it could not read: what it says of it is then nothing, and not that nothing is there. */
const UNREAD = 99;

/**
 * Backups that there are of a stanza, oldest first; those with a page that was damaged when it was read are none.
 * @throws where the answer is not pgBackRest's, or a repository could not be read.
 */
export function copiesOf(answer: string, { target, name, repositories }: Stanza): Copy[] {
  const stanzas = JSON.parse(answer) as InfoStanza[];
  const found = stanzas.find((one) => one.name === name);
  // "missing stanza path" and "no valid backups" are answers, too: there is none yet.
  if (!found) return [];
  const unread = found.repo?.find(({ status }) => status.code === UNREAD);
  if (unread)
    throw new Error(`pgbackrest info: repository ${unread.key}: ${unread.status.message.replaceAll("\n", "; ")}`);
  const classOf = new Map(repositories.map((one) => [one.number, one.class]));
  return found.backup
    .filter(({ error }) => error !== true)
    .map((backup) => copyOf(backup, target, classOf.get(backup.database["repo-key"])))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function copyOf(backup: InfoBackup, target: string, name: RepositoryClass | undefined): Copy {
  const { label, type, prior, reference, timestamp, lsn, archive, info } = backup;
  const needs = [...new Set([...(reference ?? []), ...(prior ? [prior] : [])])].filter((one) => one !== label);
  const timeline = archive === undefined ? undefined : Number.parseInt(archive.stop.slice(0, 8), 16);
  return {
    id: label,
    target,
    type: typeOf[type],
    ...(name === undefined ? {} : { class: name }),
    at: new Date(timestamp.stop * 1000).toISOString(),
    bytes: info.size,
    needs,
    ...(lsn === undefined ? {} : { stopPosition: lsn.stop }),
    ...(timeline === undefined ? {} : { timeline }),
  };
}

/** What pgBackRest's own words mean for an operator, by what they contain. */
export function whatToDo(message: string): { readonly id: string; readonly en: string } | undefined {
  return HINTS.find(([pattern]) => pattern.test(message))?.[1];
}

const HINTS: readonly (readonly [RegExp, { readonly id: string; readonly en: string }])[] = [
  [
    /expected format \d+ but found/,
    {
      id: "repositori ini ditulis oleh versi pgBackRest yang lain: jalankan `lumbung up` dengan image yang menulisnya",
      en: "another version of pgBackRest wrote this repository: run `lumbung up` with the image that wrote it",
    },
  ],
  [
    /checksum|size mismatch|size invalid|\b416\b|ChecksumError|invalid checksum/i,
    {
      id: "isi repositori berubah sejak ditulis: buat cadangan penuh baru sekarang, lalu pulihkan versi terkunci objek itu (handbook, Cadangan)",
      en: "the repository changed since it was written: take a new full backup now, then bring back the locked version of that object (handbook, Backups)",
    },
  ],
  [
    /CryptoError|cipher|decrypt|unable to flush|outside of section/i,
    {
      id: "kunci repositori tidak cocok: pulihkan bundel rahasia situs ini dari titipannya",
      en: "the repository's key does not fit: bring back this site's bundle of secrets from its escrow",
    },
  ],
  [
    /system-id|do not match|BackupMismatchError|ArchiveMismatchError/i,
    {
      id: "repositori ini milik klaster lain: periksa apakah server dibangun ulang",
      en: "the repository is another cluster's: see whether the server was founded anew",
    },
  ],
  [
    /unable to find|missing|No usable|FileMissingError|No such key|\b404\b/i,
    {
      id: "objek repositori hilang: pulihkan versi terkuncinya (handbook, Cadangan), lalu buat cadangan penuh baru",
      en: "an object of the repository is gone: bring back its locked version (handbook, Backups), then take a new full backup",
    },
  ],
  [
    /\[(049|101)\]|HostConnectError|unable to connect|timeout|ServiceError|\b50[0-9]\b/i,
    {
      id: "penyimpanan objek atau server tidak menjawab: periksa `lumbung status`; pekerjaan ini diulang sendiri",
      en: "the object store or the server does not answer: see `lumbung status`; this job is tried again by itself",
    },
  ],
];
