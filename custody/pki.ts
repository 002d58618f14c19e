/**
 * The region's own certificate authority: a root (10 years), an intermediate per site (5 years), leaves (397 days), all ECDSA P-256.
 * The root signs intermediates only. An intermediate is constrained to the region's names without the other sites' (RFC 5280
 * section 4.2.1.10), so that whoever breaks into one site cannot pose as a workload of another.
 */
import "reflect-metadata";
import { webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { type NameConstraints, nameConstraintsDer } from "./der.ts";
import type { Entropy } from "./entropy.ts";
import { SKEW_MS } from "./skew.ts";
import type { IssuedCertificate } from "./types.ts";

/** A certificate that may sign, with its key: both PEM, the key PKCS#8. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

/** When and with which randomness something is made. */
export interface Making {
  readonly now: Date;
  readonly entropy: Entropy;
}

export interface LeafRequest {
  /** Common name; at most 64 characters (RFC 5280, ub-common-name). */
  readonly commonName: string;
  /** DNS names first, then addresses; all become subject alternative names. */
  readonly names: readonly string[];
  readonly use: readonly ("server" | "client")[];
}

const DAY_MS = 86_400_000;
const ROOT_DAYS = 3653;
const INTERMEDIATE_DAYS = 1826;
/** The most that browsers accept is 398. */
const LEAF_DAYS = 397;
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const USE = {
  server: x509.ExtendedKeyUsage.serverAuth,
  client: x509.ExtendedKeyUsage.clientAuth,
} as const;

/** A new root: self-signed, may sign intermediates that sign leaves. */
export async function createRoot(commonName: string, making: Making): Promise<Authority> {
  const keys = await making.entropy.keyPair();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...frame(making, ROOT_DAYS),
      name: [{ CN: [commonName] }],
      keys,
      signingAlgorithm: ECDSA,
      extensions: [
        new x509.BasicConstraintsExtension(true, 1, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { certificate: pem(certificate), key: await exportKey(keys.privateKey) };
}

/**
 * An intermediate of a site, with path length 0 and constrained names.
 * @param key PKCS#8 PEM of the key to keep when only the certificate is renewed; default a new key.
 */
export async function createIntermediate(
  root: Authority,
  commonName: string,
  constraints: NameConstraints,
  making: Making,
  key?: string,
): Promise<Authority> {
  const keys = key === undefined ? await making.entropy.keyPair() : await importKeyPair(key);
  const issuer = new x509.X509Certificate(root.certificate);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      ...frame(making, INTERMEDIATE_DAYS, issuer.notAfter),
      subject: [{ CN: [commonName] }],
      issuer: issuer.subjectName.toJSON(),
      publicKey: keys.publicKey,
      signingKey: await importSigningKey(root.key),
      signingAlgorithm: ECDSA,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, webcrypto),
        new x509.Extension(NAME_CONSTRAINTS, true, nameConstraintsDer(constraints)),
      ],
    },
    webcrypto,
  );
  return { certificate: pem(certificate), key: key ?? (await exportKey(keys.privateKey)) };
}

/** A leaf with a new key, valid for 397 days but never longer than its issuer. */
export async function issueLeaf(issuer: Authority, request: LeafRequest, making: Making): Promise<IssuedCertificate> {
  if (request.commonName.length > 64) {
    throw new RangeError(
      `common name ${request.commonName}: expected at most 64 characters, received ${request.commonName.length}`,
    );
  }
  const keys = await making.entropy.keyPair();
  return { ...(await certifyKey(issuer, request, keys.publicKey, making)), key: await exportKey(keys.privateKey) };
}

/** A leaf for a key that somebody else may hold. @param until it ends no later. Default: after 397 days */
export async function certifyKey(
  issuer: Authority,
  request: LeafRequest,
  publicKey: x509.PublicKeyType,
  making: Making,
  until?: Date,
): Promise<Omit<IssuedCertificate, "key">> {
  const parent = new x509.X509Certificate(issuer.certificate);
  const end = until === undefined || until > parent.notAfter ? parent.notAfter : until;
  const certificate = await x509.X509CertificateGenerator.create(
    {
      ...frame(making, LEAF_DAYS, end),
      subject: [{ CN: [request.commonName] }],
      issuer: parent.subjectName.toJSON(),
      publicKey,
      signingKey: await importSigningKey(issuer.key),
      signingAlgorithm: ECDSA,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(request.use.map((use) => USE[use])),
        new x509.SubjectAlternativeNameExtension(
          request.names.map((name) => ({ type: isAddress(name) ? "ip" : "dns", value: name }) as const),
        ),
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(parent.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return {
    chain: pem(certificate) + issuer.certificate,
    notAfter: certificate.notAfter.toISOString(),
    names: [...request.names],
  };
}

/** Whether a PEM certificate (the first, in a chain) ends within so many days from now. */
export function endsWithin(certificate: string, days: number, now: Date): boolean {
  return endOf(certificate) - now.getTime() < days * DAY_MS;
}

/** Whether a certificate ends before another does: only then does issuing it again help. */
export function endsBefore(certificate: string, other: string): boolean {
  return endOf(certificate) < endOf(other);
}

/** Milliseconds since 1970 at which it ends. Read with Node's own parser, as every leaf is asked at every `up`: the library's took four times as long. */
function endOf(certificate: string): number {
  return Date.parse(new X509Certificate(certificate).validTo);
}

/** Whether an intermediate carries exactly these constraints. */
export function carriesConstraints(certificate: string, constraints: NameConstraints): boolean {
  const extension = new x509.X509Certificate(certificate).getExtension(NAME_CONSTRAINTS);
  return extension !== null && Buffer.from(extension.value).equals(nameConstraintsDer(constraints));
}

/** PKCS#8 PEM of a new ECDSA P-256 key. */
export async function createKey(entropy: Entropy): Promise<string> {
  return exportKey((await entropy.keyPair()).privateKey);
}

const NAME_CONSTRAINTS = "2.5.29.30";

function frame(making: Making, days: number, atMost?: Date) {
  const wanted = making.now.getTime() + days * DAY_MS;
  const notAfter = atMost === undefined ? wanted : Math.min(wanted, atMost.getTime());
  return {
    serialNumber: serialNumber(making.entropy),
    notBefore: wholeSecond(making.now.getTime() - SKEW_MS),
    notAfter: wholeSecond(notAfter),
  };
}

/** Positive, without leading zero, 127 random bits (RFC 5280 section 4.1.2.2 allows 20 octets). */
function serialNumber(entropy: Entropy): string {
  const bytes = Buffer.from(entropy.bytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

function wholeSecond(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}

function isAddress(name: string): boolean {
  return name.includes(":") || /^\d+\.\d+\.\d+\.\d+$/.test(name);
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem").trimEnd()}\n`;
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key);
  return `${x509.PemConverter.encode(der, x509.PemConverter.PrivateKeyTag).trimEnd()}\n`;
}

async function importSigningKey(key: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey("pkcs8", x509.PemConverter.decodeFirst(key), ECDSA, true, ["sign"]);
}

/** Both halves of a key of which only the private one was kept. */
async function importKeyPair(key: string): Promise<webcrypto.CryptoKeyPair> {
  const privateKey = await importSigningKey(key);
  const { crv, kty, x, y } = await webcrypto.subtle.exportKey("jwk", privateKey);
  const publicPart = { crv, kty, x, y } as webcrypto.JsonWebKey;
  return { privateKey, publicKey: await webcrypto.subtle.importKey("jwk", publicPart, ECDSA, true, ["verify"]) };
}
