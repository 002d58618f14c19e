/** Puts an exported copy into a site's own store, where its drill room can read it: checked before and not mixed with the site's own copies. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Client } from "minio";
import type { ExportManifest } from "./manifest.ts";

/** Below which an imported copy lies: the site and moment of its export. */
export function importPrefix({ region, site, at }: Pick<ExportManifest, "region" | "site" | "at">): string {
  return `imported/${region}-${site}-${at.replaceAll(/[^0-9A-Za-z]/g, "")}/`;
}

export interface Importing {
  readonly client: Client;
  readonly bucket: string;
  readonly folder: string;
  readonly manifest: ExportManifest;
  readonly onProgress: (done: number, total: number) => void;
}

/** Every file, also what is there already: a version more does no harm. */
export async function importObjects({ client, bucket, folder, manifest, onProgress }: Importing): Promise<void> {
  const prefix = importPrefix(manifest);
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const { path, bytes } of manifest.files) {
    const name = `${prefix}${path.slice(path.indexOf("/") + 1)}`;
    await client.putObject(bucket, name, createReadStream(join(folder, path)), bytes);
    done += bytes;
    onProgress(done, total);
  }
}
