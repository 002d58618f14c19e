import { refused, wrongUse } from "../io/errors.ts";
import type { RegionSecrets, SiteSecrets } from "./types.ts";

/** Class names, each with what it stands for. */
const CLASSES: Readonly<Record<string, (what: string) => boolean>> = {
  certificates: (what) => /^(certificate|public-certificate|operator):/.test(what),
  intermediates: (what) => what.startsWith("intermediate:"),
  tsig: (what) => what.startsWith("tsig:"),
  "database-roles": (what) => what.startsWith("database-role:"),
  "application-secrets": (what) => what.startsWith("application-secret:"),
  "object-identities": (what) => /^object-(identity|reader):/.test(what),
  "code-tokens": (what) => what.startsWith("code-token:"),
};

/** Why some names are refused, by their beginning. */
const REFUSED = {
  dnssec: {
    id: "penggantian kunci DNSSEC harus melewati zona induk (RFC 6781 bagian 4.1) dan belum tersedia",
    en: "a DNSSEC key is rolled over together with the parent zone (RFC 6781 section 4.1); that is not available yet",
  },
  root: {
    id: "penggantian akar berarti mengganti kepercayaan di semua situs sekaligus dan belum tersedia",
    en: "a new root changes what every site trusts at once; that is not available yet",
  },
} as const;

/**
 * The predicate that `makeRegionSecrets` takes as `renew`, for one secret (`database-role:utama/pengaduan`, `certificate:dc/etcd`) or a class
 * (`certificates`, `intermediates`, `tsig`, `database-roles`, `application-secrets`, `object-identities`, `code-tokens`).
 * @throws LumbungError (2) for an unknown name, with those that there are; (4) for `dnssec` and `root`.
 */
export function rotationOf(secrets: RegionSecrets, what: string): (what: string) => boolean {
  const [kind = what] = what.split(":");
  if (kind === "dnssec" || kind === "root") {
    throw refused({ id: `${what}: ${REFUSED[kind].id}`, en: `${what}: ${REFUSED[kind].en}` });
  }
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
  const perSite = sites.flatMap(({ site, certificates, objectIdentities }) => [
    `intermediate:${site}`,
    ...Object.keys(certificates).map((workload) => `certificate:${site}/${workload}`),
    `public-certificate:${site}`,
    `operator:${site}`,
    ...Object.keys(objectIdentities).map((use) => `object-identity:${site}/${use}`),
  ]);
  const shared = (prefix: string, pick: (site: SiteSecrets) => object) =>
    [...new Set(sites.flatMap((site) => Object.keys(pick(site))))].map((name) => `${prefix}:${name}`);
  return [
    ...perSite,
    "tsig:transfer",
    "tsig:update",
    ...shared("database-role", (site) => site.databaseRoles),
    ...shared("application-secret", (site) => site.applicationSecrets),
    ...shared("object-reader", (site) => site.objectReaders),
    ...shared("code-token", (site) => site.codeTokens),
    ...(sites.some((site) => site.codeHostKey !== undefined) ? ["code-host-key"] : []),
  ];
}
