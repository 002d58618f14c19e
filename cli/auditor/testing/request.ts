/** For tests only: a certification request for a new key, as an auditor brings one. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

export interface Brought {
  /** PEM */
  readonly csr: string;
  /** PKCS#8 PEM */
  readonly key: string;
}

export async function brought(): Promise<Brought> {
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]);
  const made = await x509.Pkcs10CertificateRequestGenerator.create(
    { name: "CN=auditor", keys, signingAlgorithm: ECDSA },
    webcrypto,
  );
  const key = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey("pkcs8", keys.privateKey),
    x509.PemConverter.PrivateKeyTag,
  );
  return { csr: `${made.toString("pem")}\n`, key: `${key}\n` };
}

export const request = async (): Promise<string> => (await brought()).csr;
