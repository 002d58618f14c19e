import type { Text } from "../../model/types.ts";
import type { Preflight, Verdict } from "../../runbooks/preflight/preflight.ts";
import type { Exposed } from "../../services/ops/status.ts";
import { localTime, secondsText } from "../../web/cells.ts";
import type { AskOps } from "../backup/ask-ops.ts";
import { modelOf } from "../context.ts";
import { warnExposed } from "../exposure.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";
import { colour, table } from "../output/table.ts";
import { askRunbooksOf, order, siteOfRuns } from "../runbooks/ask.ts";

/** Whether the other site could take over now. Exit code 1 where it could not, or nobody knows. `ask`: default: in its container. */
export async function preflight(options: Options, given?: AskOps): Promise<number> {
  const model = await modelOf(options);
  const site = siteOfRuns(options, model);
  const { exposure, ...found } = await order<Preflight & Partial<Exposed>>(given ?? askRunbooksOf(model), site, {
    verb: "preflight",
    ...(options.to === undefined ? {} : { to: options.to }),
  });
  process.stdout.write(
    options.json ? `${JSON.stringify(found, null, 2)}\n` : `${preflightText(found, model.region.timezone)}\n`,
  );
  warnExposed(model, [{ site: site.id, ...(exposure === undefined ? {} : { exposure }) }]);
  return found.state === "not-ready" ? 1 : 0;
}

const STATES: Readonly<Record<Preflight["state"], Text>> = {
  ready: { id: "SIAP", en: "READY" },
  doubtful: { id: "SIAP DENGAN CATATAN", en: "READY, WITH REMARKS" },
  "not-ready": { id: "BELUM SIAP", en: "NOT READY" },
};

const VERDICTS: Readonly<Record<Verdict, Text>> = {
  good: { id: "baik", en: "good" },
  warning: { id: "perhatian", en: "warning" },
  bad: { id: "BURUK", en: "BAD" },
  unknown: { id: "TIDAK DIKETAHUI", en: "UNKNOWN" },
};

const COLOURS = { good: "green", warning: "yellow", bad: "red", unknown: "red" } as const;

export function preflightText(found: Preflight, zone: Parameters<typeof localTime>[1]): string {
  const { to, state, score, items, loss, at, epoch } = found;
  const head = say({
    id: `pengambilalihan oleh ${to}: ${STATES[state].id}, nilai ${score} dari 100 · epoch ${epoch ?? "?"} · ${localTime(at, zone)}`,
    en: `takeover by ${to}: ${STATES[state].en}, score ${score} of 100 · epoch ${epoch ?? "?"} · ${localTime(at, zone)}`,
  });
  const columns = [say({ id: "yang diperiksa", en: "looked at" }), say({ id: "hasil", en: "result" }), ""].map(
    (title) => ({
      title,
    }),
  );
  const rows = items.map(({ title, verdict, reason }) => [
    say(title),
    colour(COLOURS[verdict], say(VERDICTS[verdict])),
    say(reason),
  ]);
  const lost = loss.map(({ target, seconds }) => [
    target,
    seconds === null
      ? say(VERDICTS.unknown)
      : say({ id: `paling banyak ${secondsText(seconds, "id")}`, en: `at most ${secondsText(seconds, "en")}` }),
  ]);
  const title = say({ id: "yang hilang bila diambil alih sekarang", en: "what a takeover now would lose" });
  return [head, "", table(columns, rows), "", table([{ title }, { title: "" }], lost)].join("\n");
}
