/** The jobs of a site, derived from the inventory's policies. Pure. */
import { classesOf, policyOf, RESTIC, uniqueTargets } from "../../../model/derive/backup-repositories.ts";
import type { BackupModel, BackupPolicyModel, BackupTarget } from "../../../model/types.ts";
import { stableHash } from "./slots.ts";
import { ANY, type Job, type Schedule } from "./types.ts";

const DAY = 86_400;
/** Start times lie within this time after the declared one. */
const SPREAD_SECONDS = 3600;
/** The scheduler ticks no oftener. */
const SHORTEST_CHECK_SECONDS = 60;
/** After the backups of a night. */
const HOURS_LATER = { "extend-locks": 3, expire: 4, "read-data": 5, prune: 6 } as const;

/** What is not needed any more goes from the bucket as a whole, whatever engine put it there. */
const STORE = "store";

/** Every job of a site, in order of target. Targets that others run have none. */
export function jobsOf(backup: BackupModel, site: string): Job[] {
  const spread = spreadOf(backup, site);
  const targets = uniqueTargets(backup).filter(({ engine }) => engine !== "foreign");
  const jobs = targets.flatMap((target) => jobsOfTarget(backup, target, spread));
  if (targets.length === 0) return jobs;
  const prune: Job = {
    id: `${STORE}/prune`,
    target: STORE,
    action: "prune",
    engine: "restic",
    schedule: everyFrom(DAY, HOURS_LATER.prune * 3600, STORE, spread),
  };
  const restic = targets.some(({ engine }) => engine !== "pgbackrest") ? [readRestic(spread)] : [];
  const drill = everyFrom(backup.drillEverySeconds, 0, "drill", spread);
  return [...jobs, ...restic, prune, { id: "drill", target: ANY, action: "drill", engine: "restic", schedule: drill }];
}

function jobsOfTarget(backup: BackupModel, target: BackupTarget, spread: Spread): Job[] {
  const policy = policyOf(backup, target);
  return [...backups(policy, target, spread), ...classBackups(policy, target, spread), ...care(policy, target, spread)];
}

/** The daily and weekly backups, in the repository that has all changes. */
function backups(policy: BackupPolicyModel, target: BackupTarget, spread: Spread): Job[] {
  const { fullEverySeconds, differentialEverySeconds, incrementalEverySeconds } = policy;
  const intervals = [
    ["full", fullEverySeconds],
    ["differential", differentialEverySeconds],
    ["incremental", incrementalEverySeconds],
  ] as const;
  return intervals.flatMap(([action, seconds]) =>
    seconds === undefined
      ? []
      : [job(target, action, everyFrom(seconds, policy.startsAtSeconds, target.id, spread), "base")],
  );
}

/** A full backup a month and a year, where the engine keeps each class in a repository of its own. restic keeps classes itself. */
function classBackups(policy: BackupPolicyModel, target: BackupTarget, spread: Spread): Job[] {
  if (target.engine !== "pgbackrest") return [];
  const atSeconds = (policy.startsAtSeconds + spread(target.id, SPREAD_SECONDS)) % DAY;
  return classesOf(policy.retention).flatMap((name) =>
    name === "base" ? [] : [job(target, "full", { kind: name, atSeconds }, name)],
  );
}

/** What keeps backups good: WAL and binary logs that arrive, locks that hold, room, and content that can still be read. */
function care(policy: BackupPolicyModel, target: BackupTarget, spread: Spread): Job[] {
  const daily = (action: Exclude<keyof typeof HOURS_LATER, "prune">): Job =>
    job(target, action, everyFrom(DAY, policy.startsAtSeconds + HOURS_LATER[action] * 3600, target.id, spread));
  // Twice in the accepted time: what one check found is still young enough when the next one has ended.
  const seconds = Math.max(SHORTEST_CHECK_SECONDS, Math.floor(policy.rpoSeconds / 2));
  const check = everyFrom(seconds, 0, target.id, spread);
  return [
    ...(policy.continuous && target.engine !== "restic" ? [job(target, "archive-check", check)] : []),
    daily("extend-locks"),
    daily("expire"),
    ...(target.engine === "pgbackrest" ? [daily("read-data")] : []),
  ];
}

/** The one repository of all targets that restic keeps. */
const readRestic = (spread: Spread): Job => ({
  id: `${RESTIC}/read-data`,
  target: RESTIC,
  action: "read-data",
  engine: "restic",
  schedule: everyFrom(DAY, HOURS_LATER["read-data"] * 3600, RESTIC, spread),
});

function job(target: BackupTarget, action: Job["action"], schedule: Schedule, name?: Job["class"]): Job {
  const { id, engine } = target;
  const suffix = name === undefined || name === "base" ? "" : `/${name}`;
  return { id: `${id}/${action}${suffix}`, target: id, action, engine, ...(name ? { class: name } : {}), schedule };
}

function everyFrom(seconds: number, startsAtSeconds: number, id: string, spread: Spread): Schedule {
  return { kind: "every", seconds, atSeconds: startsAtSeconds + spread(id, Math.min(seconds, SPREAD_SECONDS)) };
}

/** Seconds after the declared time, below `withinSeconds`, in whole minutes: the scheduler ticks once a minute. */
type Spread = (id: string, withinSeconds: number) => number;

/** Stable for a target; the same target's times at two sites, which ask the same primary, lie half of the time apart. */
function spreadOf({ targets }: BackupModel, site: string): Spread {
  const sites = [...new Set(targets.map((target) => target.site))];
  const share = Math.max(0, sites.indexOf(site)) / Math.max(1, sites.length);
  return (id, withinSeconds) => {
    const minutes = Math.max(1, Math.floor(withinSeconds / 60));
    return ((stableHash(id) + Math.floor(minutes * share)) % minutes) * 60;
  };
}
