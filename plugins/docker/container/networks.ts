/** Networks of a container, as outputs. Pure. */
import { blocks, text, texts, type Value, type ValueMap } from "../values.ts";
import type { ContainerInspect, Endpoint } from "./inspect.ts";

/** What programs read as `container.networkDatas`: one entry per network, in order of name. */
export function networkDatas(container: ContainerInspect): ValueMap[] {
  return endpoints(container).map(([networkName, endpoint]) => ({
    gateway: endpoint.Gateway,
    globalIpv6Address: endpoint.GlobalIPv6Address,
    globalIpv6PrefixLength: endpoint.GlobalIPv6PrefixLen,
    ipAddress: endpoint.IPAddress,
    ipPrefixLength: endpoint.IPPrefixLen,
    ipv6Gateway: endpoint.IPv6Gateway,
    macAddress: endpoint.MacAddress,
    networkName,
  }));
}

/**
 * The networks that the container is on, in the declared order. A container that declared none is on Docker's own:
 * that is its `networkMode`, not listed here. What Docker adds to the aliases is not shown.
 */
export function networksAdvanced(container: ContainerInspect, earlier: Value | undefined): ValueMap[] {
  const order = blocks(earlier).map((network) => text(network.name));
  const own = container.HostConfig.NetworkMode;
  const declared = new Map(blocks(earlier).map((network) => [text(network.name), network]));
  const isOwn = (name: string) =>
    !declared.has(name) && (name === own || (own === "default" && name === "bridge")) && BUILTIN.has(name);
  return (
    endpoints(container)
      .filter(([name]) => !isOwn(name))
      // A program may name a network by its id.
      .map(([name, endpoint]) => ({ name: declared.has(endpoint.NetworkID) ? endpoint.NetworkID : name, endpoint }))
      .sort((left, right) => rank(order, left.name) - rank(order, right.name))
      .map(({ name, endpoint }) => networkOf(name, endpoint, container, declared.get(name)))
  );
}

const BUILTIN: ReadonlySet<string> = new Set(["bridge", "host", "none"]);

function endpoints(container: ContainerInspect): [string, Endpoint][] {
  return Object.entries(container.NetworkSettings.Networks ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
}

function rank(order: readonly string[], name: string): number {
  const index = order.indexOf(name);
  return index < 0 ? order.length : index;
}

function networkOf(
  name: string,
  endpoint: Endpoint,
  container: ContainerInspect,
  declared: ValueMap | undefined,
): ValueMap {
  // Docker adds the container's short id and its host name by itself.
  const added = [container.Id.slice(0, 12), container.Config.Hostname];
  const made = (alias: string) => added.includes(alias) && !texts(declared?.aliases).includes(alias);
  return {
    aliases: (endpoint.Aliases ?? []).filter((alias) => !made(alias)),
    driverOpts: [],
    gwPriority: null,
    ipv4Address: endpoint.IPAMConfig?.IPv4Address ?? "",
    ipv6Address: endpoint.IPAMConfig?.IPv6Address ?? "",
    linkLocalIps: [],
    macAddress: "",
    name,
  };
}
