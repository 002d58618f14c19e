/** Every check that there is, by its id; adding one touches one file of its area, or this table for a new area. */
import { text } from "../../model/text.ts";
import type { InputProblem } from "../assessment.ts";
import type { Catalogue } from "../catalogue.ts";
import { accessChecks } from "./access.ts";
import { applicationChecks } from "./applications.ts";
import { assetChecks } from "./assets.ts";
import { backupChecks } from "./backup.ts";
import type { Checks } from "./check.ts";
import { dataChecks } from "./data.ts";
import { governanceChecks } from "./governance.ts";
import { nameChecks } from "./names.ts";
import { netChecks } from "./net.ts";
import { rollUps } from "./roll-up.ts";
import { securityChecks } from "./security.ts";
import { siteChecks } from "./site.ts";
import { versionChecks } from "./versions.ts";

export const CHECKS: Checks = {
  ...siteChecks,
  ...netChecks,
  ...nameChecks,
  ...applicationChecks,
  ...dataChecks,
  ...accessChecks,
  ...backupChecks,
  ...securityChecks,
  ...governanceChecks,
  ...versionChecks,
  ...assetChecks,
};

export { rollUps } from "./roll-up.ts";

/** Checks that are declared and not written, unless the part that they look at is not built yet, and those that no duty declares. */
export function checkProblems(
  { duties }: Pick<Catalogue, "duties">,
  written: readonly string[] = [...Object.keys(CHECKS), ...Object.keys(rollUps)],
): InputProblem[] {
  const known = new Set(written);
  const declared = duties.flatMap(({ id, shown }) =>
    shown.flatMap((one, index) =>
      one.way === "attested" ? [] : [{ id, index, by: one.by, waits: one.needsPart !== undefined }],
    ),
  );
  const ids = new Set(declared.map(({ by }) => by));
  return [
    ...declared
      .filter(({ by, waits }) => !waits && !known.has(by))
      .map(({ id, index, by }) =>
        problem("check-missing", `duties/${id}.yaml: shown[${index}].by`, by, MISSING, WRITTEN),
      ),
    ...written
      .filter((by) => !ids.has(by))
      .map((by) => problem("check-without-duty", `compliance/checks: ${by}`, by, NOBODY, DECLARED)),
  ];
}

const MISSING = text("pemeriksaan ini belum ditulis", "this check is not written");
const WRITTEN = text("pemeriksaan di compliance/checks", "a check in compliance/checks");
const NOBODY = text("tidak ada kewajiban yang memakai pemeriksaan ini", "no duty uses this check");
const DECLARED = text("kewajiban yang menyebutnya di shown", "a duty that names it in shown");

function problem(
  code: string,
  path: string,
  received: string,
  message: InputProblem["message"],
  expected: InputProblem["expected"],
): InputProblem {
  return { code, path, message, expected, received, hint: null };
}
