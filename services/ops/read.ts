/** Engines' answers to observations. Pure. What an answer lacks is left out; nothing is guessed. */
import type { Observation, PatroniObservation } from "./observation.ts";

/** `GET /patroni` (Patroni 4, REST API "Monitoring endpoint"). */
export function readPatroni(body: string): PatroniObservation {
  const answer = object(JSON.parse(body));
  const xlog = object(answer.xlog);
  const role = roleOf(answer.role);
  const position = role === "primary" ? xlog.location : xlog.replayed_location;
  return {
    probe: "patroni",
    state: typeof answer.state === "string" ? answer.state : "unknown",
    role,
    streaming: answer.replication_state === "streaming",
    ...(typeof answer.server_version === "number" ? { version: postgresVersion(answer.server_version) } : {}),
    ...(typeof answer.timeline === "number" ? { timeline: answer.timeline } : {}),
    ...(typeof position === "number" ? { position } : {}),
    ...replayed(xlog.replayed_timestamp),
    ...(typeof answer.database_system_identifier === "string"
      ? { systemIdentifier: answer.database_system_identifier }
      : {}),
    ...syncOf(answer),
  };
}

/** Python's `str(datetime)`, with an offset. */
function replayed(said: unknown): Pick<PatroniObservation, "replayedAt"> {
  const at = typeof said === "string" ? new Date(said.replace(" ", "T")) : undefined;
  return at === undefined || Number.isNaN(at.getTime()) ? {} : { replayedAt: at.toISOString() };
}

/** The tag is set with the very list of standbys for which PostgreSQL waits (images/postgres, sync_state.py). */
function syncOf(answer: Record<string, unknown>): Pick<PatroniObservation, "sync"> {
  const told = object(answer.tags).lumbung_sync;
  if (told !== "required" && told !== "relaxed") return {};
  const standbys = Array.isArray(answer.replication) ? answer.replication.map(object) : [];
  const satisfied = standbys.some(({ state, sync_state }) => state === "streaming" && sync_state === "sync");
  return { sync: { waits: told === "required", satisfied } };
}

/** 170011 is 17.11 (PostgreSQL manual, `server_version_num`). */
export function postgresVersion(number: number): string {
  return `${Math.floor(number / 10_000)}.${number % 10_000}`;
}

/** `GET /health` (etcd "Monitoring etcd"): `{"health":"true"}`, and why not otherwise. */
export function readEtcd(body: string): Observation {
  const answer = object(JSON.parse(body));
  const reason = typeof answer.reason === "string" && answer.reason !== "" ? { reason: answer.reason } : {};
  return { probe: "etcd", healthy: String(answer.health) === "true", ...reason };
}

const BACKEND_STATE = /^haproxy_backend_status\{proxy="([^"]+)",state="(UP|DOWN)"\} 1$/gm;

/** HAProxy's own metrics: which backends are up and down. */
export function readGateway(body: string): Observation {
  const states = [...body.matchAll(BACKEND_STATE)];
  const down = states.filter(([, , state]) => state === "DOWN").map(([, proxy]) => proxy ?? "");
  return { probe: "gateway", up: states.length - down.length, down: down.sort() };
}

const ROLES = ["primary", "standby_leader", "replica", "uninitialized"] as const;

function roleOf(value: unknown): PatroniObservation["role"] {
  return ROLES.find((role) => role === value) ?? "unknown";
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
