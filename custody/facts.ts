/** What there is, since when and until when, and which step of a rotation it is in: no value. Pure. */
import { X509Certificate } from "node:crypto";
import type { Text } from "../model/types.ts";
import { rootStep } from "./roll-root.ts";
import { zoneStep } from "./roll-zone.ts";
import { overlapping } from "./rotate.ts";
import { type Deployment, isBroughtOut } from "./rotation.ts";
import { SKEW_MS } from "./skew.ts";
import type { PlaceSecrets, RegionSecrets, SiteSecrets } from "./types.ts";

export interface SecretFact {
  /** The name that `secrets rotate` takes. */
  readonly what: string;
  /** ISO 8601; undefined: unknown, for secrets of an older Lumbung. */
  readonly made: string | undefined;
  /** ISO 8601; undefined: it does not end by itself. */
  readonly expires: string | undefined;
  /** What a rotation that is under way waits for; undefined: none is. */
  readonly step: Text | undefined;
}

export interface CertificateFact {
  /** The name that `secrets rotate` takes. */
  readonly what: string;
  /** ISO 8601 */
  readonly made: string;
  readonly expires: string;
  /** Whether it signs others: what it signs ends no later. */
  readonly signs: boolean;
}

/** Every secret at hand, in order of kind and site. */
export function secretFacts(secrets: RegionSecrets, deployment: Pick<Deployment, "broughtOut">): SecretFact[] {
  const sites = Object.values(secrets.sites);
  const ofWitness = secrets.witness ? placeCertificates(secrets.witness) : [];
  const certificates = new Map([...sites.flatMap(certificateFacts), ...ofWitness].map((fact) => [fact.what, fact]));
  const steps = new Map(
    overlapping(secrets).map(({ what, created }) => [what, overlapStep(what, created, deployment)]),
  );
  const root = rootStep(secrets.root, deployment);
  if (root !== undefined) steps.set("root", root);
  const shared = (prefix: string, pick: (site: SiteSecrets) => Readonly<Record<string, { created?: string }>>) =>
    Object.entries(Object.assign({}, ...sites.map(pick)) as Record<string, { created?: string }>).map(
      ([name, { created }]): SecretFact => ({
        what: `${prefix}:${name}`,
        made: created,
        expires: undefined,
        step: steps.get(`${prefix}:${name}`),
      }),
    );
  const zones = Object.assign({}, ...sites.map((site) => site.dnssec)) as SiteSecrets["dnssec"];
  return [
    ...[...certificates.values()].map(({ what, made, expires }) => ({ what, made, expires, step: steps.get(what) })),
    ...shared("tsig", (site) => ({ ...site.tsig })),
    ...Object.entries(zones).map(([zone, key]) => ({
      what: `dnssec:${zone}`,
      made: key.created,
      expires: undefined,
      step: zoneStep(zone, key, deployment),
    })),
    ...shared("database-role", (site) => site.databaseRoles),
    ...shared("application-secret", (site) => site.applicationSecrets),
    ...sites.flatMap(({ site, objectIdentities }) => shared(`object-identity`, () => prefixed(site, objectIdentities))),
    ...sites.flatMap(({ site, backupKeys }) => shared("backup-key", () => prefixed(site, backupKeys))),
    ...shared("object-reader", (site) => site.objectReaders),
    ...shared("code-token", (site) => site.codeTokens),
    ...sites.flatMap(({ site, evidenceKey }) =>
      evidenceKey === undefined
        ? []
        : [{ what: `evidence-key:${site}`, made: evidenceKey.created, expires: undefined, step: undefined }],
    ),
    ...[...new Set(sites.flatMap(({ codeHostKey }) => codeHostKey?.created ?? []))].map((made) => ({
      what: "code-host-key",
      made,
      expires: undefined,
      step: undefined,
    })),
  ];
}

/** A site's certificates: the root that signs now, its intermediate, what it shows the public, its operator's, every workload's. */
export function certificateFacts(secrets: SiteSecrets): CertificateFact[] {
  const { site, publicCertificate, operator } = secrets;
  return [
    ...placeCertificates(secrets),
    fact(`public-certificate:${site}`, new X509Certificate(publicCertificate.chain), false),
    fact(`operator:${site}`, new X509Certificate(operator.chain), false),
  ];
}

/** The certificates of any place: the root that signs now, its intermediate, every workload's. */
export function placeCertificates({ site, authority, certificates }: PlaceSecrets): CertificateFact[] {
  const intermediate = new X509Certificate(authority.intermediate.certificate);
  const roots = certificatesIn(authority.root);
  const signing = roots.find((root) => intermediate.checkIssued(root)) ?? roots.at(-1);
  return [
    ...(signing === undefined ? [] : [fact("root", signing, true)]),
    fact(`intermediate:${site}`, intermediate, true),
    ...Object.entries(certificates).map(([workload, { chain }]) =>
      fact(`certificate:${site}/${workload}`, new X509Certificate(chain), false),
    ),
  ];
}

/** Each certificate of a text that holds several, in order. */
export function certificatesIn(pem: string): X509Certificate[] {
  const parts = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return parts.map((part) => new X509Certificate(part));
}

function fact(what: string, { validFrom, validTo }: X509Certificate, signs: boolean): CertificateFact {
  const made = new Date(Date.parse(validFrom) + SKEW_MS).toISOString();
  return { what, made, expires: new Date(validTo).toISOString(), signs };
}

function prefixed<T>(site: string, record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`${site}/${name}`, value]));
}

function overlapStep(what: string, created: string, deployment: Pick<Deployment, "broughtOut">): Text {
  if (!isBroughtOut(created, deployment)) return { id: "dibuat: jalankan `lumbung up`", en: "made: run `lumbung up`" };
  return {
    id: `dipakai, yang lama masih diterima: \`lumbung secrets rotate ${what} --finish\` mengakhirinya (dengan sendirinya setelah 7 hari)`,
    en: `in use, the one before is still accepted: \`lumbung secrets rotate ${what} --finish\` ends that (by itself after 7 days)`,
  };
}
