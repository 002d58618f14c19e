/** The assessment as OSCAL assessment-results (NIST, OSCAL 1.1.2, assessment layer), one finding for each duty that binds. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { Lang } from "../../web/text.ts";
import { type AnswerKind, answerKinds, type DutyResult } from "../assessment.ts";
import { metadata, prop, resources, riskOf, uuidIn } from "./oscal-parts.ts";
import type { Sources } from "./sources.ts";
import { ANSWER_STATES, ANSWERS, STATUSES } from "./words.ts";

const TITLE = text("Hasil penilaian kewajiban pusat data", "Results of the assessment of the data centre's duties");
const PLAN = text(
  "Rencana penilaian: setiap kewajiban katalog yang mengikat, melalui rancangan, bukti, dan dokumen",
  "Assessment plan: every duty of the catalogue that binds, by design, evidence and documents",
);

const METHODS: Readonly<Record<AnswerKind, string>> = { designed: "EXAMINE", running: "TEST", attested: "EXAMINE" };

/** JSON text with a final newline. */
export function assessmentResults(sources: Sources, lang: Lang): string {
  const { assessment, figures } = sources;
  const bound = assessment.duties.filter(({ binds }) => binds);
  const plan = uuidIn(sources, "resource", "plan");
  const result = {
    uuid: uuidIn(sources, "result", "1"),
    title: TITLE[lang],
    description: assessment.method.sampling[lang],
    start: assessment.period.from,
    end: assessment.period.to,
    props: figures.map(({ name, value }) => prop(name, value, "figure")),
    "reviewed-controls": {
      "control-selections": [{ "include-controls": bound.map(({ id }) => ({ "control-id": id })) }],
    },
    ...some(
      "observations",
      bound.flatMap((duty) => observations(duty, sources, lang)),
    ),
    ...some(
      "risks",
      assessment.findings.map((finding) => riskOf(finding, sources, lang)),
    ),
    ...some(
      "findings",
      bound.map((duty) => findingOf(duty, sources, lang)),
    ),
  };
  const document = {
    uuid: uuidIn(sources, "document", `assessment-results/${lang}`),
    metadata: metadata(sources, `${TITLE[lang]}: ${assessment.region.name}`, lang),
    "import-ap": { href: `#${plan}` },
    results: [result],
    "back-matter": {
      resources: [{ uuid: plan, title: PLAN[lang], description: PLAN[lang] }, ...resources(sources, lang)],
    },
  };
  return `${JSON.stringify({ "assessment-results": document }, null, 1)}\n`;
}

/**
 * The open findings as a plan of action and milestones, JSON text with a final newline.
 * Undefined where none is open: OSCAL knows no empty plan.
 */
export function planOfAction(sources: Sources, lang: Lang): string | undefined {
  const { assessment, open } = sources;
  if (open.length === 0) return undefined;
  const title: Text = text("Rencana tindakan dan tonggak", "Plan of action and milestones");
  const document = {
    uuid: uuidIn(sources, "document", `poam/${lang}`),
    metadata: metadata(sources, `${title[lang]}: ${assessment.region.name}`, lang),
    "system-id": {
      "identifier-type": "https://ietf.org/rfc/rfc4122",
      id: uuidIn(sources, "system", assessment.region.id),
    },
    risks: open.map((finding) => riskOf(finding, sources, lang)),
    "poam-items": open.map((finding) => ({
      uuid: uuidIn(sources, "poam-item", finding.id),
      title: finding.condition[lang],
      description: finding.recommendation[lang],
      props: [prop("finding", finding.id), prop("priority", finding.priority.rank)],
      "related-risks": [{ "risk-uuid": uuidIn(sources, "risk", finding.id) }],
    })),
  };
  return `${JSON.stringify({ "plan-of-action-and-milestones": document }, null, 1)}\n`;
}

/** OSCAL lets no list be empty. */
const some = <T>(name: string, list: readonly T[]): Readonly<Record<string, readonly T[]>> =>
  list.length === 0 ? {} : { [name]: list };

const asked = ({ answers }: DutyResult): AnswerKind[] =>
  answerKinds.filter((kind) => answers[kind].state !== "not-asked");

function observations(duty: DutyResult, sources: Sources, lang: Lang) {
  return asked(duty).map((kind) => {
    const { state, population, reasons, evidence } = duty.answers[kind];
    const known = evidence.filter(({ id }) => sources.cites(id));
    return {
      uuid: uuidIn(sources, "observation", `${duty.id}/${kind}`),
      title: `${duty.title[lang]}: ${ANSWERS[kind][lang].toLowerCase()}`,
      description: [ANSWER_STATES[state][lang], ...reasons.map((one) => one[lang])].join(". "),
      props: [
        prop("state", state),
        prop("spoken-of", population.spokenOf),
        prop("looked-at", population.lookedAt),
        prop("failing", population.failing),
        ...population.which.map((name) => prop("fails", name)),
        ...population.unknown.map((name) => prop("unknown", name)),
      ],
      methods: [METHODS[kind]],
      types: ["control-objective"],
      ...some(
        "relevant-evidence",
        known.map(({ id }) => ({ href: `#${uuidIn(sources, "resource", id)}`, description: id })),
      ),
      collected: sources.assessment.at,
    };
  });
}

/** `not-applicable` and `unknown` are no satisfaction: OSCAL has two states, the property says which of ours it is. */
function findingOf(duty: DutyResult, sources: Sources, lang: Lang) {
  const { id, title, explanation, status, reasons, responsible } = duty;
  const isMet = status === "satisfied" || status === "attested";
  const risks = sources.assessment.findings.filter((finding) => finding.duty === id);
  return {
    uuid: uuidIn(sources, "finding", id),
    title: title[lang],
    description: [explanation[lang], ...reasons.map((one) => one[lang])].join(" "),
    props: [
      prop("status", status),
      prop("severity", duty.severity ?? "none"),
      prop("area", duty.area),
      prop("responsible", responsible.title[lang]),
      ...duty.articles.map(({ regulation, short }) => prop("article", `${regulation} ${short}`)),
    ],
    target: {
      type: "objective-id",
      "target-id": id,
      title: STATUSES[status][lang],
      status: {
        state: isMet ? "satisfied" : "not-satisfied",
        reason: isMet ? "pass" : status === "not-satisfied" ? "fail" : "other",
      },
      ...(status === "not-applicable" ? { "implementation-status": { state: "not-applicable" } } : {}),
    },
    ...some(
      "related-observations",
      asked(duty).map((kind) => ({ "observation-uuid": uuidIn(sources, "observation", `${id}/${kind}`) })),
    ),
    ...some(
      "related-risks",
      risks.map((risk) => ({ "risk-uuid": uuidIn(sources, "risk", risk.id) })),
    ),
  };
}
