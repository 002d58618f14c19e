/**
 * One look at the heads of evidence: what the signer has, what each name server says, and what has to be changed. It does nothing where nothing
 * differs, and never takes a published head back.
 */
import { headText, mergeHeads, type PublishedHead, parseHead } from "../../../evidence/published.ts";

export interface NameServer {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

export interface Publishing {
  /** Chains as this site's signer has them, its own and its copies. @throws where it does not answer. */
  readonly known: () => Promise<readonly PublishedHead[]>;
  /** Texts under the name; none where there is no such name. @throws where the server does not answer. */
  readonly read: (server: NameServer) => Promise<readonly string[]>;
  /** @throws where the server does not take them. */
  readonly write: (server: NameServer, texts: readonly string[]) => Promise<void>;
}

export interface Looked {
  /** Hosts that were changed. */
  readonly changed: readonly string[];
  /** One line for each server that does not say what it should. */
  readonly faults: readonly string[];
  /** Published heads that are not in the chains as they are now. */
  readonly ahead: readonly PublishedHead[];
}

/** @throws what `known` throws. */
export async function publishHeads(servers: readonly NameServer[], told: Publishing): Promise<Looked> {
  const known = await told.known();
  const answers = await Promise.all(
    servers.map(async (server) => ({ server, said: await told.read(server).catch(faultOf(server)) })),
  );
  const there = answers.flatMap(({ said }) => (typeof said === "string" ? [] : said));
  const published = there.flatMap((text) => parseHead(text) ?? []);
  const { heads, ahead } = mergeHeads(known, published);
  const wanted = heads.map(headText).sort();
  const [changed, faults] = [[] as string[], [] as string[]];
  for (const { server, said } of answers) {
    if (typeof said === "string") faults.push(said);
    else if (!isSame(said, wanted)) {
      const fault = await changeTo(server, wanted, told);
      if (fault === undefined) changed.push(server.host);
      else faults.push(fault);
    }
  }
  return { changed, faults, ahead };
}

/** Believes no answer: what the server says afterwards counts. */
async function changeTo(server: NameServer, wanted: readonly string[], told: Publishing): Promise<string | undefined> {
  try {
    await told.write(server, wanted);
    const said = await told.read(server);
    return isSame(said, wanted) ? undefined : `${server.host}: took the update and does not say what it was told`;
  } catch (error) {
    return faultOf(server)(error);
  }
}

const faultOf =
  ({ host }: NameServer) =>
  (error: unknown): string =>
    `${host}: ${error instanceof Error ? error.message : String(error)}`;

const isSame = (said: readonly string[], wanted: readonly string[]): boolean =>
  said.length === wanted.length && [...said].sort().every((text, index) => text === wanted[index]);
