/** The region itself, as runbooks reach it from this `ops`. */
import { setTimeout as pause } from "node:timers/promises";
import type { Ports } from "../../../runbooks/ports.ts";
import type { RunbooksConfig } from "../config.ts";
import type { OpsFiles } from "../files.ts";
import { copiesThrough } from "./copies.ts";
import { databasesThrough } from "./databases.ts";
import type { Guards } from "./guards.ts";
import { leaseThrough } from "./lease.ts";
import { namesThrough } from "./names.ts";
import { probeThrough } from "./probe.ts";
import { gatewayThrough, sitesThrough } from "./sites.ts";
import type { LastWaits } from "./waits.ts";

export interface PortsArgs {
  readonly files: OpsFiles;
  readonly config: RunbooksConfig;
  readonly clock: { now(): Date };
  readonly guards: Guards;
  /** What was seen last of commits that wait. */
  readonly lastWaits: LastWaits;
}

export function portsTo({ files, config, clock, guards, lastWaits }: PortsArgs): Ports & { readonly guards: Guards } {
  const { tls } = files;
  const { targets } = files.config;
  const now = () => clock.now();
  const names = namesThrough({ guards, targets, names: config.names });
  const args = { config, targets, tls, guards, now };
  return {
    guards,
    lease: leaseThrough({
      ...{ guards, now, sites: config.declared.sites.map(({ id }) => id) },
      witness: config.declared.leaseSeconds !== null,
    }),
    databases: databasesThrough({ ...args, lastWaits }),
    names,
    gateway: gatewayThrough(args),
    copies: copiesThrough(config.copiers, tls),
    probe: probeThrough({ ...args, names }),
    sites: sitesThrough(args),
    clock,
    pause: (seconds) => pause(seconds * 1000),
  };
}
