/** Sites as a whole: the gateway's word, and whether anything answers. */
import type { SecureContextOptions } from "node:tls";
import type { Gateway, Sites } from "../../../runbooks/ports.ts";
import type { Target } from "../config.ts";
import { call } from "../jobs/call.ts";
import type { OpsStatus } from "../status.ts";
import type { Guards } from "./guards.ts";

export interface SitesArgs {
  readonly targets: readonly Target[];
  readonly tls: SecureContextOptions;
  readonly guards: Guards;
}

const ASK_SECONDS = 3;

const peerOf = ({ host, address, port }: Target) => ({ host, address: address ?? host, port });

/** @throws RangeError where the site has none. */
export function targetAt(targets: readonly Target[], site: string, probe: Target["probe"]): Target {
  const found = targets.find((one) => one.site === site && one.probe === probe);
  if (found === undefined) throw new RangeError(`targets: ${site} has no ${probe}`);
  return found;
}

export function gatewayThrough({ targets, tls }: Pick<SitesArgs, "targets" | "tls">): Gateway {
  return {
    seen: async (site) => {
      const peer = peerOf(targetAt(targets, site, "gateway"));
      const said = await call(peer, tls, { method: "GET", path: "/health", timeoutSeconds: ASK_SECONDS }).catch(
        () => undefined,
      );
      const word = said?.text.trim();
      return said?.status === 200 && (word === "active" || word === "standby") ? word : "unknown";
    },
  };
}

export function sitesThrough({ targets, tls, guards }: SitesArgs): Sites {
  return {
    reachable: async (site) => {
      const states = await guards.states();
      if ([...states.keys()].some((guard) => guard.site === site)) return true;
      return (await opsStatus(targets, tls, site)) !== undefined;
    },
    lacking: async (site) => {
      const status = await opsStatus(targets, tls, site);
      // Databases that are to be filled are closed, and their gateway serves nobody: that is the next step's.
      return status?.workloads
        .filter(
          ({ health, kind }) => health !== "ok" && !["postgresql", "mariadb", "gateway", "application"].includes(kind),
        )
        .map(({ name }) => name);
    },
  };
}

async function opsStatus(
  targets: readonly Target[],
  tls: SecureContextOptions,
  site: string,
): Promise<OpsStatus | undefined> {
  const target = targets.find((one) => one.site === site && one.probe === "ops");
  if (target === undefined) return undefined;
  const said = await call(peerOf(target), tls, { method: "GET", path: "/status", timeoutSeconds: ASK_SECONDS }).catch(
    () => undefined,
  );
  return said?.status === 200 ? (JSON.parse(said.text) as OpsStatus) : undefined;
}
