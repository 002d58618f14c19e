/** What the agent is told (images/mariadb, agent.py): `KEY=value` lines, values to the end of the line, none of them secret. */
import type { SiteSecrets } from "../../custody/types.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import { repositoryHost } from "../backup/names.ts";
import { internalAccounts, placementAt, sitesOf } from "./names.ts";

/** The file. Throws if a value holds a line break. */
export function guardEnv(model: Model, site: SiteModel, server: DatabaseServerModel, secrets: SiteSecrets): string {
  const [, peer] = sitesOf(model, site, server);
  const settings: Readonly<Record<string, string>> = {
    REGION: model.region.id,
    REGION_IDENTITY: secrets.regionIdentity,
    SITE: site.id,
    DESIGNATION: site.designation,
    WORKLOAD: server.workload,
    PEER_SITE: peer?.id ?? "",
    PEER_HOST_NAME: peer ? placementAt(peer, server).hostName : "",
    BACKUP_HOST_NAME: repositoryHost(site)?.hostName ?? "",
    REPLICATOR: internalAccounts.replicator,
    MODE: server.replication.mode,
    RPO_SECONDS: String(server.replication.rpoSeconds),
  };
  return Object.entries(settings)
    .map(([key, value]) => {
      if (/[\r\n]/.test(value))
        throw new Error(`guard.env: ${key}: expected one line, received ${JSON.stringify(value)}`);
      return `${key}=${value}\n`;
    })
    .join("");
}
