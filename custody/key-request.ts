/**
 * A certification request (PKCS #10, RFC 2986) that somebody brings, made with a key that the region never sees. Nothing of it is taken but the public
 * key: name, use and period are the region's to say.
 */
import "reflect-metadata";
import { createHash, createPublicKey, type KeyObject, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";

export interface KeyRequest {
  readonly publicKey: x509.PublicKeyType;
  /** SHA-256 of the public key (SPKI, DER), in hex. */
  readonly sha256: string;
}

/** What is asked to be certified, or why it is not. @param content PEM */
export async function readKeyRequest(content: string): Promise<KeyRequest | { readonly wrong: Text }> {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(content)) return { wrong: PRIVATE };
  const request = parsed(content);
  if (request === undefined) return { wrong: NONE };
  // Whoever asks has the private key: the request is signed with it.
  if (!(await request.verify(webcrypto).catch(() => false))) return { wrong: UNSIGNED };
  const der = Buffer.from(request.publicKey.rawData);
  if (!isStrong(createPublicKey({ key: der, format: "der", type: "spki" }))) return { wrong: WEAK };
  return { publicKey: request.publicKey, sha256: createHash("sha256").update(der).digest("hex") };
}

function parsed(content: string): x509.Pkcs10CertificateRequest | undefined {
  try {
    return new x509.Pkcs10CertificateRequest(content);
  } catch {
    // Whatever it is, it is no request.
    return undefined;
  }
}

/** What every browser takes for a client's certificate. */
function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === "rsa") return Number(asymmetricKeyDetails?.modulusLength) >= 2048;
  return asymmetricKeyType === "ec" && ["prime256v1", "secp384r1"].includes(asymmetricKeyDetails?.namedCurve ?? "");
}

const PRIVATE = text(
  "berkas ini memuat kunci pribadi, yang tidak boleh diserahkan kepada siapa pun: buat kunci baru",
  "this file holds a private key, which is given to nobody: make a new key",
);
const NONE = text("bukan permintaan sertifikat (PKCS #10)", "no certification request (PKCS #10)");
const UNSIGNED = text(
  "permintaan ini tidak ditandatangani dengan kuncinya sendiri",
  "this request is not signed with its own key",
);
const WEAK = text(
  "kuncinya bukan ECDSA P-256 atau P-384, atau RSA paling sedikit 2048 bit",
  "its key is neither ECDSA P-256 or P-384 nor RSA of 2048 bits at least",
);
