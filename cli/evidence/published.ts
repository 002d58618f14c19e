/** What the region's zone says of evidence: asked of the region's own name servers at their public addresses, else of this machine's resolver. */
import { Resolver } from "node:dns/promises";
import { evidencePlace } from "../../components/dns/evidence-name.ts";
import { type PublishedHead, parseHead } from "../../evidence/published.ts";
import type { Model, Text } from "../../model/types.ts";

/** Texts under a name. @throws the resolver's error. @param server default: this machine's resolver. */
export type ResolveTexts = (name: string, server?: string) => Promise<readonly string[]>;

export interface PublishedAnswer {
  /** Null where nobody was asked. */
  readonly name: string | null;
  /** Of all that answered; empty where nothing is known. */
  readonly heads: readonly PublishedHead[];
  /** Why there are none; null where there are some. */
  readonly why: Text | null;
}

const TIMEOUT_MS = 2000;

export async function askPublished(model: Model, resolve: ResolveTexts = resolveTexts): Promise<PublishedAnswer> {
  const name = evidencePlace(model)?.name;
  if (name === undefined) return unasked(NO_ZONE);
  const servers = model.sites.map(({ publicAddress }) => publicAddress);
  const answers = await Promise.allSettled(servers.map((server) => resolve(name, server)));
  const silent = answers.every(({ status }) => status === "rejected");
  const heard = silent ? await Promise.allSettled([resolve(name)]) : answers;
  const texts = new Set(heard.flatMap((one) => (one.status === "fulfilled" ? one.value : [])));
  const heads = [...texts].sort().flatMap((text) => parseHead(text) ?? []);
  if (heads.length > 0) return { name, heads, why: null };
  const failed = heard.flatMap((one) => (one.status === "rejected" ? [codeOf(one.reason)] : []));
  return { name, heads, why: failed.length === heard.length ? notResolved(name, failed) : nothingThere(name) };
}

export const unasked = (why: Text): PublishedAnswer => ({ name: null, heads: [], why });

/** Copies lag behind what is published, and whoever takes them along may be off line. */
export const OF_A_COPY: Text = {
  id: "salinan diperiksa apa adanya: DNS tidak ditanya (lihat handbook untuk memeriksanya dengan tangan)",
  en: "a copy is checked as it is: DNS was not asked (the handbook says how to compare by hand)",
};

const NO_ZONE: Text = {
  id: "zona domain wilayah ini tidak dikelola di sini",
  en: "the zone of the region's domain is not kept here",
};

const notResolved = (name: string, codes: readonly string[]): Text => ({
  id: `${name} tidak dapat ditanyakan: ${[...new Set(codes)].join(", ")}`,
  en: `${name} cannot be resolved: ${[...new Set(codes)].join(", ")}`,
});

const nothingThere = (name: string): Text => ({
  id: `${name}: belum ada kepala yang terbit`,
  en: `${name}: no head is published yet`,
});

async function resolveTexts(name: string, server?: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  if (server !== undefined) resolver.setServers([server]);
  try {
    return (await resolver.resolveTxt(name)).map((chunks) => chunks.join(""));
  } catch (error) {
    // An answer that there is nothing is an answer.
    if (["ENOTFOUND", "ENODATA"].includes(codeOf(error))) return [];
    throw error;
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code ?? message ?? String(error);
}
