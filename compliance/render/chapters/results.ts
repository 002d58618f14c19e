/** Results, as the regulation divides them (Empat Lawang 30/2019 article 40): conclusions, then findings. Pure. */
import { text } from "../../../model/text.ts";
import type { Cell } from "../../../web/cells.ts";
import { type Finding, followUps } from "../../assessment.ts";
import { AREAS, areaIds } from "../../schema/areas.ts";
import { SEVERITIES } from "../../severity.ts";
import type { Block, Chapter } from "../document.ts";
import { code, day, moment, prose, word } from "../document.ts";
import { namedRegulations, namesCell, type Sources, titleOf } from "../sources.ts";
import type { Tone } from "../tones.ts";
import { FINDING_KINDS, LEVELS, WORDS } from "../words.ts";
import { AREA_ROWS, tallyBars, tallyTable } from "./tables.ts";

export function conclusionsChapter(sources: Sources): Chapter {
  return {
    id: "kesimpulan",
    title: text("Hasil: kesimpulan", "Results: conclusions"),
    newPage: true,
    blocks: [
      tallyBars(text("Kewajiban menurut bagian dan status", "Duties by area and status"), AREA_ROWS, sources),
      tallyTable(
        text("Kewajiban menurut bagian dan status", "Duties by area and status"),
        WORDS.area,
        AREA_ROWS,
        sources,
      ),
      {
        kind: "list",
        items: areaIds.map((area) => ({
          text: text(
            `${AREAS[area].title.id}: {satisfied} dari {population} terpenuhi, {attested} dinyatakan dokumen, {failing} tidak terpenuhi, {unknown} tidak diketahui.`,
            `${AREAS[area].title.en}: {satisfied} of {population} satisfied, {attested} attested, {failing} not satisfied, {unknown} unknown.`,
          ),
          cells: {
            satisfied: sources.figure(`area.${area}.satisfied`),
            population: sources.figure(`area.${area}.population`),
            attested: sources.figure(`area.${area}.attested`),
            failing: sources.figure(`area.${area}.not-satisfied`),
            unknown: sources.figure(`area.${area}.unknown`),
          },
        })),
      },
      ...disagreements(sources),
    ],
  };
}

function disagreements({ assessment }: Sources): Block[] {
  const rows = assessment.duties.flatMap(({ title, disagreement }) =>
    disagreement ? [[word(title), word(disagreement)]] : [],
  );
  if (rows.length === 0) return [];
  return [
    {
      kind: "table",
      caption: text("Kewajiban yang jawabannya berselisih", "Duties whose answers disagree"),
      columns: [{ title: WORDS.duty, width: 40 }, { title: WORDS.disagreement }],
      rows,
      empty: WORDS.none,
    },
  ];
}

export function findingsChapter(sources: Sources): Chapter {
  const { open, figure } = sources;
  return {
    id: "temuan",
    title: text("Hasil: temuan", "Results: findings"),
    newPage: true,
    blocks: [
      prose(
        text(
          "Terdapat {open} temuan terbuka: {first} berprioritas 1, {second} berprioritas 2, dan {third} berprioritas 3.",
          "There are {open} open findings: {first} of priority 1, {second} of priority 2 and {third} of priority 3.",
        ),
        {
          open: figure("findings.open"),
          first: figure("findings.priority-1"),
          second: figure("findings.priority-2"),
          third: figure("findings.priority-3"),
        },
      ),
      ...open.map((one) => findingCard(one, sources)),
    ],
  };
}

const RANK_TONES: Readonly<Record<Finding["priority"]["rank"], Tone>> = { 1: "bad", 2: "late", 3: "waived" };

/** A finding with all that auditors ask of one. */
export function findingCard(finding: Finding, sources: Sources): Block {
  const { duty: id, priority, population, evidence, reopened } = finding;
  const names = namesCell(population.which, population.failing);
  const over: Cell[] = [
    word(text(`${WORDS.priority.id} ${priority.rank}`, `${WORDS.priority.en} ${priority.rank}`)),
    word(SEVERITIES[finding.severity]),
    word(FINDING_KINDS[finding.kind]),
    code(finding.id),
  ];
  return {
    kind: "card",
    id: anchorOf(finding),
    over,
    title: id === null ? finding.condition : titleOf(sources, id),
    tone: RANK_TONES[priority.rank],
    rows: [
      [WORDS.condition, names.length === 0 ? word(finding.condition) : [word(finding.condition), ...names]],
      [WORDS.criteria, word(namedRegulations(sources.assessment, finding.criteria))],
      [WORDS.cause, word(finding.cause)],
      [WORDS.effect, word(finding.effect)],
      [WORDS.recommendation, word(finding.recommendation)],
      [
        WORDS.priority,
        word(
          text(
            `biaya ${LEVELS[priority.cost].id}, manfaat ${LEVELS[priority.benefit].id}, risiko ${LEVELS[priority.risk].id}`,
            `cost ${LEVELS[priority.cost].en}, benefit ${LEVELS[priority.benefit].en}, risk ${LEVELS[priority.risk].en}`,
          ),
        ),
      ],
      [WORDS.owner, word(finding.owner.title)],
      [WORDS.opened, reopened === 0 ? moment(finding.openedAt) : [moment(finding.openedAt), reopenedCell(reopened)]],
      [WORDS.due, finding.overdue ? [day(finding.due), word(WORDS.overdue, "bad")] : day(finding.due)],
      [WORDS.followUp, word(followUps[finding.followUp])],
      ...(evidence.length === 0 ? [] : [[WORDS.evidence, evidence.map((one) => code(one.id))] as const]),
    ],
  };
}

const reopenedCell = (times: number): Cell =>
  word(text(`muncul kembali ${times} kali`, `reopened ${times} times`), "bad");

export const anchorOf = ({ id }: Pick<Finding, "id">): string => `temuan-${id.replace(/[^a-z0-9]+/gi, "-")}`;
