/** A bucket of a site's store as one of its identities, of the epoch that is in force there: which one that is, the store knows. */
import type { Client } from "minio";
import { preparedEpochs } from "../../custody/declared.ts";
import { loadSite } from "../../custody/read.ts";
import { outOfReach, wrongUse } from "../../io/errors.ts";
import { objectsClient } from "../../io/objects.ts";
import type { Model, SiteModel } from "../../model/types.ts";

const PORT = 8333;

/** @throws LumbungError (2) where the site has no such bucket, (3) where its store does not answer. */
export async function openBucketAs(model: Model, site: SiteModel, bucket: string, use: string): Promise<Client> {
  const placement = site.workloads.find(({ kind }) => kind === "objects");
  if (placement?.address === undefined) throw none(site.id, bucket);
  const secrets = await loadSite(model.region.id, site.id, process.env);
  const at = { address: placement.address, hostName: placement.hostName, port: PORT, ca: secrets.authority.root };
  let refusal: unknown;
  for (const epoch of preparedEpochs) {
    const identity = secrets.objectIdentities[`${bucket}/${use}@${epoch}`];
    if (identity === undefined) throw none(site.id, bucket);
    const client = objectsClient(at, identity);
    try {
      await client.listObjectsQuery(bucket, "nobody/", "", { Delimiter: "", MaxKeys: 1, IncludeVersion: false });
      return client;
    } catch (error) {
      refusal = error;
      if (!isRefusal(error)) break;
    }
  }
  const why = refusal instanceof Error ? refusal.message : String(refusal);
  throw outOfReach(
    { id: `${placement.hostName}: tidak dapat dibaca: ${why}`, en: `${placement.hostName}: cannot be read: ${why}` },
    { id: "lihat `lumbung status`", en: "see `lumbung status`" },
  );
}

const isRefusal = (error: unknown): boolean =>
  ["AccessDenied", "InvalidAccessKeyId"].includes(String((error as { code?: unknown }).code));

const none = (site: string, bucket: string) =>
  wrongUse({
    id: `situs ${site}: bucket ${bucket} tidak dinyatakan`,
    en: `site ${site}: bucket ${bucket} is not declared`,
  });
