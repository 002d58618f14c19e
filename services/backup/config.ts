/** What the repository host and the drill room are told: `/config/current/backup.json`, rendered by components/backup. None of it is secret. */
import type { DrilledImage } from "../../model/derive/backup-applications.ts";
import type { RepositoryClass } from "../../model/derive/backup-repositories.ts";
import type { BackupTarget, Model, Retention } from "../../model/types.ts";

export interface BackupConfig {
  readonly version: 1;
  /** `host` makes copies and cares for them; `room` restores them and can write none. */
  readonly role: "host" | "room";
  readonly region: string;
  readonly site: string;
  readonly timezone: Model["region"]["timezone"];
  readonly port: number;
  /** Own host name. */
  readonly name: string;
  /** Common name of the only client that may order work: `ops` of this site. */
  readonly ops: string;
  /** Common names of those who may ask how it is. */
  readonly monitors: readonly string[];
  /** The site's own object store, and the bucket that holds its repositories. */
  readonly store: Reached & { readonly bucket: string; readonly lockDays: number };
  readonly targets: readonly ToldTarget[];
  readonly stanzas: readonly Stanza[];
  readonly mariadb: readonly MariadbServer[];
  readonly sources: readonly Source[];
  /** What the room can restore as a whole. Absent: nothing. */
  readonly applications?: readonly ToldApplication[];
}

/** An application as the room starts it. Its own configuration lies in `applications/<application>/`, as production has it, without secrets. */
export interface ToldApplication {
  /** `application:<application>` */
  readonly id: string;
  readonly application: string;
  readonly image: DrilledImage;
  /** Host name by which people ask for its page. */
  readonly host: string;
  /** Its database in the restored server, and the login role that owns it. */
  readonly database: { readonly name: string; readonly user: string };
}

export interface ToldTarget {
  readonly id: string;
  readonly engine: BackupTarget["engine"];
  readonly retention: Retention;
}

/** Connected to by address, verified by name. */
export interface Reached {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** A PostgreSQL server as pgBackRest knows it. */
export interface Stanza {
  readonly target: string;
  readonly name: string;
  readonly repositories: readonly { readonly class: RepositoryClass; readonly number: number }[];
  /** The server itself, at its own site first: for digest checkpoints. */
  readonly servers: readonly Reached[];
}

export interface MariadbServer {
  readonly target: string;
  /** Id of the server, which names the file with the password. */
  readonly id: string;
  /** The agent beside it, which gives copies and binary logs. */
  readonly agent: Reached;
  readonly server: Reached;
  /** For how long binary logs are kept, days. */
  readonly logDays: number;
}

/** What restic keeps, and from where it is brought. */
export type Source = { readonly target: string } & (
  | { readonly kind: "files"; readonly from: Reached }
  | { readonly kind: "repositories"; readonly from: Reached; readonly ids: readonly string[] }
  | { readonly kind: "objects"; readonly bucket: string }
  | { readonly kind: "zones"; readonly from: Reached; readonly zones: readonly string[] }
  /** Records are put into the locked bucket as well, where one is declared. */
  | { readonly kind: "evidence"; readonly from: Reached; readonly bucket?: string }
  /** What `lumbung up` leaves here: Pulumi's state with the site's sealed bundle, and the inventory. */
  | { readonly kind: "deposit" }
);

/** Files of the configuration, and where everything else is. */
export const paths = {
  config: "/config/current",
  /** Links to what asks the store in the epoch in force: kept by the image's `epoch`. */
  run: "/run/backup",
  cache: "/var/cache/lumbung",
  scratch: "/scratch",
  /** Code and settings of each application, in the room's image. */
  applications: "/usr/local/share/lumbung/applications",
  /** A link to the one of them that is drilled now: where its own configuration looks for it (images/room). */
  application: "/run/application",
} as const;

/** @throws ConfigError with every problem, each with its path. */
export function parseConfig(text: string): BackupConfig {
  const problems: string[] = [];
  const need = (holds: boolean, path: string, expected: string, received: unknown): void => {
    if (!holds) problems.push(`${path}: expected ${expected}, received ${JSON.stringify(received) ?? "nothing"}`);
  };
  const value = readJson(text);
  need(value.version === 1, "version", "1", value.version);
  need(value.role === "host" || value.role === "room", "role", "host or room", value.role);
  for (const field of ["region", "site", "timezone", "name", "ops"])
    need(typeof value[field] === "string" && value[field] !== "", field, "a text", value[field]);
  need(isPort(value.port), "port", "a port", value.port);
  for (const field of ["monitors", "targets", "stanzas", "mariadb", "sources"])
    need(Array.isArray(value[field]), field, "a list", value[field]);
  need(
    value.applications === undefined || Array.isArray(value.applications),
    "applications",
    "a list or nothing",
    value.applications,
  );
  const store = fields(value.store);
  for (const field of ["host", "address", "bucket"])
    need(typeof store[field] === "string" && store[field] !== "", `store.${field}`, "a text", store[field]);
  need(isPort(store.port), "store.port", "a port", store.port);
  need(Number(store.lockDays) >= 0, "store.lockDays", "a number of days", store.lockDays);
  if (problems.length > 0) throw new ConfigError(problems);
  return value as unknown as BackupConfig;
}

/** The operator's (or our own renderer's) mistake. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(problems: readonly string[]) {
    super(`backup.json: ${problems.join("; ")}`);
  }
}

function readJson(text: string): Record<string, unknown> {
  try {
    return fields(JSON.parse(text));
  } catch {
    throw new ConfigError(["expected JSON, received something else"]);
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

const isPort = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536;
