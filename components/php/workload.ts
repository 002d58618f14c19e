import type { SiteSecrets } from "../../custody/types.ts";
import type { ApplicationModel, Model, SiteModel } from "../../model/types.ts";
import type { Workload } from "../workload.ts";

export function phpWorkload(
  _model: Model,
  site: SiteModel,
  application: ApplicationModel,
  _secrets: SiteSecrets,
): Workload {
  throw new Error(`site ${site.id}: app-${application.id} is not rendered yet`);
}
