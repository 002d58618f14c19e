/**
 * Keys by which runbooks are approved. A real region's are made by their holders (`lumbung approve keygen`) and only the public halves stand in the
 * inventory. A lab's are made here, on the machine that runs it, and lie in its home: whoever has that machine has the lab.
 */
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { createPrivate, ensurePrivateFolder, readIfThere } from "../io/files.ts";
import { lumbungHome } from "../io/home.ts";
import type { ApproverModel, Model } from "../model/types.ts";
import type { Environment } from "./paths.ts";

export interface ApprovalKeyPair {
  /** PKCS#8 PEM, Ed25519. */
  readonly key: string;
  /** SPKI PEM. */
  readonly publicKey: string;
}

/** An approver whose key is known: what `ops` is told. */
export type KnownApprover = Required<ApproverModel>;

export function makeApprovalKey(): ApprovalKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

/** Where a lab keeps a role's key pair. */
export function labApprovalKey(region: string, role: string, env: Environment) {
  const folder = join(lumbungHome(env), region, "approvals");
  return { folder, key: join(folder, `${role}.key`), publicKey: join(folder, `${role}.pub`) };
}

/** Makes the keys that a lab lacks; mode 0600. @returns the roles for which one was made. @throws the disk's error. */
export async function ensureLabApprovers({ region }: Model, env: Environment): Promise<readonly string[]> {
  const made: string[] = [];
  for (const { role, publicKey } of region.approvers) {
    if (publicKey !== undefined || !region.lab) continue;
    const paths = labApprovalKey(region.id, role, env);
    if ((await readIfThere(paths.publicKey)) !== undefined) continue;
    await ensurePrivateFolder(paths.folder);
    const pair = makeApprovalKey();
    // The public half last: where it is there, so is the other.
    if ((await readIfThere(paths.key)) === undefined) await createPrivate(paths.key, pair.key);
    else throw new Error(`${paths.key}: has no public half beside it; remove it, and a new pair is made`);
    await createPrivate(paths.publicKey, pair.publicKey);
    made.push(role);
  }
  return made;
}

/** The region's approvers with their keys. One whose key is not known here is left out: it can approve nothing. */
export async function knownApprovers({ region }: Model, env: Environment): Promise<KnownApprover[]> {
  const known: KnownApprover[] = [];
  for (const { publicKey, ...rest } of region.approvers) {
    const own = publicKey ?? (await textIfThere(labApprovalKey(region.id, rest.role, env).publicKey));
    if (own !== undefined) known.push({ ...rest, publicKey: own });
  }
  return known;
}

async function textIfThere(path: string): Promise<string | undefined> {
  const bytes = await readIfThere(path);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
}
