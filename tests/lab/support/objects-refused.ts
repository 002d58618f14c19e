/** What a locked bucket's writer tries in vain, as a table: both the lab's test and the image's own go through all of it. */
import type { Client } from "minio";
import { type Asked, askStore } from "./objects.ts";

const LIFECYCLE =
  "<LifecycleConfiguration><Rule><ID>x</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>";
const PUBLIC = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: ["arn:aws:s3:::bukti/*"] }],
});

export interface Victim {
  readonly bucket: string;
  readonly object: string;
  /** A version of it that is locked. */
  readonly version: string;
  /** End of that version's lock. */
  readonly until: Date;
  /** Another bucket, of which this writer must see nothing. */
  readonly other: string;
}

/** The moment as S3 writes it. */
export const moment = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

export const retention = (at: Date, mode = "COMPLIANCE"): string =>
  `<Retention><Mode>${mode}</Mode><RetainUntilDate>${moment(at)}</RetainUntilDate></Retention>`;

/** By what is tried: the request. */
export function attempts({ bucket, object, version, until, other }: Victim): Readonly<Record<string, Asked>> {
  const of = { bucket, object };
  const earlier = new Date(until.getTime() - 3_600_000);
  const later = new Date(until.getTime() + 86_400_000);
  const lock = { "x-amz-object-lock-mode": "GOVERNANCE", "x-amz-object-lock-retain-until-date": moment(earlier) };
  const versioned = `versionId=${version}`;
  const list = `<Delete><Object><Key>${object}</Key><VersionId>${version}</VersionId></Object></Delete>`;
  return {
    "remove the locked version": { method: "DELETE", ...of, query: versioned },
    "remove it past governance": {
      method: "DELETE",
      ...of,
      query: versioned,
      headers: { "x-amz-bypass-governance-retention": "true" },
    },
    "remove it by a list": { method: "POST", bucket, query: "delete", body: list },
    "remove it under an encoded name": { method: "DELETE", ...of, query: `version%49d=${version}` },
    "shorten its lock": { method: "PUT", ...of, query: `retention&${versioned}`, body: retention(earlier) },
    "weaken its lock": { method: "PUT", ...of, query: `retention&${versioned}`, body: retention(later, "GOVERNANCE") },
    "take its lock away": { method: "PUT", ...of, query: `retention&${versioned}`, body: "<Retention></Retention>" },
    "take a legal hold away": {
      method: "PUT",
      ...of,
      query: `legal-hold&${versioned}`,
      body: "<LegalHold><Status>OFF</Status></LegalHold>",
    },
    "write with a weaker lock": { method: "PUT", ...of, body: "x", headers: lock },
    "begin an upload with a weaker lock": { method: "POST", ...of, query: "uploads", headers: lock },
    "suspend versioning": {
      method: "PUT",
      bucket,
      query: "versioning",
      body: "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>",
    },
    "change the bucket's lock": {
      method: "PUT",
      bucket,
      query: "object-lock",
      body: "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>",
    },
    "put a lifecycle rule": { method: "PUT", bucket, query: "lifecycle", body: LIFECYCLE },
    "delete the lifecycle": { method: "DELETE", bucket, query: "lifecycle" },
    "delete the bucket": { method: "DELETE", bucket },
    "make a bucket": { method: "PUT", bucket: "baru" },
    "change the policy": { method: "PUT", bucket, query: "policy", body: PUBLIC },
    "open it to all": { method: "PUT", bucket, query: "acl", headers: { "x-amz-acl": "public-read-write" } },
    "write with rights for all": { method: "PUT", ...of, body: "x", headers: { "x-amz-acl": "public-read" } },
    "set cross-origin rules": { method: "PUT", bucket, query: "cors", body: "<CORSConfiguration/>" },
    "write into the engine's own names": {
      method: "PUT",
      bucket,
      object: `${object}.versions/v_${version}`,
      body: "x",
    },
    "write a header of the engine's own": { method: "PUT", ...of, body: "x", headers: { "Seaweed-X": "1" } },
    "forge a copy's origin": { method: "PUT", ...of, body: "x", headers: { "x-amz-meta-lumbung-origin": "drc/1" } },
    "list another bucket": { method: "GET", bucket: other, query: "list-type=2" },
    "read from another bucket": { method: "GET", bucket: other, object },
    "write to another bucket": { method: "PUT", bucket: other, object, body: "x" },
    "copy from another bucket": { method: "PUT", ...of, headers: { "x-amz-copy-source": `/${other}/${object}` } },
    "list all buckets": { method: "GET" },
  };
}

/** Answers that say "you may not", or that no such thing can be asked: anything else, an error of the store's own for one, proves nothing. */
const REFUSALS = ["AccessDenied", "InvalidURI", "InvalidRequest"];

/** What was let through although it must not be, of all attempts: `<what>: <answer>`; empty where all was refused. */
export async function letThrough(client: Client, victim: Victim): Promise<string[]> {
  const through: string[] = [];
  for (const [what, asked] of Object.entries(attempts(victim))) {
    const { code, message } = await askStore(client, asked);
    if (!REFUSALS.includes(code)) through.push(`${what}: ${code} ${message}`.trim());
  }
  return through;
}
