/** Leave that the inventory records for databases of a server, as grants that may be held. Pure. */
import type { DeclaredGrant } from "../grants.ts";
import type { DatabaseServerModel, Model } from "../types.ts";
import { dayEnds } from "./days.ts";

/** A leave that ends counts to the end of its last day in the region's time. */
export function leavesOf({ region }: Pick<Model, "region">, { databases }: DatabaseServerModel): DeclaredGrant[] {
  return databases.flatMap(({ name, leaves }) =>
    (leaves ?? []).map(({ role, may, until }) => ({
      ...{ role, database: name, may },
      ...(until === undefined ? {} : { until: dayEnds(until, region.timezone) }),
    })),
  );
}
