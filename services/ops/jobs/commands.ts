/** What a run asks the repository host to do, as lists of words: pure. Keys and passwords are in files that the words name, never in the words. */
import { type RepositoryClass, repositoryNumber } from "../../../model/derive/backup-repositories.ts";
import type { Retention } from "../../../model/types.ts";
import type { Job } from "./types.ts";

const CONF = "/run/backup/pgbackrest.conf";
/** restic waits so long for a lock that another run holds. */
const LOCK_WAIT = "15m";

export interface PgContext {
  /** Whether the site is standby: then files are copied from its own server, and the primary only begins and ends the backup. */
  readonly standby: boolean;
}

const pgTypes = { full: "full", differential: "diff", incremental: "incr" } as const;

/** Words for pgBackRest. @throws for an action that is none of pgBackRest's, and for a job of another engine. */
export function pgbackrestWords(job: Job, { standby }: PgContext): readonly string[] {
  const [kind, stanza = ""] = job.target.split(":");
  if (job.engine !== "pgbackrest" || kind !== "postgresql" || stanza === "")
    throw new Error(`pgbackrestWords: expected a job of postgresql:<server>, received ${job.id}`);
  const base = ["pgbackrest", `--config=${CONF}`, `--stanza=${stanza}`];
  switch (job.action) {
    case "full":
    case "differential":
    case "incremental":
      return [
        ...base,
        repository(job.class ?? "base"),
        `--type=${pgTypes[job.action]}`,
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
      return [...base, repository("base"), "verify"];
    case "extend-locks":
    case "drill":
      throw new Error(`pgbackrestWords: ${job.action} is none of pgBackRest's commands`);
  }
}

const repository = (name: RepositoryClass): string => `--repo=${repositoryNumber[name]}`;

export interface ResticContext {
  readonly site: string;
  /** What is backed up: absolute paths. */
  readonly paths: readonly string[];
  readonly retention: Retention;
  readonly slice: number;
  readonly slices: number;
}

/** Words for restic. @throws for an action that is none of restic's. */
export function resticWords(job: Job, { site, paths, retention, slice, slices }: ResticContext): readonly string[] {
  const base = ["restic", "--retry-lock", LOCK_WAIT, "--quiet"];
  switch (job.action) {
    case "full":
    case "differential":
    case "incremental":
      return [...base, "backup", "--json", "--host", site, "--tag", job.target, "--", ...paths];
    case "expire":
      return [...base, "forget", "--host", site, "--tag", job.target, "--group-by", "host,tags", ...keep(retention)];
    case "read-data":
      return [...base, "check", `--read-data-subset=${slice}/${slices}`];
    case "archive-check":
    case "extend-locks":
    case "drill":
      throw new Error(`resticWords: ${job.action} is none of restic's commands`);
  }
}

/** restic takes 0 for "not by this rule"; a policy that keeps nothing at all is refused by the inventory. */
function keep(retention: Retention): string[] {
  const { daily, weekly, monthly, yearly } = retention;
  const rules = { daily, weekly, monthly, yearly };
  return Object.entries(rules).flatMap(([name, count]) => (count > 0 ? [`--keep-${name}`, String(count)] : []));
}
