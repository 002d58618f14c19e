/** Which secrets a name or a class stands for, and what a request to rotate does to a region's secrets. */
import { wrongUse } from "../io/errors.ts";
import type { Text } from "../model/types.ts";
import type { Making } from "./pki.ts";
import { rollRoot } from "./roll-root.ts";
import { rollZone } from "./roll-zone.ts";
import {
  type Deployment,
  isBroughtOut,
  isLeaf,
  NEXT_UP,
  notBroughtOut,
  type Rotation,
  type RotationRequest,
} from "./rotation.ts";
import type { RegionSecrets, SiteSecrets } from "./types.ts";

/** Class names, each with what it stands for. */
const CLASSES: Readonly<Record<string, (what: string) => boolean>> = {
  certificates: isLeaf,
  intermediates: (what) => what.startsWith("intermediate:"),
  tsig: (what) => what.startsWith("tsig:"),
  "database-roles": (what) => what.startsWith("database-role:"),
  "application-secrets": (what) => what.startsWith("application-secret:"),
  "object-identities": (what) => /^object-(identity|reader):/.test(what),
  "code-tokens": (what) => what.startsWith("code-token:"),
  "evidence-keys": (what) => what.startsWith("evidence-key:"),
};

/**
 * What a request does: pure but for new keys.
 * @throws LumbungError (2) for an unknown name or a step that is not due; (4) where the step would cut somebody off.
 */
export async function rotation(
  secrets: RegionSecrets,
  request: RotationRequest,
  deployment: Deployment,
  making: Making,
): Promise<Rotation> {
  if (request.what === "root") return rollRoot(secrets, request, deployment, making);
  if (request.what.startsWith("dnssec:")) return rollZone(secrets, request, deployment, making);
  if (/^backup-keys?(:|$)/.test(request.what)) throw wrongUse(NEVER_RENEWED(request.what), LOST_KEY);
  if (request.dsPublished) throw wrongUse(ONLY_ZONES(request.what));
  const matches = rotationOf(secrets, request.what);
  const overlaps = overlapping(secrets).filter(({ what }) => matches(what));
  const early = overlaps.filter(({ created }) => !isBroughtOut(created, deployment));
  if (early.length > 0) throw notBroughtOut(early.map(({ what }) => what).join(", "));
  if (!request.finish) return { secrets, renew: matches, settle: () => false, told: [NEXT_UP] };
  if (overlaps.length === 0) throw wrongUse(NOTHING_TO_FINISH(request.what));
  return { secrets, renew: () => false, settle: matches, told: [NEXT_UP] };
}

/**
 * The predicate that `makeRegionSecrets` takes as `renew`, for one secret (`database-role:utama/pengaduan`, `certificate:dc/etcd`) or a class
 * (`certificates`, `intermediates`, `tsig`, `database-roles`, `application-secrets`, `object-identities`, `code-tokens`, `evidence-keys`).
 * @throws LumbungError (2) for an unknown name, with those that there are.
 */
export function rotationOf(secrets: RegionSecrets, what: string): (what: string) => boolean {
  const matches = Object.hasOwn(CLASSES, what) ? CLASSES[what] : undefined;
  if (matches) return matches;
  const names = rotatable(secrets);
  if (names.includes(what)) return (name) => name === what;
  const list = [...Object.keys(CLASSES), ...names].join(", ");
  throw wrongUse(
    { id: `${what}: tidak ada rahasia dengan nama ini`, en: `${what}: there is no secret of this name` },
    { id: `yang ada: ${list}`, en: `there are: ${list}` },
  );
}

/** Names of everything at hand that can be rotated, in order of kind and site. */
export function rotatable(secrets: RegionSecrets): string[] {
  const sites = Object.values(secrets.sites);
  const perSite = sites.flatMap(({ site, certificates, objectIdentities, evidenceKey }) => [
    `intermediate:${site}`,
    ...Object.keys(certificates).map((workload) => `certificate:${site}/${workload}`),
    `public-certificate:${site}`,
    `operator:${site}`,
    ...Object.keys(objectIdentities).map((use) => `object-identity:${site}/${use}`),
    ...(evidenceKey === undefined ? [] : [`evidence-key:${site}`]),
  ]);
  const ofWitness = Object.keys(secrets.witness?.certificates ?? {});
  const shared = (prefix: string, pick: (site: SiteSecrets) => object) =>
    [...new Set(sites.flatMap((site) => Object.keys(pick(site))))].map((name) => `${prefix}:${name}`);
  return [
    ...(secrets.root === undefined ? [] : ["root"]),
    ...perSite,
    ...(secrets.witness ? [`intermediate:${secrets.witness.site}`] : []),
    ...ofWitness.map((workload) => `certificate:${secrets.witness?.site}/${workload}`),
    "tsig:transfer",
    "tsig:update",
    ...(sites.some((site) => site.tsig.evidence !== undefined) ? ["tsig:evidence"] : []),
    ...shared("dnssec", (site) => site.dnssec),
    ...shared("database-role", (site) => site.databaseRoles),
    ...shared("application-secret", (site) => site.applicationSecrets),
    ...shared("object-reader", (site) => site.objectReaders),
    ...shared("code-token", (site) => site.codeTokens),
    ...(sites.some((site) => site.codeHostKey !== undefined) ? ["code-host-key"] : []),
  ];
}

/** Secrets of which the one before is still accepted, with when the present one was made. */
export function overlapping(secrets: RegionSecrets): { readonly what: string; readonly created: string }[] {
  const found = new Map<string, string>();
  for (const { site, tsig, databaseRoles, objectIdentities, objectReaders } of Object.values(secrets.sites)) {
    for (const [use, identity] of Object.entries(objectIdentities))
      if (identity.previous !== undefined) found.set(`object-identity:${site}/${use}`, identity.created);
    for (const [name, identity] of Object.entries(objectReaders))
      if (identity.previous !== undefined) found.set(`object-reader:${name}`, identity.created);
    for (const [name, key] of Object.entries(tsig))
      if (key.previous !== undefined) found.set(`tsig:${name}`, key.created ?? "");
    for (const [name, role] of Object.entries(databaseRoles))
      if (role.previousPassword !== undefined) found.set(`database-role:${name}`, role.created ?? "");
  }
  return [...found].map(([what, created]) => ({ what, created }));
}

const NEVER_RENEWED = (what: string): Text => ({
  id: `${what}: kunci cadangan tidak diganti: cadangan yang ada hanya terbaca dengan kunci itu`,
  en: `${what}: the key of backups is not renewed: the copies that there are can be read with it alone`,
});
const LOST_KEY: Text = {
  id: "bila kunci bocor: deklarasikan bucket cadangan baru, dan simpan yang lama sampai masa simpannya habis",
  en: "if a key leaked: declare a new bucket of backups, and keep the old one until its retention has ended",
};
const NOTHING_TO_FINISH = (what: string): Text => ({
  id: `${what}: tidak ada yang lama yang masih diterima`,
  en: `${what}: nothing from before is still accepted`,
});
const ONLY_ZONES = (what: string): Text => ({
  id: `${what}: --ds-published hanya untuk dnssec:<zona>`,
  en: `${what}: --ds-published is for dnssec:<zone> only`,
});
