/** Sites as a whole: the gateway's word, whether anything answers, and a proof through the public name. */
import { rootCertificates, type SecureContextOptions } from "node:tls";
import { outOfReach } from "../../../io/errors.ts";
import type { Gateway, Names, Probe, Sites } from "../../../runbooks/ports.ts";
import { sameAddresses } from "../../../runbooks/steps/names.ts";
import type { RunbooksConfig, Target } from "../config.ts";
import { type Answer, call } from "../jobs/call.ts";
import type { OpsStatus } from "../status.ts";
import type { Guards } from "./guards.ts";
import { epochSeen } from "./lease.ts";

export interface SitesArgs {
  readonly config: RunbooksConfig;
  readonly targets: readonly Target[];
  readonly tls: SecureContextOptions;
  readonly guards: Guards;
  readonly now: () => Date;
}

const ASK_SECONDS = 3;
/** Where a gateway takes what comes to the public address. */
const PUBLIC_PORT = 8443;

const peerOf = ({ host, address, port }: Target) => ({ host, address: address ?? host, port });

function targetAt(targets: readonly Target[], site: string, probe: Target["probe"]): Target {
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

/**
 * What a user does, as near as `ops` comes to it: the public name as a site's name server says it, its page through that gateway, and the write that every
 * database server made when it was opened in this epoch (its guard reads it back from the database).
 */
export function probeThrough({ config, targets, tls, guards, now }: SitesArgs, names: Names): Probe {
  return {
    write: async (site) => {
      const { addresses } = await names.seen(site);
      const served = config.declared.sites.find((one) => sameAddresses(one.addresses, addresses));
      if (served === undefined)
        throw outOfReach({
          id: `nama publik menunjuk ke ${addresses.join(" ")}, bukan ke satu situs`,
          en: `the public name points to ${addresses.join(" ")}, which is no site's`,
        });
      const page = await publicPage(served.id);
      if (page.status >= 400)
        throw outOfReach({
          id: `${config.publicHost} menjawab ${page.status}`,
          en: `${config.publicHost} answers ${page.status}`,
        });
      const states = await guards.states();
      const { epoch } = epochSeen([...states.values()]);
      return Object.fromEntries(
        [...states].flatMap(([guard, state]) => {
          const written = state.known.some((one) => one.source === "database" && one.epoch === epoch);
          const open = guard.site === served.id && state.state === "open" && state.engine === "armed";
          return guard.server !== undefined && open && written ? [[guard.server, now().toISOString()]] : [];
        }),
      );
    },
  };

  /** At the gateway's own address: in a lab the public one is the machine's own. */
  function publicPage(site: string): Promise<Answer> {
    const { address, host } = targetAt(targets, site, "gateway");
    const peer = { host: config.publicHost, address: address ?? host, port: PUBLIC_PORT };
    const ca = [...(tls.ca === undefined ? [] : [tls.ca].flat()), ...rootCertificates];
    return call(peer, { ...tls, ca }, { method: "GET", path: "/", timeoutSeconds: 10 });
  }
}
