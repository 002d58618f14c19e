import type { SiteSecrets } from "../../custody/types.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import type { Workload } from "../workload.ts";

export function objectsWorkload(_model: Model, site: SiteModel, _secrets: SiteSecrets): Workload {
  throw new Error(`site ${site.id}: objects is not rendered yet`);
}
