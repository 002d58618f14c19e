/** The answer of the agent beside MariaDB (images/mariadb, `GET /mariadb`) as an observation. Pure; nothing is guessed. */
import type { MariadbObservation } from "./observation.ts";

const ROLES = ["primary", "standby", "closed", "uninitialized"] as const;

export function readMariadb(body: string): MariadbObservation {
  const value: unknown = JSON.parse(body);
  const answer = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const text = (name: string): string | undefined => {
    const found = answer[name];
    return typeof found === "string" && found !== "" ? found : undefined;
  };
  const number = (name: string): number | undefined => {
    const found = answer[name];
    return typeof found === "number" ? found : undefined;
  };
  const optional = {
    reason: text("replication_reason"),
    lagSeconds: number("lag_seconds"),
    rpoSeconds: number("rpo_seconds"),
    version: text("server_version")?.replace(/-.*/, ""),
    gtid: text("gtid_binlog_pos") ?? text("gtid_slave_pos"),
    gtidState: text("gtid_binlog_state"),
    kept: keptOf(answer.kept),
    systemIdentifier: text("system"),
  };
  return {
    probe: "mariadb",
    state: text("state") ?? "unknown",
    role: ROLES.find((role) => role === answer.role) ?? "unknown",
    healthy: answer.healthy === true,
    line: text("line") ?? "",
    replicating: answer.replication === "flowing",
    ...(typeof answer.waits === "boolean" ? { waits: answer.waits } : {}),
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, found]) => found !== undefined),
    ) as Partial<MariadbObservation>),
  };
}

function keptOf(said: unknown): MariadbObservation["kept"] {
  if (typeof said !== "object" || said === null) return undefined;
  const { where, transactions } = said as Record<string, unknown>;
  if (typeof where !== "string") return undefined;
  return { where, transactions: typeof transactions === "number" ? transactions : null };
}
