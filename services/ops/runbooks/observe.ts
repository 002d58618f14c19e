/** The region, seen once: what a plan is made from. */
import type { LeaseState } from "../../../model/lease.ts";
import type { Declared, Seen, ServerSeen, SiteSeen } from "../../../runbooks/facts.ts";
import type { Ports } from "../../../runbooks/ports.ts";
import type { SiteState } from "../status.ts";
import { epochSeen } from "./lease.ts";

/** Never throws for what does not answer: that is unknown. */
export async function observe(
  declared: Declared,
  ports: Pick<Ports, "databases" | "names" | "sites" | "clock">,
  states: () => Promise<Iterable<LeaseState>>,
): Promise<Seen> {
  const at = ports.clock.now().toISOString();
  const [guards, sites] = await Promise.all([states(), Promise.all(declared.sites.map(({ id }) => site(id)))]);
  return { at, epoch: epochSeen([...guards]), sites };

  async function site(id: string): Promise<SiteSeen> {
    const [reachable, names, servers] = await Promise.all([
      ports.sites.reachable(id),
      ports.names.seen(id).catch(() => null),
      Promise.all(declared.servers.map((server) => ports.databases.seen(server.id, id))),
    ]);
    return { site: id, reachable, state: stateOf(servers), servers, names };
  }
}

/** Of its servers together: one that says otherwise, or nothing, makes it unknown. */
export function stateOf(servers: readonly ServerSeen[]): SiteState {
  const states = new Set(servers.map(serverState));
  if (states.has("rebuilding")) return "rebuilding";
  const [only] = states;
  return states.size === 1 && only !== undefined ? only : "unknown";
}

function serverState({ role, following }: ServerSeen): SiteState {
  switch (role) {
    case "primary":
      return "active";
    case "standby":
      return following ? "standby" : "unknown";
    default:
      return role;
  }
}
