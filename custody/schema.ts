/** The shapes of `types.ts` as they are read back from a sealed file: nothing further in doubts them. */
import { z } from "zod";
import type { PlaceSecrets, RegionRecord, RootSecrets, SiteSecrets } from "./types.ts";

const pem = (label: string) => z.string().startsWith(`-----BEGIN ${label}-----\n`).endsWith(`-----END ${label}-----\n`);
const certificate = pem("CERTIFICATE");
const key = pem("PRIVATE KEY");
const text = z.string().min(1);

const issued = z.strictObject({ chain: certificate, key, notAfter: z.iso.datetime(), names: z.array(text) });
const oneTsig = z.strictObject({
  name: text,
  algorithm: z.literal("hmac-sha256"),
  secret: z.base64(),
  created: z.iso.datetime().exactOptional(),
});
const tsig = oneTsig.extend({ previous: oneTsig.exactOptional() });
const zoneKey = z.strictObject({
  key,
  algorithm: z.literal("ecdsap256sha256"),
  created: z.iso.datetime(),
  next: z
    .strictObject({
      key,
      created: z.iso.datetime(),
      inUse: z.iso.datetime().exactOptional(),
      dsPublished: z.iso.datetime().exactOptional(),
    })
    .exactOptional(),
  retired: z.array(z.number().int().min(0).max(65_535)).exactOptional(),
});
const role = z.strictObject({
  password: text,
  scramVerifier: z.string().startsWith("SCRAM-SHA-256$"),
  created: z.iso.datetime().exactOptional(),
  previousPassword: text.exactOptional(),
});

const oneObjectSecret = z.strictObject({ secret: text, created: z.iso.datetime() });
const objectSecret = oneObjectSecret.extend({ previous: oneObjectSecret.exactOptional() });
/** Bundles of before credentials were derived hold some of epochs 1 and 2 as well, by `<use>@<epoch>`: they are left out, and new secrets are made. */
const objectSecrets = z.preprocess(
  (held) =>
    typeof held === "object" && held !== null
      ? Object.fromEntries(Object.entries(held).filter(([name]) => !name.includes("@")))
      : held,
  z.record(text, objectSecret).default({}),
);

export const placeSecretsSchema = z.strictObject({
  version: z.literal(1),
  region: text,
  site: text,
  regionIdentity: z.uuid(),
  authority: z.strictObject({ root: certificate, intermediate: z.strictObject({ certificate, key }) }),
  certificates: z.record(text, issued),
}) satisfies z.ZodType<PlaceSecrets>;

export const siteSecretsSchema = placeSecretsSchema.extend({
  publicCertificate: issued,
  operator: issued,
  // Bundles made before there was a key for evidence have none: the next `up` makes it.
  tsig: z.strictObject({ transfer: tsig, update: tsig, evidence: tsig.exactOptional() }),
  dnssec: z.record(text, zoneKey),
  databaseRoles: z.record(text, role),
  // Bundles made before these existed have none: the next `up` makes them.
  applicationSecrets: z
    .record(text, z.strictObject({ secret: text, adminPassword: text, created: z.iso.datetime() }))
    .default({}),
  objectIdentities: objectSecrets,
  objectReaders: objectSecrets,
  backupKeys: z.record(text, z.strictObject({ passphrase: text, created: z.iso.datetime() })).default({}),
  codeHostKey: z.strictObject({ key, created: z.iso.datetime() }).exactOptional(),
  codeTokens: z.record(text, z.strictObject({ token: text, created: z.iso.datetime() })).default({}),
  evidenceKey: z.strictObject({ key, created: z.iso.datetime() }).exactOptional(),
  evidenceKeys: z
    .array(z.strictObject({ site: text, publicKey: pem("PUBLIC KEY"), created: z.iso.datetime() }))
    .default([]),
}) satisfies z.ZodType<SiteSecrets>;

export const rootSecretsSchema = z.strictObject({
  version: z.literal(1),
  region: text,
  regionIdentity: z.uuid(),
  certificate,
  key,
  next: z.strictObject({ certificate, key, created: z.iso.datetime() }).exactOptional(),
  previous: z.strictObject({ certificate, since: z.iso.datetime() }).exactOptional(),
}) satisfies z.ZodType<RootSecrets>;

const founding = z.strictObject({ at: z.iso.datetime({ offset: true }), by: text });

export const regionRecordSchema = z.strictObject({
  version: z.literal(1),
  region: text,
  regionIdentity: z.uuid(),
  sites: z.array(text),
  founded: founding.nullable(),
  // A record made before workloads were founded one by one has none: the next `up` looks at what is there.
  workloads: z.record(text, founding).default({}),
}) satisfies z.ZodType<RegionRecord>;
