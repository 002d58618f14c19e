/** What a signer is told: `/config/current/signer.json`, rendered by components/signer. Checked by hand, as a validation library costs 14 MB of memory. */

export interface SignerConfig {
  readonly version: 1;
  readonly region: string;
  readonly site: string;
  readonly port: number;
  /** Own host name, under which the command-line modes ask the running server. */
  readonly name: string;
  /** Common name of the only client that may have something signed: `ops` of this site. */
  readonly ops: string;
  /** Common names that may ask how the signer is: `ops` and operators of all sites. */
  readonly monitors: readonly string[];
  /** Common name of the site's own repository host, which reads records and heads; absent where no backups run. */
  readonly backup?: string;
  /** The other site's signer; absent in a region of one. */
  readonly peer?: { readonly site: string; readonly name: string; readonly address: string; readonly port: number };
  /** How often the other's records are copied. */
  readonly copySeconds: number;
  /** How often the other is asked to counter-sign our head. */
  readonly headSeconds: number;
}

/** @throws ConfigError with every problem, each with its path. */
export function parseConfig(text: string): SignerConfig {
  const problems: string[] = [];
  const need = (holds: boolean, path: string, expected: string, received: unknown): void => {
    if (!holds) problems.push(`${path}: expected ${expected}, received ${JSON.stringify(received) ?? "nothing"}`);
  };
  const value = readJson(text);
  need(value.version === 1, "version", "1", value.version);
  for (const field of ["region", "site", "name", "ops"]) need(isText(value[field]), field, "a text", value[field]);
  need(isPort(value.port), "port", "a port", value.port);
  const { monitors, backup, peer } = value;
  need(Array.isArray(monitors) && monitors.every(isText), "monitors", "a list of texts", monitors);
  need(backup === undefined || isText(backup), "backup", "a text", backup);
  for (const field of ["copySeconds", "headSeconds"])
    need(Number(value[field]) > 0, field, "a number above 0", value[field]);
  if (peer !== undefined) {
    for (const field of ["site", "name", "address"])
      need(isText(fields(peer)[field]), `peer.${field}`, "a text", fields(peer)[field]);
    need(isPort(fields(peer).port), "peer.port", "a port", fields(peer).port);
  }
  if (problems.length > 0) throw new ConfigError("signer.json", problems);
  return value as unknown as SignerConfig;
}

/** The operator's (or our own renderer's) mistake. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(file: string, problems: readonly string[]) {
    super(`${file}: ${problems.join("; ")}`);
  }
}

function readJson(text: string): Record<string, unknown> {
  try {
    return fields(JSON.parse(text));
  } catch {
    throw new ConfigError("signer.json", ["expected JSON, received something else"]);
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536;
}
