/** What a name server is told about one zone: the declared records, and where the runbooks' addresses come from at first. */
import type { Model, ZoneModel } from "../../model/types.ts";
import { whole, word } from "./words.ts";

/** TTL of the addresses that a switch changes, seconds: how long the old site is still asked. */
export const ADDRESS_TTL_SECONDS = 60;

export interface ZoneSeed {
  /** Public address of the designated primary. */
  readonly gatewayAddress: string;
  readonly gatewayAddress6?: string;
  /** Name servers of the other sites, which are asked first. */
  readonly peers: readonly { readonly name: string; readonly address: string }[];
}

/**
 * The text of `zones/<zone>.json`, the same for the same zone and seed. @throws a TypeError if a name is none, or is declared and not ours to declare.
 * @param evidenceName whose texts `ops` owns. Default: there is none in this zone.
 */
export function zoneJson(zone: ZoneModel, seed: ZoneSeed, evidenceName?: string): string {
  const at = `zones.${zone.name}`;
  const name = (value: string, path: string) => `${word("host name", value, `${at}.${path}`)}.`;
  for (const [index, record] of zone.records.entries())
    if (record.name === evidenceName)
      throw new TypeError(
        `${at}.records[${index}].name: expected a name that the inventory owns, received "${record.name}", under which heads of evidence are published`,
      );
  const told = {
    zone: name(zone.name, "name"),
    ttl: whole(zone.ttlSeconds, `${at}.ttlSeconds`, 1),
    soa: {
      primary: word("host name", zone.soa.primary, `${at}.soa.primary`),
      hostmaster: word("mailbox name", zone.soa.hostmaster, `${at}.soa.hostmaster`),
      refresh: whole(zone.soa.refresh, `${at}.soa.refresh`),
      retry: whole(zone.soa.retry, `${at}.soa.retry`),
      expire: whole(zone.soa.expire, `${at}.soa.expire`),
      minimum: whole(zone.soa.minimum, `${at}.soa.minimum`),
    },
    records: zone.records.map((record, index) => ({
      name: name(record.name.replace(/^\*\./, "_wildcard."), `records[${index}].name`).replace(/^_wildcard\./, "*."),
      ttl: whole(record.ttlSeconds, `${at}.records[${index}].ttlSeconds`),
      type: record.type,
      data: record.data,
    })),
    runbookNames: zone.runbookNames.map((one, index) => name(one, `runbookNames[${index}]`)),
    ...(evidenceName === undefined ? {} : { textNames: [name(evidenceName, "textNames[0]")] }),
    seed: {
      ttl: ADDRESS_TTL_SECONDS,
      gatewayAddress: word("IPv4 address", seed.gatewayAddress, "seed.gatewayAddress"),
      ...(seed.gatewayAddress6 === undefined
        ? {}
        : { gatewayAddress6: word("IPv6 address", seed.gatewayAddress6, "seed.gatewayAddress6") }),
      peers: seed.peers.map((peer) => ({ name: peer.name, address: word("IPv4 address", peer.address, "seed.peers") })),
    },
  };
  return `${JSON.stringify(told, null, 1)}\n`;
}

/** The seed of a site's name server. */
export function zoneSeed(model: Model, siteId: string): ZoneSeed {
  const primary = model.sites.find((site) => site.designation === "primary");
  if (!primary) throw new Error("sites: expected one that is designated primary, received none");
  return {
    gatewayAddress: primary.publicAddress,
    ...(primary.publicAddress6 === undefined ? {} : { gatewayAddress6: primary.publicAddress6 }),
    peers: model.sites
      .filter((site) => site.id !== siteId)
      .flatMap((site) => site.workloads.filter((workload) => workload.kind === "dns"))
      .flatMap((peer) =>
        peer.backboneAddress === undefined ? [] : [{ name: peer.hostName, address: peer.backboneAddress }],
      ),
  };
}
