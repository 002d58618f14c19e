/** For tests: a configuration, a store in memory that can fail, and requests. */
import type { ProofRow } from "../../model/proof.ts";
import { type Complaint, type ComplaintSummary, type NewComplaint, referenceFrom } from "./complaint.ts";
import type { AppConfig } from "./config.ts";
import { csrfKey } from "./csrf.ts";
import type { AppDeps, AppRequest, AppResponse } from "./http.ts";
import { RateLimiter } from "./limit.ts";
import { type Store, StoreUnavailable } from "./store.ts";

export const HOST = "pengaduan.lumbungkab.go.id";

export const CONFIG: AppConfig = {
  region: "Pemerintah Kabupaten Lumbung",
  title: "Pengaduan Warga",
  timezone: "Asia/Jakarta",
  port: 8443,
  portal: "lumbungkab.go.id",
  database: {
    host: "postgres-utama.lab.internal",
    port: 5432,
    name: "pengaduan",
    user: "pengaduan",
    passwordFile: "/config/current/secrets/database-password",
    caFile: "/config/current/tls/ca.crt",
  },
  opds: [
    { id: "dinkes", name: "Dinas Kesehatan" },
    { id: "dishub", name: "Dinas Perhubungan" },
  ],
  tls: {
    certFile: "/config/current/tls/server.crt",
    keyFile: "/config/current/tls/server.key",
    caFile: "/config/current/tls/ca.crt",
    name: "app-pengaduan.dc.lab.internal",
    clients: ["gateway.dc.lab.internal"],
    monitors: ["ops.dc.lab.internal"],
  },
  limit: { burst: 3, perMinute: 6 },
};

export class MemoryStore implements Store {
  readonly complaints: Complaint[] = [];
  readonly #keys = new Map<string, string>();
  /** What every call fails with. Absent: nothing fails. */
  failWith: Error | undefined;

  async add(complaint: NewComplaint, makeReference: () => string): Promise<{ reference: string; created: boolean }> {
    if (this.failWith) throw this.failWith;
    const known = this.#keys.get(complaint.requestKey);
    if (known !== undefined) return { reference: known, created: false };
    const reference = makeReference();
    this.#keys.set(complaint.requestKey, reference);
    const createdAt = new Date("2026-03-09T07:05:00Z");
    const { opd, text } = complaint;
    this.complaints.unshift({
      reference,
      opd,
      text,
      status: "diterima",
      createdAt,
      history: [{ status: "diterima", at: createdAt }],
    });
    return { reference, created: true };
  }

  async find(reference: string): Promise<Complaint | undefined> {
    if (this.failWith) throw this.failWith;
    return this.complaints.find((each) => each.reference === reference);
  }

  async latest(count: number): Promise<readonly ComplaintSummary[]> {
    if (this.failWith) throw this.failWith;
    return this.complaints.slice(0, count);
  }

  async prove(token: string): Promise<ProofRow> {
    if (this.failWith) throw this.failWith;
    return { table: "proof", slot: 3, token, at: "2026-03-09T07:05:00.000Z" };
  }
}

export const OUT_OF_REACH = new StoreUnavailable("no connection: refused");

export interface Bench {
  readonly deps: AppDeps;
  readonly store: MemoryStore;
  readonly bugs: unknown[];
  /** Moves the clock. */
  wait(seconds: number): void;
}

/** The application without a socket: its clock stands still, its random bytes count up. */
export function bench(): Bench {
  let nowMs = Date.parse("2026-03-09T07:00:00Z");
  let count = 0;
  const store = new MemoryStore();
  const bugs: unknown[] = [];
  return {
    store,
    bugs,
    wait: (seconds) => {
      nowMs += seconds * 1000;
    },
    deps: {
      config: CONFIG,
      store,
      limiter: new RateLimiter(),
      csrfKeys: [csrfKey("a password of a test")],
      nowMs: () => nowMs,
      random: (bytes) => {
        count++;
        return Uint8Array.from({ length: bytes }, (_, index) => (count * 7 + index * 13) % 256);
      },
      onBug: (error) => bugs.push(error),
    },
  };
}

export function get(url: string, headers: AppRequest["headers"] = {}): AppRequest {
  return { method: "GET", url, host: HOST, client: "203.0.113.7", headers, body: "" };
}

export function post(
  url: string,
  fields: Readonly<Record<string, string>>,
  headers: AppRequest["headers"] = {},
): AppRequest {
  return {
    ...get(url, { "content-type": "application/x-www-form-urlencoded", ...headers }),
    method: "POST",
    body: new URLSearchParams(fields).toString(),
  };
}

export function postJson(value: unknown, headers: AppRequest["headers"] = {}): AppRequest {
  return {
    ...get("/api/complaints", { "content-type": "application/json", ...headers }),
    method: "POST",
    body: JSON.stringify(value),
  };
}

/** What a browser would send back with the form that it was given. */
export function formOf(response: AppResponse): {
  readonly cookie: string;
  readonly csrf: string;
  readonly token: string;
} {
  const value = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(response.body)?.[1] ?? "";
  return {
    cookie: (response.headers["set-cookie"] ?? "").split(";")[0] ?? "",
    csrf: value("csrf"),
    token: value("token"),
  };
}

export const aReference = referenceFrom(new Uint8Array(8));
