/** The addresses that runbooks own, at each site's name server: asked by DNS, told through its guard. */
import type { Resolver } from "node:dns/promises";
import type { NamesSeen } from "../../../runbooks/facts.ts";
import type { Names } from "../../../runbooks/ports.ts";
import type { RunbooksConfig, Target } from "../config.ts";
import { Away } from "../jobs/call.ts";
import { addressesOf, codeOf, noneIfAbsent, resolverAt } from "../resolve.ts";
import type { Guards } from "./guards.ts";

export interface NamesArgs {
  readonly guards: Guards;
  readonly targets: readonly Target[];
  readonly names: RunbooksConfig["names"];
}

/** A site that is gone is asked as well, while users wait; the second try waits twice as long. */
export const PATIENCE = { timeout: 500, tries: 2 };

export interface NamesHere extends Names {
  /** Addresses of any name, as a site's name server says them; none: it has no address. @throws Away */
  addresses(site: string, host: string): Promise<readonly string[]>;
}

export function namesThrough({ guards, targets, names }: NamesArgs): NamesHere {
  const ask = async <T>(site: string, question: (resolver: Resolver) => Promise<T>): Promise<T> => {
    const target = targets.find((one) => one.site === site && one.probe === "dns");
    if (target?.address === undefined) throw new RangeError(`targets: ${site} has no name server`);
    const peer = { host: target.host, address: target.address, port: target.port };
    return question(resolverAt(peer.address, peer.port, PATIENCE)).catch((cause: unknown) => {
      throw new Away(
        peer,
        { id: `tidak menjawab: ${codeOf(cause)}`, en: `does not answer: ${codeOf(cause)}` },
        { cause },
      );
    });
  };
  return {
    seen: (site) => ask(site, (resolver) => askNames(resolver, names)),
    addresses: (site, host) => ask(site, (resolver) => addressesOf(resolver, host)),
    set: async (site, addresses) => {
      const guard = guards.all.find((one) => one.site === site && one.kind === "dns");
      if (guard === undefined) throw new RangeError(`guards: ${site} has no name server`);
      const [address = "", address6] = addresses;
      await guards.order(guard, { verb: "addresses", address, ...(address6 === undefined ? {} : { address6 }) });
    },
  };
}

/** Every name must say the same: where they differ, all that any of them says is told, which is then no site's. */
async function askNames(resolver: Resolver, names: RunbooksConfig["names"]): Promise<NamesSeen> {
  const ttl = { ttl: true } as const;
  const [answers, serials] = await Promise.all([
    Promise.all(
      names.flatMap(({ name }) => [
        noneIfAbsent(resolver.resolve4(name, ttl)),
        noneIfAbsent(resolver.resolve6(name, ttl)),
      ]),
    ),
    Promise.all(
      [...new Set(names.map(({ zone }) => zone))].map(async (zone) => (await resolver.resolveSoa(zone)).serial),
    ),
  ]);
  const records = answers.flat();
  return {
    addresses: [...new Set(records.map(({ address }) => address))],
    serial: Math.min(...serials),
    ttlSeconds: Math.max(0, ...records.map((one) => one.ttl)),
  };
}
