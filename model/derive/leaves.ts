/** Leave that the inventory records for databases of a server, as grants that may be held. Pure. */
import type { DeclaredGrant } from "../grants.ts";
import type { DatabaseServerModel, Model } from "../types.ts";
import { zoneHours } from "./retention.ts";

/** A leave that ends counts to the end of its last day in the region's time. */
export function leavesOf({ region }: Pick<Model, "region">, { databases }: DatabaseServerModel): DeclaredGrant[] {
  return databases.flatMap(({ name, leaves }) =>
    (leaves ?? []).map(({ role, may, until }) => ({
      ...{ role, database: name, may },
      ...(until === undefined ? {} : { until: endOf(until, zoneHours[region.timezone]) }),
    })),
  );
}

const DAY_MS = 86_400_000;

const endOf = (day: string, hoursAhead: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS - hoursAhead * 3_600_000).toISOString();
