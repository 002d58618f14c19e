import { writeFile } from "node:fs/promises";
import { systemClock } from "../../io/clock.ts";
import { wrongUse } from "../../io/errors.ts";
import type { BackupModel, Model, SiteModel, Text } from "../../model/types.ts";
import type { DrillItem, DrillRecord } from "../../services/ops/jobs/drills.ts";
import { type DrillChoice, drillChoices } from "../../services/ops/jobs/types.ts";
import type { CoverageView, DrillsView } from "../../services/ops/jobs/views.ts";
import type { Exposed } from "../../services/ops/status.ts";
import { type AskOps, askJson, askOpsOf } from "../backup/ask-ops.ts";
import { regionCoverage } from "../backup/coverage.ts";
import { drillPage } from "../backup/drill-page.ts";
import { drillText } from "../backup/drill-text.ts";
import { momentOf } from "../backup/figures.ts";
import { type Followed, followAll, type Wanted } from "../backup/follow.ts";
import { type Answers, backupsOf, fromEach, sitesOf, warnOf } from "../backup/sites.ts";
import { drillsText, shareLine } from "../backup/tables.ts";
import { modelOf } from "../context.ts";
import { engineOf } from "../engine.ts";
import { headsForReport } from "../evidence/heads.ts";
import { warnExposed } from "../exposure.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { knownTarget } from "./backup.ts";

/** Restoring copies and comparing what came out: now, before, and one by itself. `ask`: how a site is asked; default: in its container. */
export async function drill(options: Options, ask?: AskOps): Promise<number> {
  const [what, id, ...rest] = options.words;
  if (rest.length === 0) {
    if (what === "run" && id === undefined) return run(options, ask);
    if ((what === "list" || what === undefined) && id === undefined) return list(options, ask);
    if (what === "show" && id !== undefined) return show(options, id, ask);
  }
  throw wrongUse(
    { id: `"drill ${options.words.join(" ")}" tidak dikenal`, en: `"drill ${options.words.join(" ")}" is not known` },
    {
      id: "drill run [--all | --target <sasaran>] [--site <situs>] [--choice newest|oldest|random] [--until <waktu>], drill list, drill show <latihan> [--to <berkas.html>]",
      en: "drill run [--all | --target <target>] [--site <site>] [--choice newest|oldest|random] [--until <time>], drill list, drill show <drill> [--to <file.html>]",
    },
  );
}

interface Heard {
  readonly site: SiteModel;
  readonly coverage: CoverageView & Exposed;
  readonly drills: DrillsView;
}

function hear(ask: AskOps, sites: readonly SiteModel[]): Promise<Answers<Heard>> {
  return fromEach(sites, async (site) => ({
    site,
    coverage: await askJson<CoverageView & Exposed>(ask, site, "coverage"),
    drills: await askJson<DrillsView>(ask, site, "drills"),
  }));
}

async function list(options: Options, given?: AskOps): Promise<number> {
  const model = await modelOf(options);
  const sites = sitesOf(options, model);
  backupsOf(model);
  const { told, silent } = await hear(given ?? askOpsOf(model.region.id, engineOf), sites);
  const items = told.flatMap(({ drills }) => drills.items).sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ region: model.region.id, items }, null, 2)}\n`
      : `${drillsText(items, [], model.region.timezone)}\n\n${share(model, sites, told)}\n`,
  );
  warnExposed(model, told.map(coverageOf));
  warnOf(silent);
  return silent.length > 0 ? 3 : 0;
}

const coverageOf = ({ coverage }: Heard): CoverageView & Exposed => coverage;

/** How much counts now: what a list of drills is for. */
function share(model: Model, sites: readonly SiteModel[], heard: readonly Heard[]): string {
  const facts = heard.map(coverageOf);
  return shareLine(regionCoverage({ region: model.region, sites }, backupsOf(model), facts, systemClock.now()));
}

async function show(options: Options, id: string, given?: AskOps): Promise<number> {
  const model = await modelOf(options);
  backupsOf(model);
  const ask = given ?? askOpsOf(model.region.id, engineOf);
  const { told, silent } = await fromEach(sitesOf(options, model), async (site) => ask(site, ["drill", id]));
  const found = told.find(({ code }) => code === 0);
  if (found === undefined) {
    warnOf(silent);
    if (silent.length > 0) return 3;
    throw wrongUse(
      { id: `latihan "${id}" tidak ada`, en: `there is no drill "${id}"` },
      { id: "lihat namanya: lumbung drill list", en: "see the names: lumbung drill list" },
    );
  }
  const record = JSON.parse(found.text) as DrillRecord;
  if (options.to !== undefined) {
    await writeFile(options.to, drillPage(record, { region: model.region, heads: await headsForReport(options) }));
    process.stderr.write(`${say({ id: `ditulis: ${options.to}`, en: `written: ${options.to}` })}\n`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
  else if (options.to === undefined) process.stdout.write(drillText(record, model.region.timezone));
  return record.passed ? 0 : 1;
}

async function run(options: Options, given?: AskOps): Promise<number> {
  const model = await modelOf(options);
  const backups = backupsOf(model);
  const chosen = choiceOf(options, model);
  if (options.target !== undefined)
    knownTarget(options.target, [
      ...backups.targets,
      ...(backups.applications ?? []).map(({ id }) => ({ id, engine: "application" })),
    ]);
  const sites = sitesOf(options, model);
  const ask = given ?? askOpsOf(model.region.id, engineOf);
  const { told, silent } = await hear(ask, sites);
  warnExposed(model, told.map(coverageOf));
  const wanted = told.flatMap(({ site, coverage, drills }) =>
    targetsOf(options, backups, coverage, drills).map(
      (target): Wanted => ({ site, asked: { target, action: "drill", ...chosen } }),
    ),
  );
  const idle = told.filter(({ site }) => !wanted.some((one) => one.site === site));
  const followed = await followAll(wanted, {
    ask,
    title: ({ site, asked }) => ({
      id: `latihan pemulihan ${asked.target} di ${site.id}`,
      en: `restore drill of ${asked.target} at ${site.id}`,
    }),
  });
  const items = await itemsOf(ask, sites, followed);
  const notBegun = [...followed.notBegun, ...idle.map(({ site }) => ({ site: site.id, target: "–", why: NOTHING }))];
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ region: model.region.id, items, notBegun }, null, 2)}\n`
      : `${drillsText(items, notBegun, model.region.timezone)}\n`,
  );
  warnOf([...silent, ...followed.silent]);
  if (notBegun.length > 0 || followed.runs.some(({ state }) => state !== "succeeded")) return 1;
  return silent.length + followed.silent.length > 0 ? 3 : 0;
}

/** What was asked for; without --all and --target the one, of those with a copy, that was drilled longest ago. */
function targetsOf(
  { all, target }: Options,
  { targets, applications = [] }: BackupModel,
  { site, facts }: CoverageView,
  drills: DrillsView,
): string[] {
  if (target !== undefined) return [target];
  const own = [
    ...targets.filter((one) => one.site === site && one.engine !== "foreign").map(({ id }) => ({ id, parts: [id] })),
    ...applications.map(({ id, database, files }) => ({
      id,
      parts: [database, ...(files === undefined ? [] : [files])],
    })),
  ];
  if (all) return own.map(({ id }) => id);
  const lastOf = (one: string): string => drills.items.find((item) => item.target === one)?.startedAt ?? "";
  const hasCopy = (part: string): boolean => facts.some((fact) => fact.target === part && fact.newest !== undefined);
  const there = own.filter(({ parts }) => parts.every(hasCopy)).map(({ id }) => id);
  return there.sort((a, b) => (lastOf(a) < lastOf(b) ? -1 : 1)).slice(0, 1);
}

const NOTHING: Text = {
  id: "tidak ada cadangan yang dapat dipulihkan, atau ops belum menerima daftarnya",
  en: "there is no copy to restore, or ops has no list of them yet",
};

/** @throws LumbungError (2) where options do not go together or cannot be read. */
function choiceOf(options: Options, model: Model): { readonly choice?: DrillChoice; readonly until?: string } {
  const { choice, until, all, target } = options;
  if (all && target !== undefined)
    throw wrongUse({ id: "--all atau --target, tidak keduanya", en: "--all or --target, not both" });
  if (choice !== undefined && until !== undefined)
    throw wrongUse({ id: "--choice atau --until, tidak keduanya", en: "--choice or --until, not both" });
  if (until !== undefined && target === undefined)
    throw wrongUse(
      {
        id: "--until tanpa --target: hanya basis data dapat dipulihkan ke satu saat",
        en: "--until without --target: only databases can be restored to a moment",
      },
      {
        id: "--target postgresql:<server> atau mariadb:<server>",
        en: "--target postgresql:<server> or mariadb:<server>",
      },
    );
  const known = drillChoices.find((one) => one === choice);
  if (choice !== undefined && known === undefined)
    throw wrongUse({
      id: `--choice: diharapkan ${drillChoices.join(", ")}, diterima "${choice}"`,
      en: `--choice: expected ${drillChoices.join(", ")}, received "${choice}"`,
    });
  if (until === undefined) return known ? { choice: known } : {};
  const moment = momentOf(until, model.region.timezone);
  if (moment !== undefined) return { until: moment };
  throw wrongUse(
    { id: `--until: diharapkan waktu, diterima "${until}"`, en: `--until: expected a time, received "${until}"` },
    {
      id: 'misalnya --until "2026-03-01 10:15", waktu wilayah ini',
      en: 'for example --until "2026-03-01 10:15", in the region\'s time',
    },
  );
}

/** As the list tells of the drills that were run, in their order; one that its site no longer tells of has failed out of sight. */
async function itemsOf(ask: AskOps, sites: readonly SiteModel[], { runs }: Followed): Promise<DrillItem[]> {
  const { told } = await fromEach(sites, (site) => askJson<DrillsView>(ask, site, "drills"));
  const all = new Map(told.flatMap(({ items }) => items).map((item) => [item.id, item]));
  return runs.flatMap(({ id }) => all.get(id) ?? []);
}
