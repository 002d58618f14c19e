/** What a published name leads to, and how it answers there. Pure. */
import type { NameItem } from "../../../evidence/probes.ts";
import type { GatewayPlace } from "../config.ts";
import type { Fetched, Unreached } from "./eyes.ts";

export interface Resolved {
  /** Every name server that answered leads to a declared gateway and to nothing else. */
  readonly gateway: boolean;
  /** The first that any of them leads to; undefined: to none of ours. */
  readonly to?: GatewayPlace;
}

/** @param answers addresses by each name server that answered; undefined where none did: nothing can be said. */
export function resolvedTo(
  answers: readonly (readonly string[])[],
  gateways: readonly GatewayPlace[],
): Resolved | undefined {
  if (answers.length === 0) return undefined;
  const places = answers.map((addresses) => addresses.map((address) => placeOf(address, gateways)));
  const to = places.flat().find((place) => place !== undefined);
  const gateway = places.every((found) => found.length > 0 && !found.includes(undefined));
  return to === undefined ? { gateway } : { gateway, to };
}

const placeOf = (address: string, gateways: readonly GatewayPlace[]): GatewayPlace | undefined =>
  gateways.find(({ publicAddresses }) => publicAddresses.includes(address));

/**
 * @param answer undefined where it leads to no gateway of ours: nobody else is asked.
 * @returns undefined where the other site's gateway cannot be reached from here: the link may be what is gone, and the public does not take it.
 */
export function nameItem(
  { gateway, to }: Resolved,
  answer: Fetched | Unreached | undefined,
  ownSite: string,
): NameItem | undefined {
  if (answer !== undefined && "status" in answer) return { gateway, https: true, status: answer.status };
  if (answer?.why === "away" && to !== undefined && to.site !== ownSite) return undefined;
  return { gateway, https: false, status: 0 };
}
