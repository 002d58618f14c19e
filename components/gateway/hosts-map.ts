import type { HostRoute } from "./plan.ts";

/** Text of `hosts.map`: a declared host name and the backend that answers it, a line each, in order of name. @throws on a name that stands twice. */
export function hostsMap(routes: readonly HostRoute[]): string {
  const lines = new Map<string, string>();
  for (const { host, backend } of routes) {
    if (lines.has(host)) throw new Error(`hosts: "${host}" stands twice: for ${lines.get(host)} and for ${backend}`);
    lines.set(host, backend);
  }
  return [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, backend]) => `${host} ${backend}\n`)
    .join("");
}
