import { writeFile } from "node:fs/promises";
import { type Assessment, assess, assessmentBytes, type DutyResult } from "../../compliance/index.ts";
import type { Text } from "../../model/types.ts";
import { type AskOps, askOpsOf } from "../backup/ask-ops.ts";
import { gather } from "../check/gather.ts";
import { recordCheck } from "../check/record.ts";
import { checkText } from "../check/render.ts";
import { modelOf, regionOf } from "../context.ts";
import { engineOf } from "../engine.ts";
import { askExposure, warnExposed } from "../exposure.ts";
import type { Options } from "../options.ts";
import { say } from "../output/language.ts";

/**
 * `check`: every duty that binds the region with its three answers; no site need answer for it. `--to` writes the assessment, which
 * `--previous` takes at the next one; `--record` has it signed and kept as evidence, which the next one finds by itself.
 * @returns 1 where a mandatory duty is not met, or unknown though evidence was read; 3 where all that is wrong is that evidence could
 * not be read; else 0
 */
export async function check(options: Options, ask?: AskOps): Promise<number> {
  const model = await modelOf(options);
  const exposure = model.sites.length < 2 ? [] : askExposure(model.sites, ask ?? askOpsOf(model.region.id, engineOf));
  const assessment = assess(await gather(options));
  if (options.to !== undefined) await writeFile(options.to, assessmentBytes(assessment));
  process.stdout.write(options.json ? `${JSON.stringify(shape(assessment), null, 2)}\n` : checkText(assessment));
  warnExposed(model, await exposure);
  if (options.record) process.stderr.write(`${say(await kept(assessment, options))}\n`);
  return exitOf(assessment);
}

/** What became of it. One that was made without all evidence is not kept: the next would take what was not read for what changed. */
async function kept(assessment: Assessment, options: Options): Promise<Text> {
  if (!assessment.evidence.reachable)
    return {
      id: "tidak disimpan sebagai bukti: tidak semua bukti terbaca",
      en: "not kept as evidence: not all evidence could be read",
    };
  const { sites } = await modelOf(options);
  const record = await recordCheck(assessment, sites, askOpsOf(regionOf(options), engineOf));
  return { id: `disimpan sebagai bukti: ${record}`, en: `kept as evidence: ${record}` };
}

/** Exported for its test. */
export function exitOf({ duties, evidence }: Pick<Assessment, "duties" | "evidence">): 0 | 1 | 3 {
  const mandatory = duties.filter(({ binds, severity }) => binds && severity === "mandatory");
  if (mandatory.some(({ status }) => status === "not-satisfied" || status === "expired")) return 1;
  if (!evidence.reachable) return 3;
  return mandatory.some(({ status }) => status === "unknown") ? 1 : 0;
}

/** The design's shape, and the whole assessment beside it. */
function shape(assessment: Assessment) {
  return {
    region: assessment.region.id,
    at: assessment.at,
    commit: assessment.commit,
    duties: assessment.duties.map(dutyShape),
    assessment,
  };
}

function dutyShape({ id, binds, answers, status, severity, reasons }: DutyResult) {
  const { designed, running, attested } = answers;
  const all = [designed, running, attested].map(({ population }) => population);
  return {
    ...{ id, binds, severity, status, reasons },
    ...{ designed: designed.state, running: running.state, attested: attested.state },
    population: all.reduce((sum, { spokenOf }) => sum + spokenOf, 0),
    failing: all.reduce((sum, { failing }) => sum + failing, 0),
    unknown: all.reduce((sum, { spokenOf, lookedAt }) => sum + spokenOf - lookedAt, 0),
  };
}
