/** What the founding guard is told (images/postgres, guard_facts.py): `KEY=value` lines, values to the end of the line. */
import type { SiteSecrets } from "../../custody/types.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import { peerOf, placementAt, scopeOf, slotOf } from "./names.ts";

/** The file. Throws if a value holds a line break, or if the site has no etcd. */
export function guardEnv(model: Model, site: SiteModel, server: DatabaseServerModel, secrets: SiteSecrets): string {
  const peer = peerOf(model, site, server);
  const settings: Readonly<Record<string, string>> = {
    REGION: model.region.id,
    REGION_IDENTITY: secrets.regionIdentity,
    SITE: site.id,
    DESIGNATION: site.designation,
    WORKLOAD: server.workload,
    HOST_NAME: placementAt(site, server).hostName,
    SCOPE: scopeOf(model, server),
    SLOT: slotOf(site),
    ETCD_URL: `https://${etcdHost(site)}:2379`,
    PEER_SITE: peer?.id ?? "",
    PEER_HOST_NAME: peer ? placementAt(peer, server).hostName : "",
    MODE: server.replication.mode,
  };
  return Object.entries(settings)
    .map(([key, value]) => {
      if (/[\r\n]/.test(value))
        throw new Error(`guard.env: ${key}: expected one line, received ${JSON.stringify(value)}`);
      return `${key}=${value}\n`;
    })
    .join("");
}

/** Host name of the site's etcd. */
export function etcdHost(site: SiteModel): string {
  const placement = site.workloads.find(({ kind }) => kind === "etcd");
  if (!placement) throw new Error(`site ${site.id}: expected an etcd for Patroni, received none`);
  return placement.hostName;
}
