/** Private keys by which a person approves: files of mode 0600 that their holder keeps. */
import { createPrivateKey, type KeyObject, randomBytes } from "node:crypto";
import { labApprovalKey } from "../../custody/approvers.ts";
import { wrongUse } from "../../io/errors.ts";
import { readPrivate } from "../../io/files.ts";
import type { Model } from "../../model/types.ts";
import { approvalOf, signApproval } from "../../runbooks/approvals/approval.ts";
import type { Plan } from "../../runbooks/engine/plan.ts";
import type { Options } from "../options.ts";

/** Of --key, each; in a lab also of --by, the role whose key this machine keeps. @throws LumbungError (2) where a file holds no such key, (4) where others may read it. */
export async function approvalKeys({ key = [], by }: Options, model: Model): Promise<KeyObject[]> {
  const files = [
    ...key,
    ...(by !== undefined && key.length === 0 ? by.split(",").map((role) => roleKey(model, role)) : []),
  ];
  return Promise.all(files.map(readKey));
}

function roleKey({ region }: Model, role: string): string {
  if (region.lab) return labApprovalKey(region.id, role, process.env).key;
  throw wrongUse(
    {
      id: "--by tanpa --key hanya di lab: kunci dipegang pemegang peran",
      en: "--by without --key in a lab alone: keys are with their holders",
    },
    { id: "--key <berkas kunci>", en: "--key <key file>" },
  );
}

async function readKey(path: string): Promise<KeyObject> {
  const pem = await readPrivate(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw cause;
    throw wrongUse({ id: `${path}: tidak ada`, en: `${path}: there is none` }, undefined, { cause });
  });
  const key = keyIn(pem);
  if (key?.asymmetricKeyType === "ed25519") return key;
  throw wrongUse(
    { id: `${path}: diharapkan kunci pribadi Ed25519 dalam PEM`, en: `${path}: expected a private Ed25519 key in PEM` },
    { id: "buat: lumbung approve keygen --to <berkas>", en: "make one: lumbung approve keygen --to <file>" },
  );
}

function keyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's words for what is no key say nothing of use; the file is named.
    return undefined;
  }
}

/** A fresh approval of a plan, signed. */
export function approvedBy(plan: Plan, key: KeyObject, now: Date): Buffer {
  return signApproval(approvalOf(plan, { now, random: randomBytes(16) }), key);
}
