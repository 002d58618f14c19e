/** Keys by which a site's signer signs evidence. The private one is the site's own; every public one that ever was is known to all sites. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import type { Journal } from "./journal.ts";
import type { Making } from "./pki.ts";
import type { EvidencePublicKey, SiteSecrets } from "./types.ts";

/** PKCS#8 (RFC 8410 section 7) of an Ed25519 key, up to its 32 bytes. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

export function newEvidenceKey({ now, entropy }: Making): NonNullable<SiteSecrets["evidenceKey"]> {
  const der = Buffer.concat([PKCS8_HEAD, entropy.bytes(32)]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return { key: key.export({ type: "pkcs8", format: "pem" }).toString(), created: now.toISOString() };
}

/** The sites with every public key that any of them knows or has just made, in order of age. None is dropped, also not of a site that is gone. */
export function withEvidenceKeys(
  sites: Readonly<Record<string, SiteSecrets>>,
  before: Readonly<Record<string, SiteSecrets>>,
  journal: Journal,
): Record<string, SiteSecrets> {
  const present = Object.values(sites).flatMap(({ site, evidenceKey }) =>
    evidenceKey === undefined ? [] : [publicHalf(site, evidenceKey)],
  );
  const all = new Map<string, EvidencePublicKey>();
  for (const one of [...Object.values(sites).flatMap(({ evidenceKeys }) => evidenceKeys), ...present])
    all.set(one.publicKey, all.get(one.publicKey) ?? one);
  const evidenceKeys = [...all.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  for (const { site } of Object.values(sites)) noteCopies(site, evidenceKeys, before, journal);
  return Object.fromEntries(Object.entries(sites).map(([id, site]) => [id, { ...site, evidenceKeys }]));
}

/** What a site did not know and another did; what was made just now is told already. */
function noteCopies(
  site: string,
  all: readonly EvidencePublicKey[],
  before: Readonly<Record<string, SiteSecrets>>,
  journal: Journal,
): void {
  const had = before[site]?.evidenceKeys;
  if (had === undefined) return;
  const elsewhere = Object.values(before).flatMap(({ evidenceKeys }) => evidenceKeys);
  for (const { site: of, publicKey } of all) {
    const known = (keys: readonly EvidencePublicKey[]) => keys.some((one) => one.publicKey === publicKey);
    if (!known(had) && known(elsewhere)) journal.copied(`evidence-key:${of}`, of, site);
  }
}

function publicHalf(site: string, { key, created }: NonNullable<SiteSecrets["evidenceKey"]>): EvidencePublicKey {
  const publicKey = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  return { site, publicKey, created };
}

function order({ created, site, publicKey }: EvidencePublicKey): string {
  return `${created} ${site} ${publicKey}`;
}
