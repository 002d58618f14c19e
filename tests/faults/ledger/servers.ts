/** Which site a server that answers is at: a gateway passes connections on to whichever server is primary, also to the other site's. */
import { serverId } from "../../../components/mariadb/names.ts";
import type { DatabaseServerModel, Model } from "../../../model/types.ts";

/** The site by what a server calls itself (`Connection.server`): PostgreSQL by the address at which it was reached, MariaDB by its `server_id`. */
export function sitesByServer(
  { sites }: Pick<Model, "sites">,
  server: DatabaseServerModel,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sites.flatMap((site) => {
      const placed = site.workloads.find(({ name }) => name === server.workload);
      const called =
        server.engine === "mariadb" ? [String(serverId(server, site))] : [placed?.address, placed?.backboneAddress];
      return called.flatMap((name) => (name === undefined ? [] : [[name, site.id] as const]));
    }),
  );
}
