/** A bucket of a site's store as one of its identities, of the epoch that is in force there: which one that is, the store knows. */
import type { Client } from "minio";
import { loadSite } from "../../custody/read.ts";
import { outOfReach, wrongUse } from "../../io/errors.ts";
import { objectsClient } from "../../io/objects.ts";
import { objectKeysOf } from "../../model/object-keys.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { call } from "../../services/ops/jobs/call.ts";

const PORT = 8333;

interface At {
  readonly address: string;
  readonly hostName: string;
  readonly port: number;
  readonly ca: string;
}

/** @throws LumbungError (2) where the site has no such bucket, (3) where its store does not answer. */
export async function openBucketAs(model: Model, site: SiteModel, bucket: string, use: string): Promise<Client> {
  const placement = site.workloads.find(({ kind }) => kind === "objects");
  if (placement?.address === undefined) throw none(site.id, bucket);
  const secrets = await loadSite(model.region.id, site.id, process.env);
  const at = { address: placement.address, hostName: placement.hostName, port: PORT, ca: secrets.authority.root };
  const secret = secrets.objectIdentities[`${bucket}/${use}`]?.secret;
  if (secret === undefined) throw none(site.id, bucket);
  try {
    const client = objectsClient(at, objectKeysOf(secret, await epochOf(at)));
    await client.listObjectsQuery(bucket, "nobody/", "", { Delimiter: "", MaxKeys: 1, IncludeVersion: false });
    return client;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw outOfReach(
      { id: `${at.hostName}: tidak dapat dibaca: ${why}`, en: `${at.hostName}: cannot be read: ${why}` },
      { id: "lihat `lumbung status`", en: "see `lumbung status`" },
    );
  }
}

/** Of the credentials that a store takes now: it says so to everybody. @throws Away; RangeError where it says no epoch. */
async function epochOf({ address, hostName, port, ca }: At): Promise<number> {
  const { status, text } = await call(
    { host: hostName, address, port },
    { ca },
    { method: "GET", path: "/.lumbung/epoch" },
  );
  if (status !== 200 || !/^[1-9]\d*$/.test(text))
    throw new RangeError(`epoch: expected a number, received ${status} ${text}`);
  return Number(text);
}

const none = (site: string, bucket: string) =>
  wrongUse({
    id: `situs ${site}: bucket ${bucket} tidak dinyatakan`,
    en: `site ${site}: bucket ${bucket} is not declared`,
  });
