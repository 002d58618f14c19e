/** What a signer reads at start and at every reload: one generation of `/config/current`. */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { keyIdOf } from "../../evidence/dsse.ts";
import { type KeyRing, keyRing, type PublicEvidenceKey } from "../../evidence/keys.ts";
import { ConfigError, parseConfig, type SignerConfig } from "./config.ts";

export interface SignerFiles {
  readonly config: SignerConfig;
  /** Private; it never leaves this process. */
  readonly key: KeyObject;
  /** Of every site, former generations included; the own one is among them. */
  readonly keys: KeyRing;
  readonly tls: Required<Pick<SecureContextOptions, "ca" | "cert" | "key" | "minVersion">>;
}

/**
 * Configuration, keys and certificates of one and the same generation.
 * @throws ConfigError, or the system's error with the path of the file that cannot be read, or OpenSSL's for a bad key or certificate.
 */
export async function readSignerFiles(folder: string): Promise<SignerFiles> {
  // The link may be switched while we read.
  const generation = await realpath(folder);
  const file = (name: string): Promise<string> => readFile(join(generation, name), "utf8");
  const [text, known, own, ca, cert, key] = await Promise.all([
    file("signer.json"),
    file("evidence-keys.json"),
    file("evidence.key"),
    file("tls/ca.crt"),
    file("tls/server.crt"),
    file("tls/server.key"),
  ]);
  const tls = { ca, cert, key, minVersion: "TLSv1.3" } as const;
  createSecureContext(tls);
  const config = parseConfig(text);
  const signing = createPrivateKey(own);
  const keys = keyRing(JSON.parse(known) as readonly PublicEvidenceKey[]);
  if (keys.get(keyIdOf(signing))?.site !== config.site)
    throw new ConfigError("evidence-keys.json", [`expected the public half of evidence.key for ${config.site}`]);
  return { config, key: signing, keys, tls };
}
