/** Which repositories a site's backups have, each with a key of its own. pgBackRest keeps one retention per repository: hence one per class. */
import type { BackupModel, BackupTarget, Model, Retention } from "../types.ts";

/** Class of a repository: `base` has the daily and weekly backups, and all WAL. */
export type RepositoryClass = "base" | "monthly" | "yearly";

/** pgBackRest's number of each class's repository: fixed, so that a class that comes or goes moves no other. */
export const repositoryNumber: Readonly<Record<RepositoryClass, number>> = { base: 1, monthly: 2, yearly: 3 };

/** The one restic repository of a site: files, code, zones, state, inventory, evidence, and MariaDB's physical copies. */
export const RESTIC = "restic";

/** Classes that a retention keeps, in order of number. */
export function classesOf({ monthly, yearly }: Retention): RepositoryClass[] {
  return ["base", ...(monthly > 0 ? (["monthly"] as const) : []), ...(yearly > 0 ? (["yearly"] as const) : [])];
}

/** `postgresql:utama/base`, …, `restic`; none where no backups run. */
export function backupRepositories({ backup }: Pick<Model, "backup">): string[] {
  if (backup === undefined) return [];
  const servers = uniqueTargets(backup).filter(({ engine }) => engine === "pgbackrest");
  return [
    ...servers.flatMap((target) =>
      classesOf(policyOf(backup, target).retention).map((name) => repositoryName(target.id, name)),
    ),
    RESTIC,
  ];
}

export const repositoryName = (target: string, name: RepositoryClass): string => `${target}/${name}`;

/** Each target once, without its sites. */
export function uniqueTargets({ targets }: Pick<BackupModel, "targets">): BackupTarget[] {
  return [...new Map([...targets].reverse().map((target) => [target.id, target])).values()].reverse();
}

/** The target's policy. @throws where it is not declared, which the loader refuses before. */
export function policyOf(
  { policies }: Pick<BackupModel, "policies">,
  { id, policy }: Pick<BackupTarget, "id" | "policy">,
) {
  const found = policies.find((one) => one.id === policy);
  if (!found) throw new RangeError(`policyOf: ${id}: expected policy "${policy}" among those declared, received none`);
  return found;
}
