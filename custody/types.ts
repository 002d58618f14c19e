/** What a site's sealed bundle holds. Made once per region, kept encrypted per site, rotated by name. */
import type { Text } from "../model/types.ts";

/** What a place needs to prove its names and check those of others; all that the witness has. */
export interface PlaceSecrets {
  readonly version: 1;
  readonly region: string;
  readonly site: string;
  /** UUID of the region: the same at every site for ever; an engine's data carry it. */
  readonly regionIdentity: string;
  readonly authority: {
    /** PEM of the root certificates that are trusted (their keys are not here): one, or two while a root is rolled over, the older first. */
    readonly root: string;
    /** The site's own intermediate. */
    readonly intermediate: { readonly certificate: string; readonly key: string };
  };
  /** By workload name: leaf for server and client use, signed by the site's intermediate. */
  readonly certificates: Readonly<Record<string, IssuedCertificate>>;
}

export interface SiteSecrets extends PlaceSecrets {
  /** For the region's domain and its wildcard, shown by the gateway to the public. */
  readonly publicCertificate: IssuedCertificate;
  /** The operator's client certificate for this site. */
  readonly operator: IssuedCertificate;
  /** Shared by all sites. */
  readonly tsig: {
    readonly transfer: TsigKey;
    readonly update: TsigKey;
    /** May change the one name under which the heads of evidence are published. Absent in bundles made before there was one. */
    readonly evidence?: TsigKey;
  };
  /** By zone, shared by all sites: PKCS#8 PEM of the combined signing key (ECDSA P-256, RFC 8624). */
  readonly dnssec: Readonly<Record<string, ZoneKey>>;
  /** By `<server>/<role>`, shared by all sites. */
  readonly databaseRoles: Readonly<Record<string, DatabaseRoleSecret>>;
  /** By application, shared by all sites: from which it derives its own keys (WordPress' salts, MediaWiki's $wgSecretKey), and its first administrator. */
  readonly applicationSecrets: Readonly<Record<string, ApplicationSecret>>;
  /** This site's own object store, by use: from which who may do that there derives its credentials of each epoch. */
  readonly objectIdentities: Readonly<Record<string, ObjectSecret>>;
  /** By site, shared by all sites: the same, to read every bucket of that site's object store, for the copies at the other site. */
  readonly objectReaders: Readonly<Record<string, ObjectSecret>>;
  /**
   * This site's own, by repository: `postgresql:utama/base`, `postgresql:utama/monthly`, `restic`. What a repository holds is read with its key
   * alone, so a key is never renewed; no other site has it.
   */
  readonly backupKeys: Readonly<Record<string, BackupKey>>;
  /** Shared by all sites, so that a client's known host stays known after a switch. Absent where no code repository runs. */
  readonly codeHostKey?: { readonly key: string; readonly created: string };
  /** By role, shared by all sites: password of the role for git over HTTPS. */
  readonly codeTokens: Readonly<Record<string, { readonly token: string; readonly created: string }>>;
  /** This site's own: by which its signer signs evidence. PKCS#8 PEM, Ed25519. Absent in bundles made before there was one. */
  readonly evidenceKey?: { readonly key: string; readonly created: string };
  /** Shared by all sites: public keys by which evidence is checked. None ever leaves, so that old records stay verifiable. */
  readonly evidenceKeys: readonly EvidencePublicKey[];
}

export interface EvidencePublicKey {
  readonly site: string;
  /** SPKI PEM, Ed25519. */
  readonly publicKey: string;
  /** ISO 8601 */
  readonly created: string;
}

export interface ApplicationSecret {
  /** 64 characters. */
  readonly secret: string;
  readonly adminPassword: string;
  /** ISO 8601 */
  readonly created: string;
}

/** From which S3 credentials of every epoch follow (model/object-keys.ts). */
export interface ObjectSecret {
  /** 64 characters. */
  readonly secret: string;
  /** ISO 8601 */
  readonly created: string;
  /** What follows from it is let in as well by the store, until everybody uses the new one. */
  readonly previous?: Omit<ObjectSecret, "previous">;
}

/** Opens one backup repository. */
export interface BackupKey {
  /** 64 characters. */
  readonly passphrase: string;
  /** ISO 8601 */
  readonly created: string;
}

export interface IssuedCertificate {
  /** PEM: leaf, then the site's intermediate. */
  readonly chain: string;
  /** PKCS#8 PEM. */
  readonly key: string;
  /** ISO 8601 */
  readonly notAfter: string;
  readonly names: readonly string[];
}

export interface TsigKey {
  /** Tells two keys of one use apart: a renewed key has another name than the one before. */
  readonly name: string;
  readonly algorithm: "hmac-sha256";
  /** Base64 */
  readonly secret: string;
  /** ISO 8601. Where two sites changed it while apart, the newer one counts. */
  readonly created?: string;
  /** Accepted as well, until every site and every secondary has the new one. */
  readonly previous?: Omit<TsigKey, "previous">;
}

/** A zone's signing key. While it is rolled over (RFC 6781 section 4.1.2, double signature) both sign. */
export interface ZoneKey {
  /** PKCS#8 PEM */
  readonly key: string;
  readonly algorithm: "ecdsap256sha256";
  /** ISO 8601 */
  readonly created: string;
  /** The key that takes over when the parent zone has its DS record. */
  readonly next?: {
    /** PKCS#8 PEM */
    readonly key: string;
    /** ISO 8601 */
    readonly created: string;
    /** ISO 8601: since when every name server has signed with it, as the first `up` that ended well noted. */
    readonly inUse?: string;
    /** ISO 8601: when a person said that the parent shows the DS record of this key, and no longer that of the old one. */
    readonly dsPublished?: string;
  };
  /** Key tags (RFC 4034 appendix B) of keys that every name server must forget. */
  readonly retired?: readonly number[];
}

export interface DatabaseRoleSecret {
  readonly password: string;
  /** What PostgreSQL stores: `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey` (RFC 5803). */
  readonly scramVerifier: string;
  /** ISO 8601. Where two sites changed it while apart, the newer one counts. */
  readonly created?: string;
  /** The password before. A client tries it second: which of the two a server takes depends on who reloads first. */
  readonly previousPassword?: string;
}

/** What the sealed root file holds. In a real region it is kept off line: it is needed to add, rebuild or rotate a site, for nothing else. */
export interface RootSecrets {
  readonly version: 1;
  readonly region: string;
  readonly regionIdentity: string;
  /** PEM of the root that signs. */
  readonly certificate: string;
  /** PKCS#8 PEM */
  readonly key: string;
  /** A root that everybody learns to trust before it signs anything. */
  readonly next?: { readonly certificate: string; readonly key: string; readonly created: string };
  /** The root before, still trusted until nothing that it signed is in use. Its key is gone. */
  readonly previous?: { readonly certificate: string; readonly since: string };
}

/** All secrets of a region that are at hand. A site that is lost, or whose bundle is elsewhere, is not in `sites`. */
export interface RegionSecrets {
  readonly root?: RootSecrets;
  readonly sites: Readonly<Record<string, SiteSecrets>>;
  /** Absent: the region has no witness, or its bundle is elsewhere. */
  readonly witness?: PlaceSecrets;
}

/**
 * One secret that was made, renewed, copied or dropped. `what` is its name, which `rotate` takes too: `root`, `intermediate:dc`,
 * `certificate:dc/etcd`, `public-certificate:dc`, `operator:dc`, `tsig:transfer`, `dnssec:<zone>`, `database-role:utama/pengaduan`.
 */
export interface SecretChange {
  readonly what: string;
  readonly action: "made" | "renewed" | "copied" | "dropped" | "settled";
  readonly message: Text;
}

/** What everybody may know about the region's founding; kept beside every site's bundle, in clear. */
export interface RegionRecord {
  readonly version: 1;
  readonly region: string;
  readonly regionIdentity: string;
  /** Sites that have a bundle, whether or not it is at hand here. */
  readonly sites: readonly string[];
  /** When the region's data were first initialised, and by which site; null before that. */
  readonly founded: Founding | null;
  /** By workload that keeps data: when its data were first initialised, and by which site. Each is founded once in its life. */
  readonly workloads: Readonly<Record<string, Founding>>;
}

/** When, in ISO 8601, and by which site. */
export interface Founding {
  readonly at: string;
  readonly by: string;
}
