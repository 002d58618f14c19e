/** For tests only: roles with keys made in memory, and approvals that they sign. */
import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { type ApprovalStatement, type Approving, approvalOf, signApproval } from "../../approvals/approval.ts";
import { type May, type RosterEntry, readRoster } from "../../approvals/roster.ts";
import type { Plan } from "../plan.ts";

export interface Holder {
  readonly key: KeyObject;
  readonly entry: RosterEntry;
}

export function holder(role: string, may: readonly May[] = ["approve", "override"]): Holder {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  return { key: privateKey, entry: { role, post: `Jabatan ${role} (contoh)`, publicKey: pem, may } };
}

export const rosterOf = (...holders: readonly Holder[]) => readRoster(holders.map(({ entry }) => entry)).roster;

export interface Signing extends Partial<Approving> {
  readonly now: Date;
  /** What the statement says otherwise than the plan's own. */
  readonly says?: Partial<ApprovalStatement>;
}

export function signedBy({ key }: Holder, plan: Plan, { says, random = randomBytes(16), ...rest }: Signing): Buffer {
  return signApproval({ ...approvalOf(plan, { ...rest, random }), ...says }, key);
}
