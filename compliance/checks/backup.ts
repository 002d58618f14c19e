/** Backups and drills, from the signed statements of each site's own. */
import { text } from "../../model/text.ts";
import type { BackupTarget, Text } from "../../model/types.ts";
import type { Facts } from "../facts.ts";
import { fieldsOf, type Seen } from "../seen.ts";
import { type Checks, each, type Looked, notApplicable, type Thing, type WayOptions, when } from "./check.ts";
import { thingOf } from "./fresh.ts";

export const backupChecks: Checks = {
  "bak.all/every-target-covered": (facts, options) => ({
    things: [...ownTargets(facts).map((target) => covered(facts, target, options)), ...lacking(facts)],
    none: NO_BACKUPS,
  }),
  "bak.separate/copies-at-the-other-site": (facts, options) => atRecovery(facts, options),
  "bak.dc-to-drc/every-target-covered-there": (facts, options) => atRecovery(facts, options),
  "bak.archive/archive-backed-up": (facts, options) => {
    const apart = new Set([facts.inventory.backup?.bucket, facts.inventory.backup?.evidenceBucket]);
    const archives = (facts.inventory.objectStore?.buckets ?? [])
      .filter(({ id, lockDays }) => lockDays > 0 && !apart.has(id))
      .map(({ id }) => `objects:${id}`);
    return {
      things: ownTargets(facts)
        .filter(({ id }) => archives.includes(id))
        .map((target) => covered(facts, target, options)),
      none: { applicable: true, reason: text("tidak ada bucket arsip yang terkunci", "there is no locked archive") },
    };
  },
  "bak.opd-to-dc/policy-for-local-servers": ({ inventory, applications }) =>
    each(
      [
        ...inventory.databaseServers.filter(
          ({ operatedBy }) => operatedBy !== undefined && operatedBy !== inventory.region.operator,
        ),
        ...applications.filter(({ hostedBy, status }) => hostedBy === "opd" && status === "running"),
      ],
      (one) => ("engine" in one ? `server ${one.id}` : one.id),
      ({ backup }) => when(backup === undefined, "tanpa kebijakan cadangan", "without a backup policy"),
      notApplicable("tidak ada server OPD di luar pusat data", "no agency runs a server outside the data centre"),
    ),
  "bak.restorable/newest-drill-passed": (facts, options) => ({
    things: ownTargets(facts).map(({ site, id }) =>
      thingOf(facts, `${site}/${id}`, [facts.seen.of("drill", `${site}/${id}`)], options, drillProblem),
    ),
    none: NO_BACKUPS,
  }),
};

const NO_BACKUPS: NonNullable<Looked["none"]> = {
  applicable: true,
  reason: text("tidak ada cadangan yang dinyatakan berjalan", "no backups are declared running"),
};

/** Those that this region's own sites take; what others run is judged by another duty. */
function ownTargets({ model }: Facts): readonly BackupTarget[] {
  return model.backup?.targets.filter(({ engine }) => engine !== "foreign") ?? [];
}

/** Declared, holding data, and without any policy. */
function lacking({ model }: Facts): Thing[] {
  return (model.backup?.without ?? [])
    .filter(({ holdsData, kind }) => holdsData && kind !== "application")
    .map(({ id, reason }) => ({ name: id, verdict: "failing", why: reason }));
}

function atRecovery(facts: Facts, options: WayOptions): Looked {
  const recovery = new Set(
    facts.model.sites.filter(({ designation }) => designation === "recovery").map(({ id }) => id),
  );
  return {
    things: ownTargets(facts)
      .filter(({ site }) => recovery.has(site))
      .map((target) => covered(facts, target, options)),
    none: NO_BACKUPS,
  };
}

/** The newest copy is young enough; without one, the newest attempt says why. */
function covered(facts: Facts, { site, id }: BackupTarget, options: WayOptions): Thing {
  const attempts = facts.seen.of("backup", `${site}/${id}`).filter(isCopy);
  const copies = attempts.filter(succeeded);
  const name = `${site}/${id}`;
  const thing = thingOf(facts, name, [copies], options, () => undefined);
  if (thing.verdict === "ok") return thing;
  const failed = thingOf(facts, name, [attempts], options, attemptProblem);
  return failed.verdict === "failing" ? failed : thing;
}

/** Checks of archives and care of a repository make no copy. */
function isCopy({ observed }: Seen): boolean {
  const { action } = fieldsOf(fieldsOf(observed).run);
  return action === "full" || action === "differential" || action === "incremental";
}

const succeeded = ({ observed }: Seen): boolean => fieldsOf(observed).result === "succeeded";

const attemptProblem = ({ result, why }: Readonly<Record<string, unknown>>): Text | undefined =>
  when(result !== "succeeded", `gagal: ${wordsOf(why).id}`, `failed: ${wordsOf(why).en}`);

function drillProblem({ result, report, why }: Readonly<Record<string, unknown>>): Text | undefined {
  const { passed, proven } = fieldsOf(report);
  return (
    when(
      passed !== true || result !== "succeeded",
      `tidak pulih: ${wordsOf(why).id}`,
      `did not restore: ${wordsOf(why).en}`,
    ) ?? when(proven === "nothing", "isinya tidak dibandingkan", "its content was not compared")
  );
}

function wordsOf(why: unknown): Text {
  const { id, en } = fieldsOf(why);
  return text(
    typeof id === "string" ? id : "tanpa sebab yang tercatat",
    typeof en === "string" ? en : "no cause on record",
  );
}
