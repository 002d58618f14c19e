/** A run that failed or was cut off, on one screen of 24 rows of 80 columns: the region's state, the step and why, what to do by hand, what can be done. Pure. */
import { text } from "../../model/text.ts";
import { localTime, printable, type Zone } from "../../web/cells.ts";
import type { Lang } from "../../web/text.ts";
import type { RunState } from "../engine/state.ts";
import { possibleOf, standingAt } from "./possible.ts";
import { type RegionSeen, STATES, writesText } from "./region.ts";
import { PHASES, WORDS } from "./words.ts";

export const SCREEN = { rows: 24, columns: 80 } as const;

const TITLES = {
  failed: text("GAGAL", "FAILED"),
  stopped: text("TERHENTI", "STOPPED"),
  state: text("Keadaan", "State"),
  step: text("Langkah", "Step"),
  why: text("Sebab", "Why"),
  cut: text(
    "pelaksanaan terputus; tidak diketahui seberapa jauh langkah ini",
    "the run was cut off; unknown how far this step came",
  ),
  paused: text("dijeda sebelum langkah ini", "paused before this step"),
  ahead: text("titik tanpa kembali belum lewat", "the point of no return is still ahead"),
  beyond: text("titik tanpa kembali SUDAH lewat", "the point of no return HAS passed"),
  byHand: text("Tangan", "By hand"),
  rest: text("… (selengkapnya dalam jurnal)", "… (all of it in the journal)"),
} as const;

const WHY_ROWS = 2;
const SITE_ROWS = 2;

export function failureScreen(run: RunState, seen: RegionSeen, lang: Lang, zone: Zone): string {
  const { plan, failure } = run;
  const at = standingAt(run);
  const number = plan.steps.findIndex(({ id }) => id === at?.step.id) + 1;
  const when = seen.at === null ? WORDS.unknown[lang] : localTime(seen.at, zone);
  const sites = seen.sites.map(({ id, state }) => `${id} ${STATES[state][lang]}`).join(" · ");
  const phase = failure ? `${PHASES[failure.phase][lang]}; ` : "";
  const why = failure?.why ?? (run.stage === "paused" ? TITLES.paused : TITLES.cut);
  return [
    oneRow(`${TITLES[failure ? "failed" : "stopped"][lang]}: ${plan.title[lang]}`),
    oneRow(`${run.run} · ${plan.region} · ${localTime(failure?.at ?? run.lastAt, zone)}`),
    ...labelled(TITLES.state[lang], writesText(seen)[lang], SITE_ROWS, lang),
    ...labelled("", `${sites} · epoch ${seen.epoch ?? WORDS.unknown[lang]} · ${when}`, SITE_ROWS, lang),
    ...(at ? [oneRow(`${label(TITLES.step[lang])}${number}/${plan.steps.length} ${at.step.title[lang]}`)] : []),
    oneRow(`${label("")}${phase}${TITLES[run.beyondReturn ? "beyond" : "ahead"][lang]}`),
    ...labelled(TITLES.why[lang], why[lang], WHY_ROWS, lang),
    ...(at ? labelled(TITLES.byHand[lang], at.step.byHand[lang], Number.POSITIVE_INFINITY, lang) : []),
    "",
    ...possibleOf(run).flatMap(({ what, command }, index) => [
      oneRow(`${index + 1}. ${what[lang]}`),
      `   ${command[lang]}`,
    ]),
  ].join("\n");
}

const label = (said: string): string => said.padEnd(9);

/** A text in rows behind its label; what does not fit into so many is said to be left out. */
function labelled(name: string, said: string, most: number, lang: Lang): string[] {
  const rows = wrapped(printable(said), SCREEN.columns - label("").length);
  const rest = TITLES.rest[lang];
  const last = rows[most - 1] ?? "";
  const shown =
    rows.length <= most
      ? rows
      : [...rows.slice(0, most - 1), `${last.slice(0, SCREEN.columns - label("").length - rest.length)}${rest}`];
  return shown.map((row, index) => `${label(index === 0 ? name : "")}${row}`.trimEnd());
}

/** At spaces; a word that is longer than a row is cut. */
function wrapped(said: string, width: number): string[] {
  const rows: string[] = [];
  for (const word of said.split(" ").flatMap((one) => one.match(new RegExp(`.{1,${width}}`, "gu")) ?? [])) {
    const row = rows.at(-1);
    if (row !== undefined && row.length + 1 + word.length <= width) rows[rows.length - 1] = `${row} ${word}`;
    else rows.push(word);
  }
  return rows;
}

const oneRow = (row: string): string => printable(row).slice(0, SCREEN.columns);
