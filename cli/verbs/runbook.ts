import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../io/clock.ts";
import { refused, wrongUse } from "../../io/errors.ts";
import type { RunbookName } from "../../runbooks/runbook.ts";
import type { BegunView, PlanView, RunsView } from "../../services/ops/runbooks/views.ts";
import type { Exposed } from "../../services/ops/status.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { modelOf } from "../context.ts";
import { warnExposed } from "../exposure.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { askRunbooksOf, look, order, siteOfRuns } from "../runbooks/ask.ts";
import { ending, type Following, follow } from "../runbooks/follow.ts";
import { approvalKeys, approvedBy } from "../runbooks/keys.ts";
import { planText } from "../runbooks/plan-text.ts";

/** `ask`: how a site is asked; default: in its container. */
type RunbookVerb = (options: Options, ask?: AskOps) => Promise<number>;

export const switchover: RunbookVerb = (options, ask) => runbook("switchover", options, ask);
export const failover: RunbookVerb = (options, ask) => runbook("failover", options, ask);
export const failback: RunbookVerb = (options, ask) => runbook("failback", options, ask);
export const recoveryLost: RunbookVerb = (options, ask) => runbook("recovery-lost", options, ask);

/** Plan, approvals, run: one command, which shows all of it and may be left at any time. */
async function runbook(name: RunbookName, options: Options, given?: AskOps): Promise<number> {
  if (options.words.length > 0)
    throw wrongUse(
      { id: `"${options.words.join(" ")}" tidak dikenal`, en: `"${options.words.join(" ")}" is not known` },
      {
        id: `${name} [--to <situs>] [--plan] [--key <berkas> …] [--approval <berkas> …] [--supersedes <pelaksanaan>] [--detach]`,
        en: `${name} [--to <site>] [--plan] [--key <file> …] [--approval <file> …] [--supersedes <run>] [--detach]`,
      },
    );
  const model = await modelOf(options);
  const site = siteOfRuns(options, model, name);
  const ask = given ?? askRunbooksOf(model);
  // What is wrong with keys is told before anything is made.
  const keys = await approvalKeys(options, model);
  const files = await Promise.all((options.approval ?? []).map((path) => readFile(path)));
  const { exposure, ...view } = await order<PlanView & Partial<Exposed>>(ask, site, {
    ...{ verb: "plan", runbook: name },
    ...(options.to === undefined ? {} : { to: options.to }),
    ...(options.supersedes === undefined ? {} : { supersedes: options.supersedes }),
  });
  warnExposed(model, [{ site: site.id, ...(exposure === undefined ? {} : { exposure }) }]);
  const shown = options.json ? JSON.stringify(view, null, 2) : say(planText(view));
  if (options.plan) {
    process.stdout.write(`${shown}\n`);
    return 0;
  }
  process.stderr.write(`${say(planText(view))}\n`);
  let now = view;
  for (const bytes of [...files, ...keys.map((key) => approvedBy(view.plan, key, systemClock.now()))])
    now = await order<PlanView>(ask, site, { verb: "approve", approval: bytes.toString("base64") });
  await enough(now, options, { ask, model, site });
  const { run } = await order<BegunView>(ask, site, { verb: "begin", plan: view.digest });
  return attached(run, options, { ask, model, site });
}

/** Waits for approvals on a terminal; anywhere else says what is lacking. */
async function enough(view: PlanView, options: Options, { ask, site }: Following): Promise<void> {
  let seen: PlanView | undefined = view;
  const how = {
    id: `lumbung approve ${view.digest.slice(0, 12)} --region ${view.plan.region} --key <berkas kunci>`,
    en: `lumbung approve ${view.digest.slice(0, 12)} --region ${view.plan.region} --key <key file>`,
  };
  let told = -1;
  while (seen !== undefined && seen.approvedBy.length < seen.needed) {
    const lacking = {
      id: `persetujuan: ${seen.approvedBy.length} dari ${seen.needed}`,
      en: `approvals: ${seen.approvedBy.length} of ${seen.needed}`,
    };
    if (!process.stdin.isTTY || options.json) throw refused(lacking, how);
    if (told !== seen.approvedBy.length) process.stderr.write(`${say(lacking)} → ${say(how)}\n`);
    told = seen.approvedBy.length;
    await pause(2000);
    const { waiting } = await look<RunsView>(ask, site);
    seen = waiting.find(({ digest }) => digest === view.digest);
  }
  if (seen === undefined)
    throw refused(
      { id: "rencana hilang: ops dimulai ulang", en: "the plan is gone: ops restarted" },
      { id: "ulangi", en: "try again" },
    );
}

/** Follows a run to its end, unless told to let it be. */
export async function attached(run: string, options: Options, following: Following): Promise<number> {
  const hint = {
    id: `${run} dijalankan di ${following.site.id}; layar ini boleh ditutup: lumbung runs show ${run}`,
    en: `${run} is carried out at ${following.site.id}; this screen may be closed: lumbung runs show ${run}`,
  };
  process.stderr.write(`${say(hint)}\n`);
  if (options.detach) {
    process.stdout.write(options.json ? `${JSON.stringify({ run })}\n` : `${run}\n`);
    return 0;
  }
  const view = await follow(run, following);
  warnExposed(following.model, [{ ...view, site: following.site.id }]);
  const { text, code } = ending(view, following);
  process.stdout.write(options.json ? `${JSON.stringify(view.report, null, 2)}\n` : text);
  return code;
}
