/** The site's object store with the credentials that it takes now: links in /run/backup that the image's `epoch` keeps. */
import { readFile } from "node:fs/promises";
import type { Client } from "minio";
import { objectsClient } from "../../io/objects.ts";
import { paths } from "./config.ts";
import type { BackupFiles } from "./files.ts";
import { WorkFault } from "./work.ts";

interface Identity {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** `objects.json`: by bucket who reads it, and by `<bucket>/write` or `/prune` who does that with the bucket of backups. */
async function identities(): Promise<Readonly<Record<string, Identity>>> {
  return JSON.parse(await readFile(`${paths.run}/objects.json`, "utf8")) as Record<string, Identity>;
}

/** A client that reads a bucket, or with a use does that. @throws WorkFault where no credentials were delivered. */
export async function bucketClient({ config, tls }: BackupFiles, bucket: string, use = "read"): Promise<Client> {
  const identity = (await identities())[`${bucket}/${use}`];
  if (!identity)
    throw new WorkFault({
      id: `tidak ada kredensial "${bucket}/${use}" di sini: jalankan \`lumbung up\``,
      en: `no credentials "${bucket}/${use}" are here: run \`lumbung up\``,
    });
  const { host, address, port } = config.store;
  return objectsClient({ address, hostName: host, port, ca: String(tls.ca) }, identity);
}
