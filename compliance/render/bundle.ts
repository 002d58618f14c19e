/**
 * What an auditor takes along: the assessment, its renderings, the evidence that it cites, the public keys, and how to check all of it with OpenSSL and
 * sha256sum alone. The manifest names every other file; a record of a site's chain signs the manifest, and lies beside it. Pure.
 */
import { sha256 } from "../../evidence/dsse.ts";
import type { PublicEvidenceKey } from "../../evidence/keys.ts";
import type { StoredRecord } from "../../evidence/store.ts";
import { bundleGuides } from "./bundle-guide.ts";
import { CITED, keyPath, MANIFEST } from "./bundle-names.ts";
import { evidencePath } from "./oscal-parts.ts";
import type { Sources } from "./sources.ts";

export interface BundleParts {
  /** By path below the bundle: the renderings, the assessment itself among them. */
  readonly renderings: ReadonlyMap<string, Uint8Array>;
  /** What evidence the stores hold; only what is cited is taken along. */
  readonly records: readonly StoredRecord[];
  /** By path `documents/<id>`: files of the inventory that are cited. */
  readonly documents: ReadonlyMap<string, Uint8Array>;
  readonly keys: readonly PublicEvidenceKey[];
  /** Whether a site's signer is going to sign the manifest: the guides say so, or that nobody did. */
  readonly signed: boolean;
}

export interface Bundle {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What is to be signed. */
  readonly manifest: Buffer;
  /** Ids that are cited and that nobody handed in as they were cited: the bundle says so. */
  readonly absent: readonly string[];
}

/** Every file but the record that signs the manifest. */
export function bundleOf(sources: Sources, { renderings, records, documents, keys, signed }: BundleParts): Bundle {
  const cited = sources.assessment.evidence.cited;
  const held = new Map(records.map(({ id, bytes }) => [id, bytes]));
  const evidence = cited.flatMap((one): (readonly [string, Uint8Array])[] => {
    const path = evidencePath(one);
    const bytes = held.get(one.id) ?? documents.get(path);
    // What has another digest than the one that was cited is not what was cited.
    return bytes === undefined || sha256(bytes) !== one.digest ? [] : [[path, bytes]];
  });
  const there = new Set(evidence.map(([path]) => path));
  const absent = cited.filter((one) => !there.has(evidencePath(one))).map(({ id }) => id);
  const digests = cited
    .filter((one) => there.has(evidencePath(one)))
    .map((one) => `${one.digest}  ${evidencePath(one)}\n`);
  const files = new Map<string, Uint8Array>([
    ...renderings,
    ...evidence,
    ...keys.map((key) => [keyPath(key), Buffer.from(key.publicKey)] as const),
    [CITED, Buffer.from(digests.join(""))],
    ...[...bundleGuides(sources, { keys, signed, absent })].map(([path, text]) => [path, Buffer.from(text)] as const),
  ]);
  const manifest = manifestOf(files);
  files.set(MANIFEST, manifest);
  return { files, manifest, absent };
}

/** As `sha256sum` writes and checks it, in order of path. */
function manifestOf(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const lines = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`);
  return Buffer.from(lines.join(""));
}
