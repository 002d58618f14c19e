/** Where heads come from and where they go: the signer over mutual TLS, name servers by question and by update. */
import { Resolver } from "node:dns/promises";
import type { SecureContextOptions } from "node:tls";
import type { TsigKey } from "../../../custody/types.ts";
import { run } from "../../backup/process.ts";
import type { Heads } from "../../signer/shapes.ts";
import type { HeadsConfig } from "../config.ts";
import { call } from "../jobs/call.ts";
import { UPDATE_WORDS, updateFault, updateScript } from "./nsupdate.ts";
import type { NameServer, Publishing } from "./publish.ts";

const SIGNER_SECONDS = 10;
const ASK_MS = 3000;
const UPDATE_MS = 15_000;

export function headsEffects(
  { zone, name, signer }: HeadsConfig,
  tls: SecureContextOptions,
  key: TsigKey,
  /** For tests: what is started in the place of `knsupdate`. */
  words: readonly string[] = UPDATE_WORDS,
): Publishing {
  return {
    known: async () => {
      const { status, text } = await call(signer, tls, {
        method: "GET",
        path: "/heads",
        timeoutSeconds: SIGNER_SECONDS,
      });
      if (status !== 200) throw new Error(`${signer.host}: answers ${status}: ${text.split("\n")[0] ?? ""}`);
      const { chains, copies } = JSON.parse(text) as Heads;
      return [...chains, ...copies].flatMap(({ writer, sequence, end }) => (end ? [{ writer, sequence, ...end }] : []));
    },
    read: (server) => textsAt(server, name),
    write: async (server, texts) => {
      const { previous, ...present } = key;
      let fault = "";
      // While a key is rolled over, a server may not have the new one yet.
      for (const one of previous === undefined ? [present] : [present, previous]) {
        const stdin = updateScript({ server, zone, name, texts, key: one });
        const said = await run(words, { stdin, signal: AbortSignal.timeout(UPDATE_MS) });
        if (said.code === 0) return;
        fault ||= updateFault(said);
      }
      throw new Error(fault);
    },
  };
}

/** Asked of that server itself, so that nothing that is remembered elsewhere counts. */
async function textsAt({ address, port }: NameServer, name: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: ASK_MS, tries: 2 });
  resolver.setServers([address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`]);
  try {
    return (await resolver.resolveTxt(name)).map((chunks) => chunks.join(""));
  } catch (error) {
    const { code } = error as { code?: unknown };
    // There is no such name, or it says no text.
    if (code === "ENOTFOUND" || code === "ENODATA") return [];
    throw new Error(`does not say what ${name} is: ${code ?? String(error)}`, { cause: error });
  }
}
