/** An assessment as a person reads it in a terminal: by area, then totals, findings and problems. Pure but for the language. */
import {
  type AnswerState,
  AREAS,
  type Assessment,
  areaIds,
  type DutyResult,
  SEVERITIES,
  type Severity,
  type Status,
  statuses,
} from "../../compliance/index.ts";
import { STATUSES } from "../../compliance/render/words.ts";
import type { Text } from "../../model/types.ts";
import { language, say } from "../output/language.ts";
import { colour, table } from "../output/table.ts";
import { wrongLine } from "../wrong.ts";
import { STATE_MARKS } from "./marks.ts";

export function checkText(assessment: Assessment): string {
  const parts = [
    ...areaIds.flatMap((area) => {
      const duties = assessment.duties.filter((duty) => duty.area === area && duty.binds);
      return duties.length === 0 ? [] : [`${colour("bold", say(AREAS[area].title))}\n${dutiesTable(duties)}`];
    }),
    totalsText(assessment),
    ...(assessment.evidence.reason ? [`${colour("yellow", "!")} ${say(assessment.evidence.reason)}`] : []),
    ...(assessment.problems.length > 0 ? [problemsText(assessment)] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

function dutiesTable(duties: readonly DutyResult[]): string {
  const columns = [
    { title: say({ id: "kewajiban", en: "duty" }) },
    { title: say({ id: "bobot", en: "severity" }) },
    { title: say({ id: "dirancang", en: "designed" }) },
    { title: say({ id: "berjalan", en: "running" }) },
    { title: say({ id: "dinyatakan", en: "attested" }) },
    { title: say({ id: "status", en: "status" }) },
    { title: say({ id: "gagal/populasi", en: "failing/population" }), align: "right" as const },
    { title: say({ id: "sebab", en: "why" }) },
  ];
  return table(columns, duties.map(rowOf));
}

function rowOf(duty: DutyResult): string[] {
  const { designed, running, attested } = duty.answers;
  const all = [designed, running, attested].map(({ population }) => population);
  const sum = (key: "failing" | "spokenOf"): number => all.reduce((total, one) => total + one[key], 0);
  const [reason] = duty.reasons;
  return [
    duty.id,
    duty.severity === null ? "" : say(SEVERITIES[duty.severity]),
    mark(designed.state),
    mark(running.state),
    mark(attested.state),
    statusWord(duty.status),
    `${sum("failing")}/${sum("spokenOf")}`,
    reason === undefined ? "" : short(say(reason)),
  ];
}

const mark = (state: AnswerState): string => STATE_MARKS[state];

const COLOURS: Partial<Record<Status, "red" | "green" | "yellow">> = {
  satisfied: "green",
  attested: "green",
  "not-satisfied": "red",
  expired: "red",
  unknown: "yellow",
};

function statusWord(status: Status): string {
  const tone = COLOURS[status];
  const word = say(STATUSES[status]);
  return tone === undefined ? word : colour(tone, word);
}

const WIDTH = 70;
const short = (words: string): string => (words.length > WIDTH ? `${words.slice(0, WIDTH - 1)}…` : words);

function totalsText({ totals, findings, region, at, regulations }: Assessment): string {
  const severities = Object.keys(SEVERITIES) as Severity[];
  const rows = [
    [say({ id: "semua", en: "all" }), totals.all] as const,
    ...severities.map((severity) => [say(SEVERITIES[severity]), totals.bySeverity[severity]] as const),
  ].map(([name, tally]) => [name, String(tally.population), ...statuses.map((status) => String(tally[status]))]);
  const columns = [
    { title: `${region.name}, ${at}` },
    { title: say({ id: "jumlah", en: "total" }), align: "right" as const },
    ...statuses.map((status) => ({ title: say(STATUSES[status]), align: "right" as const })),
  ];
  const names = regulations.map(({ title }) => say(title)).join(", ");
  const overdue = findings.filter((one) => one.overdue).length;
  const open: Text = {
    id: `${totals.openFindings} temuan terbuka, ${overdue} melewati batas; tidak mengikat: ${totals.notBinding} (${names})`,
    en: `${totals.openFindings} open findings, ${overdue} overdue; not binding: ${totals.notBinding} (${names})`,
  };
  return `${table(columns, rows)}\n${say(open)}`;
}

function problemsText({ problems }: Assessment): string {
  const head = say({ id: `${problems.length} masukan salah`, en: `${problems.length} problems of input` });
  const lines = problems.map((problem) => `  ${wrongLine(problem, language())}`);
  return [head, ...lines].join("\n");
}
