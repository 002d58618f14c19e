import type { SiteSecrets } from "../../custody/types.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import type { Workload } from "../workload.ts";

export function mariadbWorkload(
  _model: Model,
  site: SiteModel,
  server: DatabaseServerModel,
  _secrets: SiteSecrets,
): Workload {
  throw new Error(`site ${site.id}: ${server.workload} is not rendered yet`);
}
