/** Every version of every object below a prefix. */
import type { Client } from "minio";

/** One entry of `ListObjectVersions` (S3 API). The npm client gives delete markers after the versions of a page. */
export interface Version {
  readonly name?: string;
  readonly versionId?: string | null;
  readonly lastModified?: Date;
  readonly size?: number;
  readonly isLatest?: boolean;
  readonly isDeleteMarker?: boolean;
}

/** Page after page. The client's own `listObjects` signs what follows the first page wrongly where names hold a `/` (minio 8.0.7). */
export async function* versionsBelow(
  client: Pick<Client, "listObjectsQuery">,
  bucket: string,
  prefix: string,
): AsyncIterable<Version> {
  let [keyMarker, versionIdMarker] = ["", ""];
  for (;;) {
    const page = await client.listObjectsQuery(bucket, prefix, "", {
      ...{ Delimiter: "", MaxKeys: 1000, IncludeVersion: true },
      ...{ keyMarker: encodeURIComponent(keyMarker), versionIdMarker },
    });
    yield* page.objects as readonly Version[];
    if (page.isTruncated !== true) return;
    const next = decodeURIComponent(page.keyMarker ?? "");
    if (next === keyMarker && (page.versionIdMarker ?? "") === versionIdMarker)
      throw new Error(`bucket ${bucket}: the list of versions does not go on after "${next}"`);
    [keyMarker, versionIdMarker] = [next, page.versionIdMarker ?? ""];
  }
}
