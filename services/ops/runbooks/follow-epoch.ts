/** An object store that was away when the epoch was raised, or was filled anew since, takes the region's epoch up: a runbook told only those that answered. */
import type { LeaseState } from "../../../model/lease.ts";
import type { Declared } from "../../../runbooks/facts.ts";
import type { Copies } from "../../../runbooks/ports.ts";
import { epochSeen } from "./lease.ts";

/**
 * @param states of the guards that answer: what the other site's store says counts for nothing here.
 * @returns the epoch that its credentials are of from now on; undefined where nothing was to be done, or a region with a witness has no majority that could say.
 * @throws where a copier does not answer, or refuses.
 */
export async function followEpoch(
  { leaseSeconds }: Pick<Declared, "leaseSeconds">,
  states: Iterable<LeaseState>,
  copies: Copies,
  site: string,
): Promise<number | undefined> {
  const { epoch, majority } = epochSeen([...states]);
  if (epoch === null || (leaseSeconds !== null && !majority)) return undefined;
  const behind = (await copies.seen(site)).some((one) => one.epoch !== null && one.epoch < epoch);
  if (!behind) return undefined;
  await copies.raise(site, epoch);
  return epoch;
}
