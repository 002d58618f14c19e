/**
 * What goes over the wire between `ops` and those who do its jobs at a site: the repository host (`backup`) and the drill room (`drill`).
 * Times are ISO 8601 in UTC, durations seconds, sizes bytes.
 *
 *   PUT    /runs/<id>   a RunOrder; begins it once: 202 with its RunState, 409 with a line of why where its target is busy
 *   GET    /runs/<id>   a RunState; 404 where this process knows nothing of it: it ended with the process
 *   DELETE /runs/<id>   stops it and takes away what it left: 200 when nothing is left
 *   GET    /copies      a CopyList (the repository host alone)
 *   GET    /health      200 or 503 and a line
 */
import type { RepositoryClass } from "../../model/derive/backup-repositories.ts";
import type { BackupTarget, Text } from "../../model/types.ts";
import type { Action, DrillChoice } from "../ops/jobs/types.ts";

/** What `ops` orders by schedule, and a restore, which a person orders. */
export type OrderedAction = Action | "restore";

/** A copy that was exported elsewhere and put into this site's store: where it lies in the bucket, and the keys that open it. */
export interface Imported {
  /** `imported/<…>/` */
  readonly prefix: string;
  /** By repository: `postgresql:utama/base`, …, `restic`. Never logged and never written but to memory. */
  readonly passphrases: Readonly<Record<string, string>>;
}

/** What is to be done. Everything that depends on the region's state is decided by who sends it. */
export interface RunOrder {
  /** Of the run, from `ops`' journal: `[A-Za-z0-9-]{1,64}`. */
  readonly id: string;
  readonly target: string;
  readonly action: OrderedAction;
  /** `application`: a drill of a whole one, from its `parts`. */
  readonly engine: BackupTarget["engine"] | "application";
  readonly class?: RepositoryClass;
  /** Whether the site is standby. */
  readonly standby: boolean;
  /** Which slice of the repository is read, from 1, of how many. */
  readonly slice?: number;
  readonly slices?: number;
  /** The copy that a drill restores, and to what. */
  readonly copy?: Copy;
  readonly choice?: DrillChoice;
  /** What was there when the copy was made, as it was signed then. Absent: the drill can prove no more than a sentinel does. */
  readonly proof?: Proof;
  /** Of a whole application: its database first, whose `copy` is the one above, then its files, where it has some. Each has its own proof. */
  readonly parts?: readonly OrderPart[];
  /** Of a database: restore to this moment instead, which is proven by sentinels. */
  readonly until?: string;
  /** Of a restore: from this copy from elsewhere rather than from the site's own repositories. */
  readonly imported?: Imported;
}

/** One of what a whole application is restored from. */
export interface OrderPart {
  /** Id of its backup target. */
  readonly target: string;
  readonly engine: BackupTarget["engine"];
  readonly copy: Copy;
  readonly proof?: Proof;
  /** How much later than the database's the state of its data is, seconds; below 0: earlier. */
  readonly apartSeconds: number;
}

export interface RunState {
  readonly id: string;
  readonly target: string;
  readonly action: OrderedAction;
  readonly state: "running" | "succeeded" | "failed";
  readonly startedAt: string;
  readonly endedAt?: string;
  /** What is being done now. */
  readonly phase?: Text;
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  /** Why it failed, with what to do. */
  readonly why?: Text;
  /** Of a run that ended, whether well or not, as far as it came. */
  readonly report?: Report;
}

export type Report = BackupReport | CareReport | DrillReport;

/** Of full, differential and incremental backups. */
export interface BackupReport {
  readonly report: "backup";
  readonly copy: Copy;
  /** What was there, so that a drill can compare at any later time. Absent where none could be made; `unproven` says why. */
  readonly proof?: Proof;
  readonly unproven?: Text;
}

/** Of archive checks, expiry, extension of locks and reading. */
export interface CareReport {
  readonly report: "care";
  /** State of the data up to which everything is in the archive (archive checks). */
  readonly archivedTo?: string;
  /** What was done, as figures: `extended`, `versions`, `forgotten`, ... */
  readonly figures: Readonly<Record<string, number>>;
}

/** One copy that can be restored by itself (with what it rests on). */
export interface Copy {
  /** pgBackRest's label, restic's snapshot id. */
  readonly id: string;
  readonly target: string;
  readonly type: "full" | "differential" | "incremental";
  readonly class?: RepositoryClass;
  /** State of the data that it holds. */
  readonly at: string;
  /** What was read, before compression. */
  readonly bytes: number;
  /** Ids of copies that it rests on. */
  readonly needs: readonly string[];
  /** Of PostgreSQL: the log position at which it becomes consistent, and its timeline. */
  readonly stopPosition?: string;
  readonly timeline?: number;
}

export interface CopyList {
  readonly site: string;
  readonly at: string;
  readonly copies: readonly Copy[];
  /** By target, why its copies could not be listed. */
  readonly unknown: Readonly<Record<string, string>>;
}

export type Proof = TablesProof | FilesProof;

/** A digest checkpoint: every table's content at one position of the log. */
export interface TablesProof {
  readonly proof: "tables";
  readonly engine: "postgresql" | "mariadb";
  readonly at: string;
  /** PostgreSQL: the end of the last record replayed (`X/Y`); a restore to it is exclusive. MariaDB: the GTID position. */
  readonly position: string;
  /** Of PostgreSQL. */
  readonly timeline?: number;
  readonly tables: readonly TableDigest[];
}

export interface TableDigest {
  /** `<database>.<schema>.<table>`, of MariaDB `<database>.<table>`. */
  readonly name: string;
  readonly rows: number;
  /** Of the rows in order, as `COPY … TO STDOUT` writes them, or of MariaDB's values with their lengths. */
  readonly sha256: string;
}

/** The list of everything in a copy of files, which lies in the copy itself as `manifest.json`; its digest is what is signed. */
export interface FilesProof {
  readonly proof: "files";
  readonly at: string;
  readonly sha256: string;
  readonly entries: number;
  readonly bytes: number;
}

export interface DrillReport {
  readonly report: "drill";
  /** Of a whole application: that of its database. */
  readonly copy: Copy;
  /** Of a whole application: all that it was restored from. */
  readonly parts?: readonly DrilledPart[];
  readonly choice?: DrillChoice;
  /** How much it proves: everything as signed, or that rows written after the copy are there. */
  readonly proven: "exactly" | "sentinel" | "nothing";
  readonly passed: boolean;
  /** State of the data that was restored. */
  readonly restoredTo: string;
  readonly seconds: {
    readonly find: number;
    readonly fetch: number;
    readonly restore: number;
    readonly replay: number;
    readonly prove: number;
  };
  readonly bytes: number;
  /** How long it stood still because others needed the machine, in none of the other figures. Absent: it was a restore, or made before drills did. */
  readonly standingSeconds?: number;
  /** Until the engine took questions on the restored data; of a whole application until it served its page, without what was compared in between. */
  readonly rtoSeconds: number;
  readonly compared: readonly Compared[];
  /** Checks of the engine's own: `pg_amcheck`, `page checksums`, `mariadb-check`, `git fsck`, ... Of a whole application `page` and `upload`. */
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  /** What was found left after cleaning; empty where nothing was. */
  readonly left: readonly string[];
  readonly why?: Text;
}

export type DrilledPart = Pick<OrderPart, "target" | "copy" | "apartSeconds">;

/** A table, a file, a ref or an object. Of files only those that differ, and a sum, are told one by one. */
export interface Compared {
  readonly name: string;
  readonly same: boolean;
  /** What is compared, `rows` where it has some. */
  readonly expected: string | null;
  readonly received: string | null;
  readonly rows?: number;
}
