/** Who holds the epoch (D7): one member at each site, one at the witness. */
import { memberName } from "../../model/derive/names.ts";
import type { Model, PlaceModel, WorkloadPlacement } from "../../model/types.ts";

export const CLIENT_PORT = 2379;
export const PEER_PORT = 2380;

export interface Member {
  /** `<region>-<place>-epoch` */
  readonly name: string;
  readonly place: string;
  readonly hostName: string;
}

/** Every member, in order of place, the witness last; none where the region has no witness. */
export function members(model: Model): Member[] {
  if (model.witness === undefined) return [];
  return [...model.sites, model.witness].map((place) => ({
    name: `${model.region.id}-${place.id}-epoch`,
    place: place.id,
    hostName: epochPlacement(place).hostName,
  }));
}

/** URLs that a guard of this site asks, its own site's member first. */
export function endpoints(model: Model, site: string): string[] {
  const all = members(model);
  const own = all.filter(({ place }) => place === site);
  return [...own, ...all.filter(({ place }) => place !== site)].map(
    ({ hostName }) => `https://${hostName}:${CLIENT_PORT}`,
  );
}

/** The place's member. @throws where it has none. */
export function epochPlacement({ id, workloads }: PlaceModel): WorkloadPlacement {
  const placement = workloads.find(({ kind }) => kind === "epoch");
  if (!placement) throw new Error(`site ${id}: epoch: expected a placement, received none`);
  return placement;
}

/** Name in the certificate of every member. */
export const nameOfMembers = (model: Model): string => memberName(model.region.id);
