/** What the application is told: `/config/current/app.json`. Checked by hand, as a validation library costs 14 MB of memory here. */

export interface AppConfig {
  /** Name of the government, shown in the page's head. */
  readonly region: string;
  /** Name of the application. */
  readonly title: string;
  readonly timezone: "Asia/Jakarta" | "Asia/Makassar" | "Asia/Jayapura";
  /** Port of the HTTPS server. */
  readonly port: number;
  /** Host of the regional portal. Absent: no link to it. */
  readonly portal?: string;
  readonly database: {
    /** Service name of the database server, valid at every site; its certificate carries it. */
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly user: string;
    readonly passwordFile: string;
    /** The password before, tried second. Absent: there is none. */
    readonly previousPasswordFile?: string;
    readonly caFile: string;
  };
  /** OPD that a complaint can be about, in the order shown. */
  readonly opds: readonly { readonly id: string; readonly name: string }[];
  readonly tls: {
    readonly certFile: string;
    readonly keyFile: string;
    readonly caFile: string;
    /** Own host name, under which the health command asks. */
    readonly name: string;
    /** Common names of the only clients that are let in (the gateway's). */
    readonly clients: readonly string[];
    /** Common names that may ask for `/health` and nothing else (`ops`). */
    readonly monitors: readonly string[];
  };
  /** Complaints that one address may send: at once, and then per minute. */
  readonly limit: { readonly burst: number; readonly perMinute: number };
}

/** The operator's mistake, each with its path. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const TIMEZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"] as const;

class Reader {
  readonly problems: string[] = [];

  private fail(path: string, expected: string, received: unknown): void {
    const shown = /password|secret|key$/i.test(path) ? "a value not shown" : JSON.stringify(received);
    this.problems.push(`${path}: expected ${expected}, received ${received === undefined ? "nothing" : shown}`);
  }

  object(value: unknown, path: string): Record<string, unknown> {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    this.fail(path, "an object", value);
    return {};
  }

  text(value: unknown, path: string): string {
    if (typeof value === "string" && value !== "") return value;
    this.fail(path, "a text that is not empty", value);
    return "";
  }

  whole(value: unknown, path: string, from: number, to: number): number {
    if (typeof value === "number" && Number.isInteger(value) && value >= from && value <= to) return value;
    this.fail(path, `a whole number from ${from} to ${to}`, value);
    return from;
  }

  list<Item>(value: unknown, path: string, each: (item: unknown, path: string) => Item): readonly Item[] {
    if (Array.isArray(value)) return value.map((item, index) => each(item, `${path}[${index}]`));
    this.fail(path, "a list", value);
    return [];
  }

  oneOf<Item extends string>(value: unknown, path: string, allowed: readonly Item[]): Item {
    const found = allowed.find((item) => item === value);
    if (found === undefined) this.fail(path, `one of ${allowed.join(", ")}`, value);
    return found ?? (allowed[0] as Item);
  }
}

/**
 * The configuration in this JSON. Throws one {@link ConfigError} that names every mistake.
 * @param text Contents of `app.json`.
 */
export function parseConfig(text: string): AppConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`app.json: expected JSON, received ${(cause as Error).message}`, { cause });
  }
  const reader = new Reader();
  const root = reader.object(json, "app.json");
  const database = reader.object(root.database, "database");
  const tls = reader.object(root.tls, "tls");
  const limit = reader.object(root.limit, "limit");
  const config: AppConfig = {
    region: reader.text(root.region, "region"),
    title: reader.text(root.title, "title"),
    timezone: reader.oneOf(root.timezone, "timezone", TIMEZONES),
    port: reader.whole(root.port, "port", 1, 65535),
    ...(root.portal === undefined ? {} : { portal: reader.text(root.portal, "portal") }),
    database: {
      host: reader.text(database.host, "database.host"),
      port: reader.whole(database.port, "database.port", 1, 65535),
      name: reader.text(database.name, "database.name"),
      user: reader.text(database.user, "database.user"),
      passwordFile: reader.text(database.passwordFile, "database.passwordFile"),
      ...(database.previousPasswordFile === undefined
        ? {}
        : { previousPasswordFile: reader.text(database.previousPasswordFile, "database.previousPasswordFile") }),
      caFile: reader.text(database.caFile, "database.caFile"),
    },
    opds: reader.list(root.opds, "opds", (item, path) => {
      const opd = reader.object(item, path);
      return { id: reader.text(opd.id, `${path}.id`), name: reader.text(opd.name, `${path}.name`) };
    }),
    tls: {
      certFile: reader.text(tls.certFile, "tls.certFile"),
      keyFile: reader.text(tls.keyFile, "tls.keyFile"),
      caFile: reader.text(tls.caFile, "tls.caFile"),
      name: reader.text(tls.name, "tls.name"),
      clients: reader.list(tls.clients, "tls.clients", (item, path) => reader.text(item, path)),
      monitors: reader.list(tls.monitors, "tls.monitors", (item, path) => reader.text(item, path)),
    },
    limit: {
      burst: reader.whole(limit.burst, "limit.burst", 1, 100_000),
      perMinute: reader.whole(limit.perMinute, "limit.perMinute", 1, 1_000_000),
    },
  };
  if (reader.problems.length > 0) throw new ConfigError(reader.problems.join("\n"));
  return config;
}
