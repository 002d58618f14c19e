/** Every duty that binds, with its articles, its three answers and its status: what conclusions rest on. Pure. */
import { text } from "../../../model/text.ts";
import type { Cell } from "../../../web/cells.ts";
import { type Answer, answerKinds, type DutyResult } from "../../assessment.ts";
import { AREAS, areaIds } from "../../schema/areas.ts";
import { SEVERITIES } from "../../severity.ts";
import type { Block, Chapter } from "../document.ts";
import { code, word } from "../document.ts";
import { articleCells, failingOf, namesCell, populationCell, type Sources } from "../sources.ts";
import { ANSWER_STATES, ANSWERS, STATUSES, WORDS } from "../words.ts";

export function registerChapter(sources: Sources): Chapter {
  const { duties } = sources.assessment;
  return {
    id: "rincian",
    title: text("Rincian kewajiban", "Every duty"),
    newPage: true,
    annex: true,
    duties: true,
    blocks: areaIds.flatMap((area) => {
      const own = duties.filter((duty) => duty.area === area && duty.binds);
      return own.length === 0 ? [] : [heading(area), table(area, own, sources)];
    }),
  };
}

const heading = (area: (typeof areaIds)[number]): Block => ({
  kind: "heading",
  id: `rincian-${area}`,
  title: AREAS[area].title,
});

function table(area: (typeof areaIds)[number], duties: readonly DutyResult[], sources: Sources): Block {
  return {
    kind: "table",
    caption: AREAS[area].title,
    quiet: true,
    columns: [
      { title: WORDS.duty, width: 28 },
      { title: WORDS.articles, width: 18 },
      ...answerKinds.map((kind) => ({ title: ANSWERS[kind], width: 10 })),
      { title: text("Status dan alasan", "Status and reason"), width: 24 },
    ],
    rows: duties.map((duty) => [
      [word(duty.title), code(duty.id), ...(duty.severity === null ? [] : [word(SEVERITIES[duty.severity])])],
      articleCells(sources.assessment, duty),
      ...answerKinds.map((kind) => answerCells(duty.answers[kind])),
      [statusCell(duty), ...duty.reasons.map((one) => word(one)), ...failingCells(duty)],
    ]),
    empty: WORDS.none,
  };
}

/** What an answer says, and of how many things. */
export function answerCells({ state, population }: Answer): Cell[] {
  const said = word(
    ANSWER_STATES[state],
    state === "met" ? "good" : state === "not-met" || state === "expired" ? "bad" : undefined,
  );
  return state === "not-asked"
    ? [word(text("–", "–"))]
    : population.spokenOf === 0
      ? [said]
      : [said, populationCell(population)];
}

export function statusCell({ status }: Pick<DutyResult, "status">): Cell {
  const mood =
    status === "satisfied" || status === "attested" ? "good" : status === "not-applicable" ? undefined : "bad";
  return word(STATUSES[status], mood);
}

/** Their names once, though two answers may name the same. */
function failingCells(duty: DutyResult): Cell[] {
  const names = failingOf(duty);
  const most = Math.max(...answerKinds.map((kind) => duty.answers[kind].population.failing));
  return namesCell(names, Math.max(names.length, most));
}

export function notBindingChapter({ assessment }: Sources): Chapter {
  const off = assessment.duties.filter(({ binds }) => !binds);
  return {
    id: "tidak-mengikat",
    title: text("Yang tidak mengikat", "What does not bind"),
    annex: true,
    blocks: [
      {
        kind: "table",
        caption: text("Kewajiban yang tidak diminta dari daerah ini", "Duties that are not asked of this region"),
        columns: [{ title: WORDS.duty, width: 50 }, { title: WORDS.reason }],
        rows: off.map(({ id, title, reasons }) => [[word(title), code(id)], reasons.map((one) => word(one))]),
        empty: text("Seluruh katalog mengikat daerah ini.", "The whole catalogue binds this region."),
      },
    ],
  };
}
