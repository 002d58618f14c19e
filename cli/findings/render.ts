/** Findings as a table, and one by itself. Pure but for the language. */
import { type Finding, followUps, SEVERITIES } from "../../compliance/index.ts";
import type { Text } from "../../model/types.ts";
import { say } from "../output/language.ts";
import { colour, table } from "../output/table.ts";

export function findingsText(findings: readonly Finding[]): string {
  if (findings.length === 0) return `${say({ id: "tidak ada temuan", en: "there are no findings" })}\n`;
  const columns = [
    { title: say(PRIORITY) },
    { title: say({ id: "temuan", en: "finding" }) },
    { title: say(SEVERITY) },
    { title: say(FOLLOW_UP) },
    { title: say(DUE) },
    { title: say(OWNER) },
    { title: say(CONDITION) },
  ];
  const rows = findings.map((finding) => [
    String(finding.priority.rank),
    finding.id,
    say(SEVERITIES[finding.severity]),
    say(followUps[finding.followUp]),
    dueOf(finding),
    finding.owner.role,
    say(finding.condition),
  ]);
  return `${table(columns, rows)}\n`;
}

export function findingText(finding: Finding): string {
  const { priority, population, history, evidence } = finding;
  const parts: readonly (readonly [Text, string])[] = [
    [SEVERITY, say(SEVERITIES[finding.severity])],
    [FOLLOW_UP, say(followUps[finding.followUp])],
    [CONDITION, say(finding.condition)],
    [{ id: "kriteria", en: "criteria" }, say(finding.criteria)],
    [{ id: "sebab", en: "cause" }, say(finding.cause)],
    [{ id: "akibat", en: "effect" }, say(finding.effect)],
    [{ id: "rekomendasi", en: "recommendation" }, say(finding.recommendation)],
    [PRIORITY, `${priority.rank} (${say(levelsOf(priority))})`],
    [OWNER, `${finding.owner.role}, ${say(finding.owner.title)}`],
    [{ id: "terbuka sejak", en: "open since" }, finding.openedAt],
    [DUE, dueOf(finding)],
    [{ id: "gagal/populasi", en: "failing/population" }, `${population.failing}/${population.spokenOf}`],
    [{ id: "yang gagal", en: "which fail" }, population.which.join(", ") || "–"],
    [{ id: "bukti", en: "evidence" }, evidence.map(({ id }) => id).join(", ") || "–"],
  ];
  const told = history.map(
    ({ at, word, by, note, evidence: record }) =>
      `  ${at}  ${say(followUps[word])}, ${by}: ${say(note)}${record ? ` (${record.id})` : ""}`,
  );
  const lines = parts.map(([name, value]) => `${say(name)}: ${value}`);
  const title = colour("bold", finding.id);
  return `${[title, ...lines, `${say({ id: "riwayat", en: "history" })}:`, ...told].join("\n")}\n`;
}

function dueOf({ due, overdue, closedAt }: Finding): string {
  if (closedAt !== null) return say({ id: `ditutup ${closedAt.slice(0, 10)}`, en: `closed ${closedAt.slice(0, 10)}` });
  return overdue ? colour("red", say({ id: `${due}, lewat`, en: `${due}, overdue` })) : due;
}

function levelsOf({ cost, benefit, risk }: Finding["priority"]): Text {
  const [c, b, r] = [LEVELS[cost], LEVELS[benefit], LEVELS[risk]];
  return {
    id: `biaya ${c.id}, manfaat ${b.id}, risiko ${r.id}`,
    en: `cost ${c.en}, benefit ${b.en}, risk ${r.en}`,
  };
}

const LEVELS: Readonly<Record<Finding["priority"]["cost"], Text>> = {
  low: { id: "rendah", en: "low" },
  medium: { id: "sedang", en: "medium" },
  high: { id: "tinggi", en: "high" },
};

const PRIORITY: Text = { id: "prioritas", en: "priority" };
const SEVERITY: Text = { id: "bobot", en: "severity" };
const FOLLOW_UP: Text = { id: "tindak lanjut", en: "follow-up" };
const DUE: Text = { id: "batas", en: "due" };
const OWNER: Text = { id: "pemilik", en: "owner" };
const CONDITION: Text = { id: "kondisi", en: "condition" };
