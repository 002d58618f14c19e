/**
 * An approval: one file, in which one key of the region's roster says that one plan may be run. It is an in-toto Statement v1 in a DSSE 1.0
 * envelope with one Ed25519 signature (as evidence is, see evidence/dsse.ts), in canonical JSON (RFC 8785), without a final line feed.
 *
 * Whoever doubts it needs the file, the role's public key, OpenSSL 3 and a shell. Say `approval=FILE` and `key=FILE.pem`, then type:
 *
 * ```sh
 * field() { sed -E "s|.*\"$1\":\"([^\"]*)\".*|\1|" "$approval"; }
 * type=$(field payloadType)
 * field payload | base64 -d > payload.bin
 * field sig | base64 -d > signature.bin
 * printf 'DSSEv1 %s %s %s ' "${#type}" "$type" "$(wc -c < payload.bin | tr -d ' ')" > signed.bin
 * cat payload.bin >> signed.bin
 * openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in signed.bin -sigfile signature.bin
 * openssl pkey -pubin -in "$key" -outform DER | openssl dgst -sha256 -r | cut -c1-64
 * cat payload.bin
 * ```
 *
 * `Signature Verified Successfully` must come; then the key's name, which the report prints beside the role; then what was signed: `digest.sha256`
 * is that of the plan, as `--plan` and the report print it, and `predicate` says region, runbook, epoch, until when, and a number that is used once.
 */
import type { KeyObject } from "node:crypto";
import { canonicalJson } from "../../evidence/canonical.ts";
import { envelopeBytes, seal } from "../../evidence/dsse.ts";
import { fieldsOf, isDigest } from "../../evidence/fields.ts";
import { STATEMENT_TYPE } from "../../evidence/statement.ts";
import { DECISIONS, type Decision, type Plan, planDigest } from "../engine/plan.ts";

/** Another type than any kind of evidence has: no record can be shown as an approval, nor the other way round. */
export const APPROVAL_TYPE = "https://lumbung.example/approval/v1";

/** The longest time for which an approval is good: a day. */
export const LONGEST_SECONDS = 86_400;

/** What is signed. */
export interface ApprovalStatement {
  readonly region: string;
  readonly runbook: string;
  /** SHA-256 of the plan, in hex. */
  readonly plan: string;
  /** The region's epoch for which it is good. */
  readonly epoch: number;
  readonly decision: Decision;
  /** ISO 8601 in UTC, by the approver's clock. */
  readonly approvedAt: string;
  readonly expiresAt: string;
  /** 32 hex digits, random: used once. */
  readonly nonce: string;
}

export interface Approving {
  readonly now: Date;
  /** Default an hour, at most `LONGEST_SECONDS`. */
  readonly goodForSeconds?: number;
  /** 16 bytes from the system's random generator. */
  readonly random: Uint8Array;
}

/** The approval of a plan, to be shown to whoever signs it. @throws RangeError for a time or a nonce out of bounds. */
export function approvalOf(plan: Plan, { now, goodForSeconds = 3600, random }: Approving): ApprovalStatement {
  if (!(goodForSeconds > 0 && goodForSeconds <= LONGEST_SECONDS))
    throw new RangeError(
      `goodForSeconds: expected more than 0, at most ${LONGEST_SECONDS}, received ${goodForSeconds}`,
    );
  if (random.length !== 16) throw new RangeError(`random: expected 16 bytes, received ${random.length}`);
  return {
    region: plan.region,
    runbook: plan.runbook,
    plan: planDigest(plan),
    epoch: plan.epoch,
    decision: plan.needs,
    approvedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + goodForSeconds * 1000).toISOString(),
    nonce: Buffer.from(random).toString("hex"),
  };
}

/** The signed file. @param key private, Ed25519. */
export function signApproval(approval: ApprovalStatement, key: KeyObject): Buffer {
  return envelopeBytes(seal(approvalBytes(approval), key));
}

/** The bytes that are signed. */
export function approvalBytes({ plan, ...predicate }: ApprovalStatement): Buffer {
  const subject = [{ name: `${predicate.region}/${predicate.runbook}`, digest: { sha256: plan } }];
  return Buffer.from(canonicalJson({ _type: STATEMENT_TYPE, subject, predicateType: APPROVAL_TYPE, predicate }));
}

/** The approval in these bytes, or undefined where they are not exactly what `approvalBytes` writes. */
export function readApproval(bytes: Uint8Array): ApprovalStatement | undefined {
  try {
    const { subject, predicate } = fieldsOf(JSON.parse(Buffer.from(bytes).toString("utf8")));
    const [about = null] = Array.isArray(subject) ? subject : [];
    const plan = fieldsOf(fieldsOf(about).digest ?? null).sha256;
    const approval = { ...fieldsOf(predicate ?? null), plan } as unknown as ApprovalStatement;
    return isApproval(approval) && approvalBytes(approval).equals(bytes) ? approval : undefined;
  } catch {
    // Not JSON, or nested deeper than anybody writes.
    return undefined;
  }
}

function isApproval(approval: ApprovalStatement): boolean {
  const { region, runbook, plan, epoch, decision, approvedAt, expiresAt, nonce } = approval;
  return (
    [region, runbook].every((one) => typeof one === "string" && one !== "") &&
    isDigest(plan) &&
    Number.isSafeInteger(epoch) &&
    DECISIONS.includes(decision) &&
    [approvedAt, expiresAt].every(
      (one) => typeof one === "string" && TIME.test(one) && !Number.isNaN(Date.parse(one)),
    ) &&
    typeof nonce === "string" &&
    /^[0-9a-f]{32}$/.test(nonce)
  );
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
