/** Zones as Pulumi declares them: all but the addresses of the gateway name and of the apex, which the runbooks own (D3). */
import type { Inventory } from "../schema/index.ts";
import type { Zone } from "../schema/zones.ts";
import type { HostModel, RecordModel, ZoneModel } from "../types.ts";
import { byText } from "./hosts.ts";
import { absolute, gatewayName, isWithin, nameServerName } from "./names.ts";

/** The zone in which a host lies: the longest that ends the host, or undefined. Linear in the host's labels. */
export function zoneOf(host: string, zoneNames: ReadonlySet<string>): string | undefined {
  for (let rest = host; rest !== ""; ) {
    if (zoneNames.has(rest)) return rest;
    const dot = rest.indexOf(".");
    rest = dot < 0 ? "" : rest.slice(dot + 1);
  }
  return undefined;
}

/** All zones with their records in canonical order. */
export function zoneModels(inventory: Inventory, hosts: readonly HostModel[]): ZoneModel[] {
  const names = new Set(inventory.zones.map((zone) => zone.name));
  const hostsOf = grouped(hosts.map(({ host }) => [zoneOf(host, names), host]));
  const below = grouped(inventory.zones.map(({ name }) => [zoneOf(name.slice(name.indexOf(".") + 1), names), name]));
  return inventory.zones.map((zone) =>
    zoneModel(zone, inventory, hostsOf.get(zone.name) ?? [], below.get(zone.name) ?? []),
  );
}

function grouped(pairs: Iterable<readonly [string | undefined, string]>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of pairs) {
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

function zoneModel(zone: Zone, inventory: Inventory, hosts: readonly string[], below: readonly string[]): ZoneModel {
  const { region, sites } = inventory;
  const gateway = gatewayName(region.gatewayLabel, region.domain);
  const primary = sites.find((site) => site.designation === "primary") ?? sites[0];
  const runbookNames = [zone.name, gateway].filter((name) => zoneOf(name, new Set([zone.name])) === zone.name);
  const aliases = hosts
    .filter((host) => !runbookNames.includes(host))
    .map((host) => record(zone, host, "CNAME", absolute(gateway)));
  const { refresh, retry, expire, minimum } = zone.soa;
  return {
    name: zone.name,
    ttlSeconds: zone.ttlSeconds,
    soa: {
      primary: nameServerName(primary?.nameServer ?? "ns1", region.domain),
      hostmaster: mailboxName(zone.soa.hostmaster),
      refresh,
      retry,
      expire,
      minimum,
    },
    records: [
      ...nameServers(zone, inventory),
      ...delegations(zone, inventory, below),
      ...mailRecords(zone),
      ...texts(zone),
      ...authorities(zone),
      ...aliases,
    ].sort(canonical),
    runbookNames,
  };
}

/** NS of both sites always (D3), and their addresses where the zone holds their names. */
function nameServers(zone: Zone, { region, sites }: Inventory): RecordModel[] {
  return sites.flatMap((site) => {
    const name = nameServerName(site.nameServer, region.domain);
    const records = [record(zone, zone.name, "NS", absolute(name))];
    if (!isWithin(name, zone.name)) return records;
    records.push(record(zone, name, "A", site.publish.ipv4));
    if (site.publish.ipv6 !== undefined) records.push(record(zone, name, "AAAA", site.publish.ipv6));
    return records;
  });
}

/** Zones directly below this one: the parent names their servers, which are the same (RFC 1034 4.2.1). */
function delegations(zone: Zone, { region, sites }: Inventory, below: readonly string[]): RecordModel[] {
  return below.flatMap((name) =>
    sites.map((site) => record(zone, name, "NS", absolute(nameServerName(site.nameServer, region.domain)))),
  );
}

/** A domain without mail says so: null MX (RFC 7505), SPF that allows nobody (RFC 7208), DMARC that rejects (RFC 7489). */
function mailRecords(zone: Zone): RecordModel[] {
  const servers = zone.mail?.exchangers ?? [];
  const exchangers = zone.mail ? servers.map(({ preference, host }) => `${preference} ${absolute(host)}`) : ["0 ."];
  return [
    ...exchangers.map((data) => record(zone, zone.name, "MX", data)),
    ...servers
      .filter(({ host }) => isWithin(host, zone.name))
      .flatMap(({ host, ipv4, ipv6 }) => [
        ...(ipv4 === undefined ? [] : [record(zone, host, "A", ipv4)]),
        ...(ipv6 === undefined ? [] : [record(zone, host, "AAAA", ipv6)]),
      ]),
    record(zone, zone.name, "TXT", quoted(zone.mail?.spf ?? "v=spf1 -all")),
    record(zone, `_dmarc.${zone.name}`, "TXT", quoted(zone.mail?.dmarc ?? "v=DMARC1; p=reject; adkim=s; aspf=s")),
  ];
}

const texts = (zone: Zone): RecordModel[] =>
  zone.txt.map(({ name, value }) => record(zone, name, "TXT", quoted(value)));

const authorities = (zone: Zone): RecordModel[] =>
  zone.caa.map(({ tag, value }) => record(zone, zone.name, "CAA", `0 ${tag} ${quoted(value)}`));

function record(zone: Zone, name: string, type: RecordModel["type"], data: string): RecordModel {
  return { name, ttlSeconds: zone.ttlSeconds, type, data };
}

/** Character strings of at most 255 octets, quoted (RFC 1035 5.1). */
export function quoted(value: string): string {
  const parts = value.match(/[\s\S]{1,255}/g) ?? [""];
  return parts.map((part) => `"${part.replace(/["\\]/g, "\\$&")}"`).join(" ");
}

/** A mail address as a name (RFC 1035 8): dots of the local part are escaped. Without final dot. */
export function mailboxName(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, at).replaceAll(".", "\\.")}.${address.slice(at + 1)}`;
}

/** Names in the order of RFC 4034 6.1 (by label, from the right), then type, then data. */
function canonical(a: RecordModel, b: RecordModel): number {
  return a.name === b.name
    ? byText(a.type, b.type) || byText(a.data, b.data)
    : byText(reversed(a.name), reversed(b.name));
}

// A space sorts before every character of a label, as the end of a shorter name must.
const reversed = (name: string): string => name.split(".").reverse().join(" ");
