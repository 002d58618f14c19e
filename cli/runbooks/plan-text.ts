/** A plan as an operator reads it before anything is done. Pure. */
import type { Text } from "../../model/types.ts";
import type { PlanView } from "../../services/ops/runbooks/views.ts";

export function planText({ plan, digest, needed, approvedBy }: PlanView): Text {
  const total = plan.steps.reduce((sum, { expectedSeconds }) => sum + expectedSeconds, 0);
  const steps = (lang: keyof Text): string[] =>
    plan.steps.flatMap((step, index) => [
      `${String(index + 1).padStart(3)}. ${step.title[lang]} (${step.expectedSeconds} s)${step.maySkip ? SKIP[lang] : ""}`,
      ...(step.pointOfNoReturn ? [`     ${MARK[lang]}`] : []),
    ]);
  const by = approvedBy.length === 0 ? "–" : approvedBy.join(", ");
  return {
    id: [
      `${plan.title.id} · wilayah ${plan.region} · epoch ${plan.epoch}`,
      ...steps("id"),
      `perkiraan ${total} s · rencana (SHA-256) ${digest}`,
      `persetujuan: perlu ${needed} (${plan.needs}), sudah ada: ${by}`,
    ].join("\n"),
    en: [
      `${plan.title.en} · region ${plan.region} · epoch ${plan.epoch}`,
      ...steps("en"),
      `about ${total} s · plan (SHA-256) ${digest}`,
      `approvals: ${needed} needed (${plan.needs}), there are: ${by}`,
    ].join("\n"),
  };
}

const MARK: Text = {
  id: "─── tidak ada jalan kembali sejak langkah di atas dimulai ───",
  en: "─── no way back from the beginning of the step above ───",
};
const SKIP: Text = { id: " [boleh dilewati]", en: " [may be skipped]" };
