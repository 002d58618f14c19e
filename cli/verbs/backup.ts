import { systemClock } from "../../io/clock.ts";
import { wrongUse } from "../../io/errors.ts";
import type { SiteModel, Text } from "../../model/types.ts";
import { type BackupAction, backupActions } from "../../services/ops/jobs/types.ts";
import type { CoverageView, JobsView, JobView } from "../../services/ops/jobs/views.ts";
import type { Exposed } from "../../services/ops/status.ts";
import { type AskOps, askJson, askOpsOf } from "../backup/ask-ops.ts";
import { coverageExit, regionCoverage } from "../backup/coverage.ts";
import { followAll, type Wanted } from "../backup/follow.ts";
import { backupsOf, fromEach, sitesOf, warnOf } from "../backup/sites.ts";
import { coverageText, jobsText, runsText, shareLine } from "../backup/tables.ts";
import { modelOf } from "../context.ts";
import { exportCopy, importCopy } from "../copies/verbs.ts";
import { engineOf } from "../engine.ts";
import { warnExposed } from "../exposure.ts";
import type { Options } from "../options.ts";

/** What is backed up, when, and how well; and a backup out of turn. `ask`: how a site is asked; default: in its container. */
export async function backup(options: Options, ask?: AskOps): Promise<number> {
  const [what, ...rest] = options.words;
  if (rest.length === 0) {
    if (what === "run") return run(options, ask);
    if (what === "list" || what === undefined) return list(options, ask);
    if (what === "coverage") return covered(options, ask);
    if (what === "export") return exportCopy(options);
    if (what === "import") return importCopy(options);
  }
  throw wrongUse(
    { id: `"backup ${options.words.join(" ")}" tidak dikenal`, en: `"backup ${options.words.join(" ")}" is not known` },
    {
      id: "backup run [--target <sasaran>] [--site <situs>] [--type full|differential|incremental], backup list, backup coverage, backup export --to <folder>, backup import --from <folder>",
      en: "backup run [--target <target>] [--site <site>] [--type full|differential|incremental], backup list, backup coverage, backup export --to <folder>, backup import --from <folder>",
    },
  );
}

async function covered(options: Options, given?: AskOps): Promise<number> {
  const model = await modelOf(options);
  const backups = backupsOf(model);
  const ask = given ?? askOpsOf(model.region.id, engineOf);
  const sites = sitesOf(options, model);
  const { told, silent } = await fromEach(sites, (site) => askJson<CoverageView & Exposed>(ask, site, "coverage"));
  const result = regionCoverage({ region: model.region, sites }, backups, told, systemClock.now());
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : coverageText(result));
  warnExposed(model, told);
  warnOf(silent);
  return coverageExit(result, new Set(told.map(({ site }) => site)), silent.length);
}

async function list(options: Options, given?: AskOps): Promise<number> {
  const model = await modelOf(options);
  const backups = backupsOf(model);
  const ask = given ?? askOpsOf(model.region.id, engineOf);
  const sites = sitesOf(options, model);
  const { told, silent } = await fromEach(sites, async (site) => ({
    jobs: await askJson<JobsView>(ask, site, "jobs"),
    coverage: await askJson<CoverageView & Exposed>(ask, site, "coverage"),
  }));
  const heard = told.map(({ coverage }) => coverage);
  const result = regionCoverage({ region: model.region, sites }, backups, heard, systemClock.now());
  const { share, covered: good, declared, elsewhere } = result;
  if (options.json) {
    const shown = {
      region: model.region.id,
      share,
      covered: good,
      declared,
      elsewhere,
      sites: told.map(({ jobs }) => jobs),
    };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  } else {
    const parts = [...told.map(({ jobs }) => jobsText(jobs, model.region.timezone)), shareLine(result)];
    process.stdout.write(`${parts.join("\n\n")}\n`);
  }
  warnExposed(model, heard);
  warnOf(silent);
  return silent.length > 0 ? 3 : 0;
}

async function run(options: Options, given?: AskOps): Promise<number> {
  const model = await modelOf(options);
  const backups = backupsOf(model);
  const type = typeOption(options);
  if (options.target !== undefined) knownTarget(options.target, backups.targets);
  const ask = given ?? askOpsOf(model.region.id, engineOf);
  const { told, silent } = await fromEach(sitesOf(options, model), async (site) => ({
    site,
    jobs: await askJson<JobsView & Exposed>(ask, site, "jobs"),
  }));
  warnExposed(
    model,
    told.map(({ jobs }) => jobs),
  );
  const wanted = told.flatMap(({ site, jobs }) => wantedOf(site, jobs.jobs, options.target, type));
  const idle = told.filter(({ site }) => !wanted.some((one) => one.site === site));
  const followed = await followAll(wanted, {
    ask,
    title: ({ site, asked }) => ({
      id: `cadangan ${asked.target} di ${site.id} (${asked.action})`,
      en: `backup of ${asked.target} at ${site.id} (${asked.action})`,
    }),
  });
  const { runs, silent: lost } = followed;
  const unknown = idle.map(({ site }) => ({ site: site.id, target: options.target ?? "–", why: UNKNOWN }));
  const notBegun = [...followed.notBegun, ...unknown];
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ region: model.region.id, items: runs, notBegun }, null, 2)}\n`
      : `${runsText(runs, notBegun)}\n`,
  );
  warnOf([...silent, ...lost]);
  if (notBegun.length > 0 || runs.some(({ state }) => state !== "succeeded")) return 1;
  return silent.length + lost.length > 0 ? 3 : 0;
}

const UNKNOWN: Text = {
  id: "ops situs itu belum tahu sasaran ini: jalankan `lumbung up`",
  en: "ops of that site does not know of it yet: run `lumbung up`",
};

/** @throws LumbungError (2) where --type is no kind of backup. */
function typeOption({ type }: Options): BackupAction | undefined {
  const found = backupActions.find((one) => one === type);
  if (type === undefined || found !== undefined) return found;
  throw wrongUse(
    {
      id: `--type: diharapkan ${backupActions.join(", ")}, diterima "${type}"`,
      en: `--type: expected ${backupActions.join(", ")}, received "${type}"`,
    },
    { id: "tanpa --type: yang terkecil menurut kebijakannya", en: "without --type: the smallest that its policy has" },
  );
}

/** @throws LumbungError (2) where the target is not declared, or others run it. */
export function knownTarget(
  target: string,
  targets: readonly { readonly id: string; readonly engine: string }[],
): void {
  const found = targets.find(({ id }) => id === target);
  if (found && found.engine !== "foreign") return;
  const own = [...new Set(targets.filter(({ engine }) => engine !== "foreign").map(({ id }) => id))].join(", ");
  throw wrongUse(
    found
      ? { id: `sasaran "${target}" dijalankan pihak lain`, en: `target "${target}" is run by others` }
      : { id: `sasaran "${target}" tidak dinyatakan`, en: `target "${target}" is not declared` },
    { id: `--target salah satu dari: ${own}`, en: `--target is one of: ${own}` },
  );
}

/** Of each target the backup that was asked for, or the next larger that its policy has: restic has full ones alone. */
function wantedOf(
  site: SiteModel,
  jobs: readonly JobView[],
  target: string | undefined,
  type: BackupAction | undefined,
): Wanted[] {
  const base = jobs.filter((job) => job.class === "base" && (target === undefined || job.target === target));
  const smallest = type === undefined ? backupActions.length : backupActions.indexOf(type);
  return [...new Set(base.map((job) => job.target))].flatMap((id) => {
    const there = backupActions.filter((action) => base.some((job) => job.target === id && job.action === action));
    const action = there.filter((one) => backupActions.indexOf(one) <= smallest).at(-1);
    return action === undefined ? [] : [{ site, asked: { target: id, action } }];
  });
}
