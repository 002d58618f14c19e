/** A verdict on approvals, and an approval that waits for a signature, in words. Pure. */
import { text } from "../../model/text.ts";
import type { Text } from "../../model/types.ts";
import type { Plan } from "../engine/plan.ts";
import type { ApprovalStatement } from "./approval.ts";
import { NEEDED, type Verdict } from "./judge.ts";
import { REASONS } from "./reasons.ts";

/** One line for each approval that does not count, with all its reasons, after one that says how many are lacking. */
export function verdictText({ accepted, refused, needed }: Verdict): Text {
  const lines = refused.map(({ index, role, reasons }): Text => {
    const all = (lang: keyof Text): string => reasons.map((code) => REASONS[code][lang]).join("; ");
    return text(
      `approvals[${index}] (${role ?? "?"}): ${all("id")}`,
      `approvals[${index}] (${role ?? "?"}): ${all("en")}`,
    );
  });
  const first = text(
    `persetujuan yang berlaku: ${accepted.length}, diperlukan: ${needed}, masing-masing dari kunci dan peran yang berbeda`,
    `approvals that count: ${accepted.length}, needed: ${needed}, each of another key and another role`,
  );
  const joined = (lang: keyof Text): string => [first, ...lines].map((line) => line[lang]).join("\n");
  return text(joined("id"), joined("en"));
}

/** What a person must read before signing: the plan's steps, and for what the signature is good. */
export function requestText(plan: Plan, approval: ApprovalStatement): Text {
  const steps = (lang: keyof Text): string[] =>
    plan.steps.map(
      (step, index) => `${String(index + 1).padStart(3)}. ${step.title[lang]}${step.pointOfNoReturn ? MARK[lang] : ""}`,
    );
  const { count } = NEEDED[plan.needs];
  const { region, runbook, epoch, expiresAt, nonce } = approval;
  return text(
    [
      `${plan.title.id} (${runbook}) di wilayah ${region}, epoch ${epoch}`,
      ...steps("id"),
      `rencana (SHA-256): ${approval.plan}`,
      `${approval.decision}: memerlukan ${count} persetujuan; yang ini berlaku sampai ${expiresAt}, nomor ${nonce}`,
    ].join("\n"),
    [
      `${plan.title.en} (${runbook}) in region ${region}, epoch ${epoch}`,
      ...steps("en"),
      `plan (SHA-256): ${approval.plan}`,
      `${approval.decision}: needs ${count} approval(s); this one is good until ${expiresAt}, number ${nonce}`,
    ].join("\n"),
  );
}

const MARK: Text = { id: "  << tidak ada jalan kembali sesudah ini", en: "  << no way back after this" };
