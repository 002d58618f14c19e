/**
 * Sealing: JSON in an age file (age-encryption.org/v1) with one scrypt recipient, which the `age` command opens too
 * (`age --decrypt secrets.age`, with the passphrase typed or pasted).
 *
 * A passphrase that we made carries 256 random bits, so nobody guesses it whatever scrypt costs: 2^12 rounds (some 20 ms) do.
 * Anything else may have been thought up by a person and gets age's own 2^18 (about a second).
 */
import { Decrypter, Encrypter } from "age-encryption";
import type { z } from "zod";
import { LumbungError, refused, wrongUse } from "../io/errors.ts";
import type { Text } from "../model/types.ts";
import type { Entropy } from "./entropy.ts";
import { placeSecretsSchema, rootSecretsSchema, siteSecretsSchema } from "./schema.ts";
import type { PlaceSecrets, RootSecrets, SiteSecrets } from "./types.ts";

const OURS = /^lumbung-[A-Za-z0-9_-]{43}$/;
const WORK_FACTOR_OURS = 12;
const WORK_FACTOR_PERSON = 18;

/** `lumbung-` and 256 random bits in base64url; the prefix tells it from one that a person made up. */
export function newPassphrase(entropy: Entropy): string {
  return `lumbung-${Buffer.from(entropy.bytes(32)).toString("base64url")}`;
}

/** Base-2 logarithm of the scrypt work factor that a passphrase calls for. */
export function workFactor(passphrase: string): number {
  return OURS.test(passphrase) ? WORK_FACTOR_OURS : WORK_FACTOR_PERSON;
}

export function sealSite(secrets: SiteSecrets, passphrase: string): Promise<Uint8Array> {
  return seal(secrets, passphrase);
}

export function sealWitness(secrets: PlaceSecrets, passphrase: string): Promise<Uint8Array> {
  return seal(secrets, passphrase);
}

export function sealRoot(secrets: RootSecrets, passphrase: string): Promise<Uint8Array> {
  return seal(secrets, passphrase);
}

/**
 * @param path where the bytes came from, for messages.
 * @throws BundleError `wrong-passphrase` (2), or `damaged`, `unknown-content` (4).
 */
export function openSite(sealed: Uint8Array, passphrase: string, path: string): Promise<SiteSecrets> {
  return open(siteSecretsSchema, sealed, passphrase, path);
}

/** As `openSite`, for the witness: a bundle that holds more than it needs is refused. */
export function openWitness(sealed: Uint8Array, passphrase: string, path: string): Promise<PlaceSecrets> {
  return open(placeSecretsSchema, sealed, passphrase, path);
}

/** As `openSite`, for the root. */
export function openRoot(sealed: Uint8Array, passphrase: string, path: string): Promise<RootSecrets> {
  return open(rootSecretsSchema, sealed, passphrase, path);
}

export type BundleFault = "wrong-passphrase" | "damaged" | "unknown-content";

/** Why a sealed file does not open. */
export class BundleError extends LumbungError {
  readonly fault: BundleFault;

  constructor(fault: BundleFault, error: LumbungError) {
    super(error.exitCode, error.text, error.hint, { cause: error.cause });
    this.name = "BundleError";
    this.fault = fault;
  }
}

async function seal(secrets: PlaceSecrets | RootSecrets, passphrase: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor(passphrase));
  return encrypter.encrypt(JSON.stringify(secrets));
}

async function open<T>(schema: z.ZodType<T>, sealed: Uint8Array, passphrase: string, path: string): Promise<T> {
  const plain = await decrypt(sealed, passphrase, path);
  let content: unknown;
  try {
    content = JSON.parse(plain);
  } catch {
    throw unknownContent(path, ["not JSON"]);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  // Only paths and codes: what a secret holds has no place in a message.
  throw unknownContent(
    path,
    parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.code}`),
  );
}

/** age-encryption throws plain errors; which one it was is told by its message, and a test holds us to the version that we pin. */
async function decrypt(sealed: Uint8Array, passphrase: string, path: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return await decrypter.decrypt(sealed, "text");
  } catch (cause) {
    if (cause instanceof Error && cause.message.startsWith("no identity matched")) {
      throw new BundleError("wrong-passphrase", wrongUse(WRONG(path), WRONG_HINT, { cause }));
    }
    throw new BundleError("damaged", refused(DAMAGED(path), DAMAGED_HINT(path), { cause }));
  }
}

function unknownContent(path: string, issues: readonly string[]): BundleError {
  const list = issues.slice(0, 5).join("; ");
  return new BundleError(
    "unknown-content",
    refused(
      {
        id: `${path}: terbuka, tetapi isinya tidak dikenal (${list})`,
        en: `${path}: it opens, but what it holds is not known (${list})`,
      },
      {
        id: "mungkin dibuat oleh Lumbung yang lebih baru: perbarui klon ini",
        en: "it may be from a newer Lumbung: update this clone",
      },
    ),
  );
}

const WRONG = (path: string): Text => ({
  id: `${path}: frasa sandi salah`,
  en: `${path}: wrong passphrase`,
});
const WRONG_HINT: Text = {
  id: "tiap situs memiliki frasa sandi sendiri: periksa berkas passphrase di sebelahnya, atau PULUMI_CONFIG_PASSPHRASE(_FILE)",
  en: "each site has its own: look at the file passphrase beside it, or at PULUMI_CONFIG_PASSPHRASE(_FILE)",
};
const DAMAGED = (path: string): Text => ({
  id: `${path}: berkas rusak, terpotong, atau diubah`,
  en: `${path}: the file is damaged, cut short or was altered`,
});
const DAMAGED_HINT = (path: string): Text => ({
  id: `pulihkan dari ${path}.previous atau dari cadangan; rahasia baru tidak dibuat di atas yang lama`,
  en: `put it back from ${path}.previous or from a copy; no new secrets are made over the old ones`,
});
