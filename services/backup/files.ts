/** What the process reads at start and at every reload: one generation of `/config/current`. */
import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { type BackupConfig, parseConfig } from "./config.ts";

export interface BackupFiles {
  readonly config: BackupConfig;
  readonly tls: Required<Pick<SecureContextOptions, "ca" | "cert" | "key" | "minVersion">>;
}

/** @throws ConfigError, or the system's error with the path of the file that cannot be read, or OpenSSL's for a bad certificate. */
export async function readBackupFiles(folder: string): Promise<BackupFiles> {
  // The link may be switched while we read.
  const generation = await realpath(folder);
  const file = (name: string): Promise<string> => readFile(join(generation, name), "utf8");
  const [text, ca, cert, key] = await Promise.all([
    file("backup.json"),
    file("tls/ca.crt"),
    file("tls/server.crt"),
    file("tls/server.key"),
  ]);
  const tls = { ca, cert, key, minVersion: "TLSv1.3" } as const;
  createSecureContext(tls);
  return { config: parseConfig(text), tls };
}
