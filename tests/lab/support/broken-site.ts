/** Running sites, broken as a mutant says and mended again. */
import { systemEntropy } from "../../../custody/entropy.ts";
import { createRoot, issueLeaf } from "../../../custody/pki.ts";
import type { Model } from "../../../model/types.ts";
import type { SiteBreak } from "../../mutation/site-breaks.ts";
import { engine } from "./region.ts";

/** @throws what the container said. */
export async function breakSite(one: SiteBreak): Promise<void> {
  if (one.kind === "stop") await engine.stopContainer(one.container);
  else await inContainer(one.container, one.words, one.stdin);
}

/** Mending what is whole is no error. @throws what the container said. */
export async function mendSite(one: SiteBreak): Promise<void> {
  if (one.kind === "stop") await engine.startContainer(one.container);
  else await inContainer(one.container, one.mend);
}

async function inContainer(container: string, words: readonly string[], stdin?: string): Promise<void> {
  const options = { signal: AbortSignal.timeout(PATIENCE_MS), ...(stdin === undefined ? {} : { stdin }) };
  const { code, stdout, stderr } = await engine.exec(container, words, options);
  if (code !== 0) throw new Error(`${container}: ${words[0]}: exit code ${code}: ${`${stderr}\n${stdout}`.trim()}`);
}

const PATIENCE_MS = 120_000;
const YEAR_MS = 366 * 86_400_000;

/** For the region's names, by an authority that nobody knows, ended long ago: PEM of the chain and its key. */
export async function endedCertificate({ region: { domain } }: Model, now: Date): Promise<string> {
  const making = { now: new Date(now.getTime() - 3 * YEAR_MS), entropy: systemEntropy };
  const request = { commonName: domain, names: [domain, `*.${domain}`], use: ["server"] as const };
  const { chain, key } = await issueLeaf(await createRoot("Otoritas yang berakhir", making), request, making);
  return `${chain}${key}`;
}
