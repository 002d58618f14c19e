/** What can befall a region, as data. */
import type { Process } from "../../lab/support/guards.ts";
import { type Edge, written } from "../region/edges.ts";

/** Which site it befalls, by what that is when the round begins. */
export type At = "active" | "other";
export type Container = "postgres-utama" | "mariadb-php" | "gateway" | "dns" | "etcd" | "epoch";

/** One process of a workload. */
export interface Victim {
  readonly in: Container;
  readonly process: Process;
}

/**
 * kill     kill -9
 * callback PostgreSQL is killed, and then, when it is back, Patroni's callback while it runs
 * promotion-callback  the callback while it runs, of the promotion to come
 * stop     SIGSTOP, and SIGCONT at its end
 * asleep   SIGSTOP of a whole PostgreSQL server, with a transaction open that is asked to commit meanwhile; SIGCONT at its end
 * off      a container is killed whole, and started at its end
 * power    all containers of the active site at once, likewise
 * cut      nothing arrives over these wires
 * poor     little arrives over these
 * full     the data volume of an engine that takes writes
 * lag      an engine that follows applies nothing
 */
export type Fault =
  | ({ readonly kind: "kill" | "stop"; readonly at: At } & Victim)
  | { readonly kind: "callback"; readonly at: At }
  | { readonly kind: "promotion-callback" | "asleep" | "power" }
  | { readonly kind: "off"; readonly at: At; readonly in: Container }
  | { readonly kind: "cut"; readonly edges: readonly Edge[] }
  | {
      readonly kind: "poor";
      readonly edges: readonly Edge[];
      readonly lossPercent: number;
      readonly kilobytesPerSecond: number;
    }
  | { readonly kind: "full" | "lag"; readonly in: "postgres-utama" | "mariadb-php" };

/** As people read it: `kill keeper in mariadb-php at the active site`. */
export function told(fault: Fault): string {
  switch (fault.kind) {
    case "kill":
    case "stop":
      return `${fault.kind} ${fault.process} in ${fault.in} at the ${fault.at} site`;
    case "off":
      return `${fault.in} at the ${fault.at} site off`;
    case "callback":
      return `kill the callback of PostgreSQL's start at the ${fault.at} site`;
    case "promotion-callback":
      return "kill the callback of the promotion";
    case "asleep":
      return "PostgreSQL of the active site asleep with a transaction open";
    case "power":
      return "all of the active site off";
    case "cut":
      return written(fault.edges);
    case "poor":
      return `${written(fault.edges)} poor: ${fault.lossPercent} % lost, ${fault.kilobytesPerSecond} kB/s`;
    case "full":
      return `the volume of ${fault.in} at the active site full`;
    case "lag":
      return `${fault.in} at the other site applies nothing`;
  }
}
