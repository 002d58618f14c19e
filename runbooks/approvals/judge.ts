/** Which of the approvals that were handed in count for a plan, and whether they are enough. Pure. */
import { isSignedBy, readEnvelope } from "../../evidence/dsse.ts";
import { type Decision, type Plan, planDigest } from "../engine/plan.ts";
import { type ApprovalStatement, LONGEST_SECONDS, readApproval } from "./approval.ts";
import type { ReasonCode } from "./reasons.ts";
import type { Approver, May, Roster } from "./roster.ts";

/** How many keys, each of another role, a decision needs, and what each must be allowed. */
export const NEEDED: Readonly<Record<Decision, { readonly count: number; readonly may: May }>> = {
  planned: { count: 1, may: "approve" },
  override: { count: 2, may: "override" },
};

/** Clocks of two machines without a common source of time. */
const CLOCK_SKEW_MS = 120_000;

/** One that counts, as the journal keeps it. */
export interface Accepted extends ApprovalStatement {
  /** SHA-256 of the public key's SPKI DER, in hex. */
  readonly keyid: string;
  readonly role: string;
  readonly post: string;
  /** The file as it was handed in: anybody can check it again. */
  readonly envelope: string;
}

export interface Refused {
  /** Place in what was handed in, from 0. */
  readonly index: number;
  /** Undefined where the key is not on the roster. */
  readonly role?: string;
  /** All that hold. */
  readonly reasons: readonly ReasonCode[];
}

export interface Verdict {
  readonly accepted: readonly Accepted[];
  readonly refused: readonly Refused[];
  readonly needed: number;
  readonly enough: boolean;
}

export interface Judging {
  readonly plan: Plan;
  /** The region's epoch now. */
  readonly epoch: number;
  readonly roster: Roster;
  readonly now: Date;
  /** Numbers of all approvals by which any run was ever begun. */
  readonly used: ReadonlySet<string>;
}

export function judgeApprovals(files: readonly Uint8Array[], judging: Judging): Verdict {
  const accepted: Accepted[] = [];
  const refused: Refused[] = [];
  for (const [index, bytes] of files.entries()) {
    const opened = open(bytes, judging.roster);
    if (typeof opened === "string") {
      refused.push({ index, reasons: [opened] });
      continue;
    }
    const { approver, keyid, approval } = opened;
    const reasons =
      approval === undefined
        ? (["not-an-approval"] as const)
        : reasonsOf({ approval, approver, keyid }, judging, accepted);
    if (approval === undefined || reasons.length > 0) refused.push({ index, role: approver.role, reasons });
    else
      accepted.push({
        ...approval,
        ...{ keyid, role: approver.role, post: approver.post, envelope: Buffer.from(bytes).toString("utf8") },
      });
  }
  const needed = NEEDED[judging.plan.needs].count;
  return { accepted, refused, needed, enough: accepted.length >= needed };
}

interface Opened {
  readonly approver: Approver;
  readonly keyid: string;
  readonly approval: ApprovalStatement | undefined;
}

/** Nothing of an envelope is believed before its signature fits. */
function open(bytes: Uint8Array, roster: Roster): Opened | "unreadable" | "unknown-key" | "forged" {
  const envelope = readEnvelope(bytes);
  if (envelope === undefined) return "unreadable";
  const { keyid } = envelope.signatures[0];
  const approver = roster.get(keyid);
  if (approver === undefined) return "unknown-key";
  if (!isSignedBy(envelope, approver.key)) return "forged";
  return { approver, keyid, approval: readApproval(Buffer.from(envelope.payload, "base64")) };
}

interface Candidate {
  readonly approval: ApprovalStatement;
  readonly approver: Approver;
  readonly keyid: string;
}

type Rule = readonly [ReasonCode, (one: Candidate, judging: Judging, before: readonly Accepted[]) => boolean];

/** Each says when an approval does not count. */
const RULES: readonly Rule[] = [
  ["may-not", ({ approver }, { plan }) => !approver.may.includes(NEEDED[plan.needs].may)],
  ["other-region", ({ approval }, { plan }) => approval.region !== plan.region],
  ["other-runbook", ({ approval }, { plan }) => approval.runbook !== plan.runbook],
  ["other-plan", ({ approval }, { plan }) => approval.plan !== planDigest(plan)],
  ["other-epoch", ({ approval }, { plan, epoch }) => approval.epoch !== plan.epoch || approval.epoch !== epoch],
  ["other-decision", ({ approval }, { plan }) => approval.decision !== plan.needs],
  ["expired", ({ approval }, { now }) => Date.parse(approval.expiresAt) <= now.getTime()],
  ["not-yet", ({ approval }, { now }) => Date.parse(approval.approvedAt) > now.getTime() + CLOCK_SKEW_MS],
  ["too-long", ({ approval }) => secondsOf(approval) > LONGEST_SECONDS],
  [
    "replayed",
    ({ approval }, { used }, before) =>
      used.has(approval.nonce) || before.some(({ nonce }) => nonce === approval.nonce),
  ],
  ["key-twice", ({ keyid }, _, before) => before.some((one) => one.keyid === keyid)],
  [
    "role-twice",
    ({ approver, keyid }, _, before) => before.some((one) => one.role === approver.role && one.keyid !== keyid),
  ],
];

function reasonsOf(one: Candidate, judging: Judging, before: readonly Accepted[]): ReasonCode[] {
  return RULES.flatMap(([code, applies]) => (applies(one, judging, before) ? [code] : []));
}

function secondsOf({ approvedAt, expiresAt }: ApprovalStatement): number {
  return (Date.parse(expiresAt) - Date.parse(approvedAt)) / 1000;
}
