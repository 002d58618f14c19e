/** All faults that a plan draws from; how strong and how long each is, is left to chance. */
import { ACTIVE_WITNESS, bothWays, type Link, OTHER_WITNESS, SITES } from "../region/edges.ts";
import type { Chance } from "./chance.ts";
import type { At, Container, Fault, Victim } from "./fault.ts";

export interface Drawn {
  readonly fault: Fault;
  readonly lastsMs: number;
}
/** How one is drawn. */
export type Make = (chance: Chance) => Drawn;

const BOTH: readonly At[] = ["active", "other"];
const ACTIVE: readonly At[] = ["active"];
const OTHER: readonly At[] = ["other"];

/** Every process of the data plane and of the guards. */
const KILLED: readonly (Victim & { readonly sites: readonly At[] })[] = [
  { in: "postgres-utama", process: "postmaster", sites: BOTH },
  { in: "postgres-utama", process: "backend", sites: ACTIVE },
  { in: "postgres-utama", process: "walreceiver", sites: OTHER },
  { in: "postgres-utama", process: "patroni", sites: BOTH },
  { in: "postgres-utama", process: "keeper", sites: BOTH },
  { in: "postgres-utama", process: "watch", sites: BOTH },
  { in: "mariadb-php", process: "mariadbd", sites: BOTH },
  { in: "mariadb-php", process: "agent", sites: BOTH },
  { in: "mariadb-php", process: "keeper", sites: BOTH },
  { in: "mariadb-php", process: "watch", sites: BOTH },
  { in: "gateway", process: "haproxy", sites: BOTH },
  { in: "gateway", process: "keeper", sites: BOTH },
  { in: "dns", process: "knotd", sites: ACTIVE },
  { in: "dns", process: "keeper", sites: BOTH },
  { in: "etcd", process: "etcd", sites: BOTH },
  { in: "epoch", process: "etcd", sites: BOTH },
];

const STOPPED: readonly (Victim & { readonly sites: readonly At[] })[] = [
  { in: "postgres-utama", process: "patroni", sites: ACTIVE },
  { in: "postgres-utama", process: "keeper", sites: ACTIVE },
  { in: "mariadb-php", process: "keeper", sites: ACTIVE },
  { in: "gateway", process: "keeper", sites: ACTIVE },
  { in: "epoch", process: "etcd", sites: BOTH },
];

const OFF: readonly { readonly in: Container; readonly sites: readonly At[] }[] = [
  { in: "postgres-utama", sites: BOTH },
  { in: "mariadb-php", sites: BOTH },
  { in: "gateway", sites: ACTIVE },
  { in: "epoch", sites: BOTH },
];

/** The active site keeps a majority. */
const CUT: readonly (readonly Link[])[] = [
  [SITES],
  [ACTIVE_WITNESS],
  [SITES, OTHER_WITNESS],
  [ACTIVE_WITNESS, OTHER_WITNESS],
];
const POOR: readonly (readonly Link[])[] = [[SITES], [ACTIVE_WITNESS], [SITES, ACTIVE_WITNESS]];
const ENGINES = ["postgres-utama", "mariadb-php"] as const;
const LENGTHS = ["shorterThanLease", "longerThanLease"] as const;

/** Each comes before one comes again. */
export const FAULTS: readonly Make[] = [
  ...KILLED.flatMap(({ sites, ...victim }) => sites.map((at) => killed({ kind: "kill", at, ...victim }))),
  ...BOTH.map(
    (at): Make =>
      (chance) => ({ fault: { kind: "callback", at }, lastsMs: 2 * chance.ttlMs }),
  ),
  ...STOPPED.flatMap(({ sites, ...victim }) =>
    sites.flatMap((at) => LENGTHS.map((length) => lasting({ kind: "stop", at, ...victim }, length))),
  ),
  ...LENGTHS.map((length) => lasting({ kind: "asleep" }, length)),
  ...OFF.flatMap(({ sites, ...container }) =>
    sites.map((at) => lasting({ kind: "off", at, ...container }, "aroundLease")),
  ),
  ...CUT.map(
    (links): Make =>
      (chance) => ({
        fault: { kind: "cut", edges: chance.someWay(...links) },
        lastsMs: chance.longerThanLease(),
      }),
  ),
  ...POOR.map(
    (links): Make =>
      (chance) => ({ fault: poor(links, chance), lastsMs: chance.longerThanLease() }),
  ),
  ...ENGINES.map((engine) => lasting({ kind: "full", in: engine }, "aroundLease")),
  ...ENGINES.map((engine) => lasting({ kind: "lag", in: engine }, "aroundLease")),
];

function killed(fault: Fault): Make {
  return (chance) => ({ fault, lastsMs: chance.between(1000, 8000) });
}

function lasting(fault: Fault, length: "shorterThanLease" | "longerThanLease" | "aroundLease"): Make {
  return (chance) => ({ fault, lastsMs: chance[length]() });
}

function poor(links: readonly Link[], chance: Chance): Fault {
  const [lossPercent, kilobytesPerSecond] = [chance.between(5, 40), chance.between(16, 128)];
  return { kind: "poor", edges: links.flatMap(bothWays), lossPercent, kilobytesPerSecond };
}
