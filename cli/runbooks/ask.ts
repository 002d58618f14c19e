/** Asking a site's `ops` about runbooks, and telling it what to do: in its container, so that nothing but the engine has to be reachable. */
import { type ExitCode, LumbungError, refused, wrongUse } from "../../io/errors.ts";
import type { Model, SiteModel, Text } from "../../model/types.ts";
import type { RunbookOrder } from "../../services/ops/runbooks/views.ts";
import { type AskOps, askOpsOf } from "../backup/ask-ops.ts";
import { siteOption } from "../context.ts";
import { engineOf } from "../engine.ts";
import type { Options } from "../options.ts";

export function askRunbooksOf({ region }: Model): AskOps {
  return askOpsOf(region.id, engineOf, { id: "prosedur", en: "runbooks" });
}

/** What comes of an order. @throws LumbungError with the exit code and the words that `ops` gives. */
export async function order<T>(ask: AskOps, site: SiteModel, told: RunbookOrder): Promise<T> {
  return answerOf(await ask(site, ["runbook"], JSON.stringify(told))) as T;
}

/** @throws as `order`. */
export async function look<T>(ask: AskOps, site: SiteModel, ...words: readonly string[]): Promise<T> {
  return answerOf(await ask(site, ["runbooks", ...words])) as T;
}

function answerOf({ code, text }: { readonly code: number; readonly text: string }): unknown {
  const said = json(text);
  if (code === 0 && said !== undefined) return said;
  const { exitCode, text: words, hint } = (said ?? {}) as { exitCode?: ExitCode; text?: Text; hint?: Text };
  if (exitCode !== undefined && words !== undefined) throw new LumbungError(exitCode, words, hint);
  const line = text.split("\n")[0] ?? "";
  throw code === 2 ? wrongUse({ id: line, en: line }) : refused({ id: line, en: line });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A line, which is told as it is.
    return undefined;
  }
}

/** The site where a runbook is carried out: that of --site, else the recovery site; for the loss of that one, the primary. @throws LumbungError (2). */
export function siteOfRuns(options: Options, model: Model, runbook?: string): SiteModel {
  if (options.site !== undefined) return siteOption(options, model);
  const wanted = runbook === "recovery-lost" ? "primary" : "recovery";
  const found = model.sites.find(({ designation }) => designation === wanted);
  if (found) return found;
  throw wrongUse({
    id: `wilayah ${model.region.id} hanya satu situs: tidak ada prosedur peralihan`,
    en: `region ${model.region.id} has one site: there are no runbooks`,
  });
}
