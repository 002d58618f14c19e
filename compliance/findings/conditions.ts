/** What of an assessment is a finding: the condition, and against which criterion. Pure. */
import { joined, text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { DutyResult, EvidenceRef, Finding, FindingKind, Population, WayResult } from "../assessment.ts";
import type { BrokenEvidence } from "../read-evidence.ts";
import type { Severity } from "../severity.ts";
import { priorityOf } from "./priority.ts";

/** A finding as far as today's assessment knows it; its history comes from the runs before. */
export type Condition = Pick<
  Finding,
  | "id"
  | "kind"
  | "duty"
  | "severity"
  | "condition"
  | "criteria"
  | "cause"
  | "effect"
  | "recommendation"
  | "priority"
  | "owner"
  | "population"
  | "evidence"
>;

export function conditionsOf(
  duties: readonly DutyResult[],
  broken: readonly BrokenEvidence[],
  evidenceOwner: Finding["owner"],
): Condition[] {
  return [
    ...duties.filter(({ binds }) => binds).flatMap((duty) => [...ofWays(duty), ...ofAnswers(duty)]),
    ...ofEvidence(broken, evidenceOwner),
  ];
}

function ofWays(duty: DutyResult): Condition[] {
  return duty.ways.flatMap((way) => {
    if (way.state !== "not-met" && way.state !== "expired") return [];
    const kind: FindingKind = way.practice ? "practice" : way.state;
    const what = way.way === "attested" ? `attested:${way.by}` : (way.by.split("/")[1] ?? way.by);
    return [
      finding(duty, {
        kind,
        what,
        condition: conditionOf(duty, way),
        cause: joined(way.reasons),
        population: way.population,
        evidence: way.evidence,
      }),
    ];
  });
}

function ofAnswers(duty: DutyResult): Condition[] {
  if (duty.disagreement === null) return [];
  const { population, evidence } = duty.answers.running;
  return [
    finding(duty, {
      kind: "disagreement",
      what: "disagreement",
      condition: duty.disagreement,
      cause: text(
        "keadaan yang terlihat, rancangan, dan pernyataan tertulis tidak sama",
        "what is seen, what is designed and what is stated differ",
      ),
      population,
      evidence,
    }),
  ];
}

interface Said {
  readonly kind: FindingKind;
  readonly what: string;
  readonly condition: Text;
  readonly cause: Text;
  readonly population: Population;
  readonly evidence: readonly EvidenceRef[];
}

function finding(duty: DutyResult, { kind, what, ...said }: Said): Condition {
  const severity: Severity = kind === "practice" ? "practice" : (duty.severity ?? "practice");
  return {
    ...said,
    id: `${duty.id}/${what}`,
    kind,
    duty: duty.id,
    severity,
    criteria: kind === "practice" ? PRACTICE : criteriaOf(duty),
    effect: duty.explanation,
    recommendation: duty.remedy,
    priority: priorityOf(duty.area, severity, kind),
    owner: duty.responsible,
  };
}

const PRACTICE = text("praktik baik, di luar naskah peraturan", "good practice, beyond the text of the regulation");

function criteriaOf({ articles }: DutyResult): Text {
  return joined(articles.map((one) => text(`${one.regulation} ${one.text.id}`, `${one.regulation} ${one.text.en}`)));
}

function conditionOf({ title }: DutyResult, { state, population }: WayResult): Text {
  const { failing, spokenOf } = population;
  return state === "expired"
    ? text(`dokumennya berakhir: ${title.id}`, `its document ended: ${title.en}`)
    : text(
        `${failing} dari ${spokenOf} tidak memenuhi: ${title.id}`,
        `${failing} of ${spokenOf} do not meet it: ${title.en}`,
      );
}

/** One finding for each reason why evidence does not count, however many records it is. */
function ofEvidence(broken: readonly BrokenEvidence[], owner: Finding["owner"]): Condition[] {
  const byCode = new Map<string, BrokenEvidence[]>();
  for (const one of broken) byCode.set(one.code, [...(byCode.get(one.code) ?? []), one]);
  return [...byCode].map(([code, all]) => ({
    id: `evidence/${code}`,
    kind: "evidence",
    duty: null,
    severity: "practice",
    condition: text(`${all.length} catatan bukti tidak dihitung`, `${all.length} records of evidence do not count`),
    criteria: text(
      "bukti harus utuh, bertanda tangan daerah ini, dan berantai",
      "evidence is whole, signed by this region and chained",
    ),
    cause: joined(all.slice(0, 5).map(({ id, reason }) => text(`${id}: ${reason.id}`, `${id}: ${reason.en}`))),
    effect: text(
      "yang dibuktikannya tidak diketahui, dan penyusupan belum dapat dikesampingkan",
      "what it would show is unknown, and an intrusion cannot be ruled out",
    ),
    recommendation: text(
      "jalankan lumbung evidence verify, bandingkan dengan salinan di lokasi lain, dan telusuri sebabnya",
      "run lumbung evidence verify, compare with the copy at the other site, and trace the cause",
    ),
    priority: { rank: 1, cost: "low", benefit: "high", risk: "high" },
    owner,
    population: {
      spokenOf: all.length,
      lookedAt: all.length,
      failing: all.length,
      which: all.slice(0, 50).map(({ id }) => id),
      unknown: [],
    },
    evidence: [],
  }));
}
