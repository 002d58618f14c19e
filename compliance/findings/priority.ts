/** Which finding comes first: by cost, benefit and risk (Empat Lawang 40(4)), as far as a programme can tell. People may set them otherwise. */
import type { FindingKind, Priority } from "../assessment.ts";
import type { AreaId } from "../schema/areas.ts";
import type { Severity } from "../severity.ts";

type Level = Priority["cost"];

/** What is lost where duties of an area are not met. */
const RISK: Readonly<Record<AreaId, Level>> = {
  sites: "high",
  network: "medium",
  names: "medium",
  applications: "medium",
  backup: "high",
  security: "high",
  governance: "low",
};

/** What it usually takes to put right: a paper little, a site much. */
const COST: Readonly<Record<AreaId, Level>> = {
  sites: "high",
  network: "high",
  names: "low",
  applications: "medium",
  backup: "medium",
  security: "medium",
  governance: "low",
};

const BENEFIT: Readonly<Record<Severity, Level>> = { mandatory: "high", expected: "medium", practice: "low" };

const WEIGHT: Readonly<Record<Level, number>> = { low: 1, medium: 2, high: 3 };

export function priorityOf(area: AreaId, severity: Severity, kind: FindingKind): Priority {
  // To renew a document costs little, whatever it is about.
  const cost = kind === "expired" ? "low" : COST[area];
  const [benefit, risk] = [BENEFIT[severity], RISK[area]];
  const score = WEIGHT[benefit] + WEIGHT[risk] - WEIGHT[cost];
  return { rank: score >= 4 ? 1 : score >= 2 ? 2 : 3, cost, benefit, risk };
}
