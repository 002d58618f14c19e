/** The region's public name as its users meet it: asked at a site's name server, it says to which gateway they go. */
import { Resolver } from "node:dns/promises";
import type { Model, SiteModel } from "../../../model/types.ts";
import type { Reach } from "./load.ts";

/** Asks this site's name server; where that does not answer, the other one's, as any resolver does. */
export function byPublicName(model: Model, first: SiteModel): Reach {
  const others = model.sites.filter(({ id }) => id !== first.id);
  return async () => {
    let why: unknown;
    for (const at of [first, ...others]) {
      try {
        return await siteNamedBy(model, at);
      } catch (error) {
        why = error;
      }
    }
    throw why;
  };
}

/** To which site this site's name server sends users. @throws where it does not answer, or names none. */
export async function siteNamedBy(model: Model, at: SiteModel): Promise<SiteModel> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([`${at.publicAddress}:53`]);
  const addresses = await resolver.resolve4(model.region.gatewayName);
  const found = model.sites.find(({ publicAddress }) => addresses.length === 1 && addresses[0] === publicAddress);
  if (!found) throw new Error(`${at.id}: ${model.region.gatewayName} is ${addresses.join(" ") || "nowhere"}`);
  return found;
}
