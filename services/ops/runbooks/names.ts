/** The addresses that runbooks own, at each site's name server: asked by DNS, told through its guard. */
import { Resolver } from "node:dns/promises";
import type { NamesSeen } from "../../../runbooks/facts.ts";
import type { Names } from "../../../runbooks/ports.ts";
import type { RunbooksConfig, Target } from "../config.ts";
import { Away } from "../jobs/call.ts";
import type { Guards } from "./guards.ts";

export interface NamesArgs {
  readonly guards: Guards;
  readonly targets: readonly Target[];
  readonly names: RunbooksConfig["names"];
}

/** A site that is gone is asked as well, while users wait; the second try waits twice as long. */
const ASK_MS = 500;

export function namesThrough({ guards, targets, names }: NamesArgs): Names {
  return {
    seen: async (site) => {
      const target = targets.find((one) => one.site === site && one.probe === "dns");
      if (target?.address === undefined) throw new RangeError(`targets: ${site} has no name server`);
      const peer = { host: target.host, address: target.address, port: target.port };
      return askNames(peer, names).catch((cause: unknown) => {
        throw new Away(
          peer,
          { id: `tidak menjawab: ${codeOf(cause)}`, en: `does not answer: ${codeOf(cause)}` },
          { cause },
        );
      });
    },
    set: async (site, addresses) => {
      const guard = guards.all.find((one) => one.site === site && one.kind === "dns");
      if (guard === undefined) throw new RangeError(`guards: ${site} has no name server`);
      const [address = "", address6] = addresses;
      await guards.order(guard, { verb: "addresses", address, ...(address6 === undefined ? {} : { address6 }) });
    },
  };
}

/** Every name must say the same: where they differ, all that any of them says is told, which is then no site's. */
async function askNames(
  { address, port }: { readonly address: string; readonly port: number },
  names: RunbooksConfig["names"],
): Promise<NamesSeen> {
  const resolver = resolverAt(address, port);
  const [answers, serials] = await Promise.all([
    Promise.all(names.flatMap(({ name }) => [none(resolver.resolve4(name)), none(resolver.resolve6(name))])),
    Promise.all(
      [...new Set(names.map(({ zone }) => zone))].map(async (zone) => (await resolver.resolveSoa(zone)).serial),
    ),
  ]);
  return { addresses: [...new Set(answers.flat())], serial: Math.min(...serials) };
}

export function resolverAt(address: string, port: number): Resolver {
  const resolver = new Resolver({ timeout: ASK_MS, tries: 2 });
  resolver.setServers([address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`]);
  return resolver;
}

/** A name that has no such address says nothing; one that is not answered throws. */
async function none(asked: Promise<string[]>): Promise<string[]> {
  try {
    return await asked;
  } catch (error) {
    if (["ENODATA", "ENOTFOUND"].includes(codeOf(error))) return [];
    throw error;
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? error);
