/** Names, as one name server of the region says them. */
import { Resolver } from "node:dns/promises";

const MOST_ALIASES = 4;

/** @param patience `timeout` in milliseconds; every further try waits twice as long. */
export function resolverAt(
  address: string,
  port: number,
  patience: { readonly timeout: number; readonly tries: number },
): Resolver {
  const resolver = new Resolver(patience);
  resolver.setServers([address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`]);
  return resolver;
}

/** An alias into another zone is followed by asking again: a server need not answer for both at once. None: the name has no address. */
export async function addressesOf(resolver: Resolver, host: string): Promise<readonly string[]> {
  let name = host;
  for (let aliases = 0; aliases <= MOST_ALIASES; aliases += 1) {
    const [v4, v6] = [await noneIfAbsent(resolver.resolve4(name)), await noneIfAbsent(resolver.resolve6(name))];
    if (v4.length + v6.length > 0) return [...v4, ...v6];
    const [alias] = await noneIfAbsent(resolver.resolveCname(name));
    if (alias === undefined) return [];
    name = alias;
  }
  return [];
}

/** A name that has no such record says nothing. @throws where the server does not answer. */
export async function noneIfAbsent<T>(asked: Promise<T[]>): Promise<T[]> {
  try {
    return await asked;
  } catch (error) {
    if (["ENODATA", "ENOTFOUND"].includes(codeOf(error))) return [];
    throw error;
  }
}

/** What went wrong, in the resolver's own word. */
export const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? error);
