import type { SiteSecrets } from "../../custody/types.ts";
import type { Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { leaseFile } from "../epoch/lease-env.ts";
import { lacking } from "../lacking.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload, WorkloadFile } from "../workload.ts";
import { evidencePlace } from "./evidence-name.ts";
import { knotConf } from "./knot-conf.ts";
import { zoneJson, zoneSeed } from "./zone-json.ts";

/** A site's name server: Knot DNS, primary of its own for every zone of the region. @throws where the model or the secrets lack what it needs. */
export function dnsWorkload(model: Model, site: SiteModel, secrets: SiteSecrets): Workload {
  const placement = placementOf(site);
  return {
    name: placement.name,
    kind: "dns",
    image: "dns",
    user: { uid: 2003, gid: 2003 },
    files: [
      ...files(model, site, secrets),
      ...tlsFiles(secrets, placement.name),
      leaseFile(model, site, placement.name, secrets),
    ],
    // Rebuilt from the declaration and the other site where it is lost; what the keeper of the lease remembers it learns anew.
    volumes: [
      { name: "data", path: "/var/lib/knot", keeps: "cache" },
      { name: "identity", path: "/identity", keeps: "cache" },
    ],
    reached: {
      ...(placement.address === undefined ? {} : { address: placement.address }),
      ...(placement.backboneAddress === undefined ? {} : { backboneAddress: placement.backboneAddress }),
      published: [
        { port: 5353, published: 53, protocol: "udp" },
        { port: 5353, published: 53, protocol: "tcp" },
      ],
    },
    limits: { memoryBytes: placement.memoryBytes },
  };
}

function placementOf(site: SiteModel): WorkloadPlacement {
  const placement = site.workloads.find((workload) => workload.kind === "dns");
  if (!placement) throw new Error(`site ${site.id}: no place for the name server`);
  return placement;
}

function files(model: Model, site: SiteModel, secrets: SiteSecrets): WorkloadFile[] {
  const seed = zoneSeed(model, site.id);
  const place = evidencePlace(model);
  // The reconciler has no use for the key of evidence.
  const { transfer, update } = secrets.tsig;
  return [
    { path: "knot.conf", content: knotConf(knotConfig(model, site, secrets)), secret: true },
    { path: "tsig.json", content: `${JSON.stringify({ transfer, update }, null, 1)}\n`, secret: true },
    ...model.zones.flatMap((zone) => [
      {
        path: `zones/${zone.name}.json`,
        content: zoneJson(zone, seed, place?.zone === zone.name ? place.name : undefined),
      },
      ...keyFiles(secrets, zone.name),
    ]),
  ];
}

function knotConfig(model: Model, site: SiteModel, secrets: SiteSecrets): Parameters<typeof knotConf>[0] {
  const place = evidencePlace(model);
  return {
    ...(place === undefined ? {} : { evidenceZone: place.zone }),
    zones: model.zones.map((zone) => zone.name),
    keys: secrets.tsig,
    updateAddresses: opsAddresses(model, site),
    ipv6: site.network.subnet6 !== undefined,
  };
}

/** From where `ops` of any site reaches this site's name server, in order. */
function opsAddresses(model: Model, site: SiteModel): string[] {
  const ops = model.sites.flatMap((one) =>
    one.workloads
      .filter((workload) => workload.kind === "ops")
      .flatMap(({ address, backboneAddress }) => [one.id === site.id ? address : undefined, backboneAddress]),
  );
  return ops.filter((address) => address !== undefined).sort();
}

/** The key that signs and, while it is rolled over, the next; the tags of those that are to be forgotten. */
function keyFiles(secrets: SiteSecrets, zone: string): WorkloadFile[] {
  const { key, next, retired } = signingKey(secrets, zone);
  return [
    { path: `keys/${zone}.pem`, content: key, secret: true },
    ...(next === undefined ? [] : [{ path: `keys/next/${zone}.pem`, content: next.key, secret: true }]),
    ...(retired === undefined
      ? []
      : [{ path: `keys/retired/${zone}`, content: retired.map((tag) => `${tag}\n`).join("") }]),
  ];
}

function signingKey(secrets: SiteSecrets, zone: string): SiteSecrets["dnssec"][string] {
  const found = secrets.dnssec[zone];
  if (!found) throw lacking(secrets, `dnssec.${zone}`, "the zone's signing key");
  return found;
}
