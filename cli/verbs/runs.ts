import { writeFile } from "node:fs/promises";
import { wrongUse } from "../../io/errors.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { reportPage } from "../../runbooks/report/page.ts";
import { sheetOf } from "../../runbooks/report/sheet.ts";
import type { BegunView, RunItem, RunsView, RunView } from "../../services/ops/runbooks/views.ts";
import type { Exposed } from "../../services/ops/status.ts";
import { localTime, secondsText } from "../../web/cells.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { fromEach, sitesOf, warnOf } from "../backup/sites.ts";
import { modelOf } from "../context.ts";
import { headsForReport } from "../evidence/heads.ts";
import { warnExposed } from "../exposure.ts";
import type { Options } from "../options.ts";
import { language, say } from "../output/language.ts";
import { table } from "../output/table.ts";
import { askRunbooksOf, look, order } from "../runbooks/ask.ts";
import { ending } from "../runbooks/follow.ts";
import { attached } from "./runbook.ts";

/** What was run, and one run by itself. `ask`: how a site is asked; default: in its container. */
export async function runs(options: Options, ask?: AskOps): Promise<number> {
  const [what = "list", id, ...rest] = options.words;
  if (rest.length === 0 && what === "list" && id === undefined) return list(options, ask);
  if (rest.length === 0 && what === "show" && id !== undefined) return show(options, id, ask);
  throw wrongUse(
    { id: `"runs ${options.words.join(" ")}" tidak dikenal`, en: `"runs ${options.words.join(" ")}" is not known` },
    {
      id: "runs list, runs show <pelaksanaan> [--to <berkas.html>]",
      en: "runs list, runs show <run> [--to <file.html>]",
    },
  );
}

async function list(options: Options, given?: AskOps): Promise<number> {
  const model = await modelOf(options);
  const ask = given ?? askRunbooksOf(model);
  const { told, silent } = await fromEach(sitesOf(options, model), (site) => look<RunsView & Exposed>(ask, site));
  const items = told.flatMap((one) => one.items).sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  const waiting = told.flatMap((one) => one.waiting);
  if (options.json) process.stdout.write(`${JSON.stringify({ region: model.region.id, items, waiting }, null, 2)}\n`);
  else {
    process.stdout.write(`${runsTable(items, model)}\n`);
    for (const { plan, digest, approvedBy, needed } of waiting)
      process.stdout.write(
        `${say({
          id: `menunggu persetujuan (${approvedBy.length} dari ${needed}): ${plan.title.id}: ${digest.slice(0, 12)}`,
          en: `waits for approvals (${approvedBy.length} of ${needed}): ${plan.title.en}: ${digest.slice(0, 12)}`,
        })}\n`,
      );
  }
  warnExposed(model, told);
  warnOf(silent);
  return silent.length > 0 ? 3 : 0;
}

export function runsTable(items: readonly RunItem[], { region }: Pick<Model, "region">): string {
  const columns = [
    { title: say({ id: "pelaksanaan", en: "run" }) },
    { title: say({ id: "mulai", en: "began" }) },
    { title: "epoch", align: "right" as const },
    { title: say({ id: "hasil", en: "result" }) },
    { title: say({ id: "tulisan terhenti", en: "writes stopped" }), align: "right" as const },
    { title: say({ id: "bukti", en: "evidence" }) },
  ];
  const rows = items.map(({ id, startedAt, epoch, result, writesStoppedSeconds, evidence }) => [
    id,
    startedAt === "" ? "–" : localTime(startedAt, region.timezone),
    String(epoch),
    say(RESULTS[result]),
    writesStoppedSeconds === null ? "?" : secondsText(writesStoppedSeconds, language()),
    evidence ?? "–",
  ]);
  return rows.length === 0 ? say({ id: "belum ada pelaksanaan", en: "there were no runs" }) : table(columns, rows);
}

const RESULTS: Readonly<Record<RunItem["result"], { readonly id: string; readonly en: string }>> = {
  succeeded: { id: "selesai", en: "done" },
  failed: { id: "GAGAL", en: "FAILED" },
  aborted: { id: "dibatalkan", en: "aborted" },
  interrupted: { id: "TERHENTI", en: "INTERRUPTED" },
  running: { id: "berjalan", en: "running" },
  damaged: { id: "JURNAL RUSAK", en: "JOURNAL DAMAGED" },
};

async function show(options: Options, id: string, given?: AskOps): Promise<number> {
  const model = await modelOf(options);
  const ask = given ?? askRunbooksOf(model);
  const { site, view } = await findRun(id, options, model, ask);
  warnExposed(model, [{ ...view, site: site.id }]);
  const { report, evidence } = view;
  if (options.to !== undefined) {
    const { heads } = await headsForReport(options);
    const signed = { evidence, heads: heads.map(({ number, ...head }) => ({ ...head, last: number })) };
    await writeFile(options.to, reportPage(sheetOf(report, model.region, signed), language(), model.region.timezone));
    process.stderr.write(`${say({ id: `ditulis: ${options.to}`, en: `written: ${options.to}` })}\n`);
  }
  const { text, code } = ending(view, { model });
  if (options.json) process.stdout.write(`${JSON.stringify(view, null, 2)}\n`);
  else if (options.to === undefined) process.stdout.write(text);
  return view.running ? 0 : code;
}

/** At whichever site has it. @throws LumbungError (3) where a site that may have it is silent, (2) where none has it. */
async function findRun(
  run: string,
  options: Options,
  model: Model,
  ask: AskOps,
): Promise<{ readonly site: SiteModel; readonly view: RunView & Exposed }> {
  const { told, silent } = await fromEach(sitesOf(options, model), async (site) => {
    const { items } = await look<RunsView>(ask, site);
    return items.some(({ id }) => id === run)
      ? { site, view: await look<RunView & Exposed>(ask, site, run) }
      : undefined;
  });
  const found = told.find((one) => one !== undefined);
  if (found !== undefined) return found;
  warnOf(silent);
  if (silent[0] !== undefined) throw silent[0];
  throw wrongUse(
    { id: `pelaksanaan "${run}" tidak ada`, en: `there is no run "${run}"` },
    { id: "lihat namanya: lumbung runs", en: "see the names: lumbung runs" },
  );
}

/** Goes on with a run that was paused, failed or cut off, and follows it. */
export const resume = (options: Options, ask?: AskOps): Promise<number> =>
  change(options, 1, ask, async ({ run, site, model, tell }) => {
    await order<BegunView>(tell, site, { verb: "resume", run });
    return attached(run, options, { ask: tell, model, site });
  });

export const paused = (options: Options, ask?: AskOps): Promise<number> =>
  change(options, 1, ask, async ({ run, site, tell }) => {
    await order(tell, site, { verb: "pause", run });
    process.stdout.write(`${say({ id: "dijeda sesudah langkah ini", en: "pauses after this step" })}\n`);
    return 0;
  });

/** Takes back what was begun, before the point of no return. */
export const aborted = (options: Options, ask?: AskOps): Promise<number> =>
  change(options, 1, ask, async ({ run, site, model, tell }) => {
    await order(tell, site, { verb: "abort", run, ...decision(options) });
    await attached(run, options, { ask: tell, model, site });
    return 0;
  });

export const skipped = (options: Options, ask?: AskOps): Promise<number> =>
  change(options, 2, ask, async ({ run, site, tell }) => {
    const step = options.words[1] ?? "";
    await order(tell, site, { verb: "skip", run, step, ...decision(options) });
    process.stdout.write(
      `${say({ id: `dilewati: ${step}; lanjutkan: lumbung resume ${run}`, en: `skipped: ${step}; go on: lumbung resume ${run}` })}\n`,
    );
    return 0;
  });

interface Changing {
  readonly run: string;
  readonly site: SiteModel;
  readonly model: Model;
  readonly tell: AskOps;
}

async function change(
  options: Options,
  words: number,
  given: AskOps | undefined,
  work: (changing: Changing) => Promise<number>,
): Promise<number> {
  const [run] = options.words;
  if (run === undefined || options.words.length !== words)
    throw wrongUse(
      {
        id: `diharapkan ${words === 1 ? "nama pelaksanaan" : "nama pelaksanaan dan langkah"}`,
        en: `expected ${words === 1 ? "a run's name" : "the names of a run and of a step"}`,
      },
      { id: "lihat namanya: lumbung runs", en: "see the names: lumbung runs" },
    );
  const model = await modelOf(options);
  const tell = given ?? askRunbooksOf(model);
  const { site } = await findRun(run, options, model, tell);
  return work({ run, site, model, tell });
}

/** @throws LumbungError (2) without a reason and the role that decides. */
function decision({ reason, by }: Options): { readonly reason: string; readonly by: string } {
  if (reason !== undefined && by !== undefined) return { reason, by };
  throw wrongUse(
    { id: "perlu alasan dan peran yang memutuskan", en: "needs a reason and the role that decides" },
    { id: '--reason "…" --by <peran>', en: '--reason "…" --by <role>' },
  );
}
