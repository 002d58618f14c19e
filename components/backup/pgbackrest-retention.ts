/** What pgBackRest keeps in each repository, from the declared classes (pgBackRest configuration, "Repository options"). */
import type { RepositoryClass } from "../../model/derive/backup-repositories.ts";
import type { BackupPolicyModel } from "../../model/types.ts";

const DAY = 86_400;
const WEEK = 7 * DAY;

export interface RepositoryRetention {
  /** Full backups that are kept, and with each all that rest on it. */
  readonly full: number;
  /** Full backups, counted from the newest, since which every WAL segment is kept: any moment since can be restored. Of older ones, what makes them consistent. */
  readonly archive: number;
}

/**
 * A full backup is let go only when newer ones cover what was declared: hence one more than fit into the time.
 * Days can be restored to any moment; weeks, months and years as of their backups.
 */
export function repositoryRetention(policy: BackupPolicyModel, name: RepositoryClass): RepositoryRetention {
  const { fullEverySeconds, continuous, retention } = policy;
  const { daily, weekly, monthly, yearly } = retention;
  switch (name) {
    case "base": {
      const days = Math.ceil((daily * DAY) / fullEverySeconds) + 1;
      const weeks = Math.ceil((weekly * WEEK) / fullEverySeconds);
      const full = Math.max(days, weeks);
      return { full, archive: continuous ? Math.min(days, full) : 1 };
    }
    case "monthly":
      return { full: Math.max(1, monthly), archive: 1 };
    case "yearly":
      return { full: Math.max(1, yearly), archive: 1 };
  }
}
