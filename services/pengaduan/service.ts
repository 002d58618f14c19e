/** The running service: configuration read and read again, database prepared when it can be, stopped in good order. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Server } from "node:https";
import type { Logger } from "pino";
import { handle, tooLarge } from "./app.ts";
import { type AppConfig, parseConfig } from "./config.ts";
import { csrfKey } from "./csrf.ts";
import type { AppDeps } from "./http.ts";
import { RateLimiter } from "./limit.ts";
import { PostgresStore } from "./postgres.ts";
import { makeServer, renewTls, type Tls } from "./server.ts";
import { StoreUnavailable } from "./store.ts";

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 10_000;
const HEALTH_MS = 1_300;
const STOP_MS = 8_000;
/** Longer than a request may take (`requestTimeout`, and the store's own deadline). */
const RETIRE_MS = 30_000;

interface Loaded {
  readonly config: AppConfig;
  readonly tls: Tls;
  /** Newest first. */
  readonly passwords: readonly [string, ...string[]];
  readonly databaseCa: string;
}

interface Running extends Loaded {
  readonly store: PostgresStore;
  readonly csrf: AppDeps["csrfKeys"];
}

/** Everything that the configuration names, read at once, so that a half-readable one changes nothing. */
function load(file: string): Loaded {
  const config = parseConfig(readFileSync(file, "utf8"));
  const read = (path: string) => readFileSync(path, "utf8");
  return {
    config,
    tls: { cert: read(config.tls.certFile), key: read(config.tls.keyFile), ca: read(config.tls.caFile) },
    passwords: [
      read(config.database.passwordFile).trim(),
      ...[config.database.previousPasswordFile].flatMap((path) => (path === undefined ? [] : [read(path).trim()])),
    ],
    databaseCa: read(config.database.caFile),
  };
}

/** The first of several mistakes, and how many more there are: `health` has one line. */
function firstOf(message: string): string {
  const [first = "", ...others] = message.split("\n");
  return others.length === 0 ? first : `${first} (and ${others.length} more, see the log)`;
}

export class Service {
  readonly #file: string;
  readonly #log: Logger;
  readonly #limiter = new RateLimiter();
  readonly #server: Server;
  #running: Running;
  readonly #retired = new Map<PostgresStore, NodeJS.Timeout>();
  #refusedReload: string | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(file: string, log: Logger) {
    this.#file = file;
    this.#log = log;
    this.#running = this.#run(load(file));
    this.#server = makeServer(this.#running.tls, {
      callers: () => {
        const { clients, monitors, name } = this.#running.config.tls;
        return { clients, monitors: [...monitors, name] };
      },
      handle: (request) => handle(request, this.#deps()),
      tooLarge: (url) => tooLarge(this.#running.config, url),
      health: () => this.#health(),
      onRequest: (entry) => log.info(entry, "request"),
      onRefused: (reason) => log.warn({ reason }, "refused"),
      onBug: (error, route) => this.#bug(error, route),
    });
  }

  #run(loaded: Loaded): Running {
    const { config, tls } = loaded;
    const { host, port, name, user } = config.database;
    const store = new PostgresStore(
      { host, port, name, user, passwords: loaded.passwords, ca: loaded.databaseCa, cert: tls.cert, key: tls.key },
      (error) => this.#log.warn({ reason: error.message }, "database connection ended"),
    );
    const [newest, ...before] = loaded.passwords;
    return { ...loaded, store, csrf: [csrfKey(newest), ...before.map(csrfKey)] };
  }

  #deps(): AppDeps {
    const { config, store, csrf } = this.#running;
    return {
      config,
      store,
      limiter: this.#limiter,
      csrfKeys: csrf,
      nowMs: Date.now,
      random: randomBytes,
      onBug: (error, route) => this.#bug(error, route),
    };
  }

  /** Of a bug only where and what kind: a message of the database may quote what a person wrote. */
  #bug(error: unknown, route: string): void {
    const { name, stack } = error instanceof Error ? error : new Error("unknown");
    const at = stack
      ?.split("\n")
      .filter((line) => line.startsWith("    at "))
      .slice(0, 6)
      .map((line) => line.trim());
    this.#log.error({ route, name, code: (error as { code?: unknown }).code, at }, "bug");
  }

  async #health(): Promise<{ ok: boolean; detail: string }> {
    const state = await this.#running.store.state(HEALTH_MS);
    if (this.#refusedReload === undefined) return state;
    return {
      ok: false,
      detail: `new configuration refused, the one before is in force: ${this.#refusedReload}; ${state.detail}`,
    };
  }

  /** Listens, and prepares the database in the background for as long as that takes. */
  async start(): Promise<void> {
    const { port } = this.#running.config;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, () => {
        this.#server.removeListener("error", reject);
        resolve();
      });
    });
    this.#log.info({ port }, "listening");
    void this.#prepare(this.#running.store, FIRST_RETRY_MS);
  }

  async #prepare(store: PostgresStore, pauseMs: number): Promise<void> {
    try {
      this.#log.info({ schema: await store.prepare() }, "database ready");
    } catch (error) {
      if (this.#stopping || store !== this.#running.store) return;
      if (error instanceof StoreUnavailable)
        this.#log.warn({ reason: error.message, againMs: pauseMs }, "database not ready");
      else this.#bug(error, "schema");
      this.#retry = setTimeout(() => void this.#prepare(store, Math.min(pauseMs * 2, LAST_RETRY_MS)), pauseMs);
    }
  }

  /** Takes up `/config/current` anew. If it is wrong, the one before stays in force and `health` says so. */
  reload(): void {
    try {
      const loaded = load(this.#file);
      renewTls(this.#server, loaded.tls);
      const before = this.#running;
      this.#running = this.#sameDatabase(loaded) ? { ...before, config: loaded.config } : this.#run(loaded);
      this.#refusedReload = undefined;
      this.#log.info({ opds: loaded.config.opds.length }, "configuration taken up");
      if (this.#running.store === before.store) return;
      clearTimeout(this.#retry);
      this.#retire(before.store);
      void this.#prepare(this.#running.store, FIRST_RETRY_MS);
    } catch (error) {
      this.#refusedReload = firstOf((error as Error).message);
      this.#log.error({ reason: (error as Error).message }, "configuration refused");
    }
  }

  /** Requests under way may still ask it: it is closed when none can. */
  #retire(store: PostgresStore): void {
    const timer = setTimeout(() => {
      this.#retired.delete(store);
      void store.close();
    }, RETIRE_MS);
    this.#retired.set(store, timer);
  }

  #sameDatabase(loaded: Loaded): boolean {
    const key = (from: Loaded) => JSON.stringify([from.config.database, from.passwords, from.databaseCa, from.tls]);
    return key(loaded) === key(this.#running);
  }

  /** Stops taking requests, lets those under way end, closes the database. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#retry);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const late = setTimeout(() => this.#server.closeAllConnections(), STOP_MS);
    await closed;
    clearTimeout(late);
    for (const timer of this.#retired.values()) clearTimeout(timer);
    await Promise.all([this.#running.store, ...this.#retired.keys()].map((store) => store.close()));
    this.#log.info("stopped");
  }
}
