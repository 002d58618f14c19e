/** The object store as a client sees it: over TLS, with its name verified, as one identity. */
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import type { Client } from "minio";
import type { SiteSecrets } from "../../../custody/types.ts";
import { objectsClient } from "../../../io/objects.ts";
import { type ObjectKeys, objectKeysOf } from "../../../model/object-keys.ts";
import type { SiteModel } from "../../../model/types.ts";

const PORT = 8333;

export interface StoreAt {
  readonly address: string;
  readonly hostName: string;
  readonly ca: string;
}

/** Where a site's store answers, as the host reaches it. */
export function storeAt(site: SiteModel, secrets: SiteSecrets): StoreAt {
  const placement = site.workloads.find(({ kind }) => kind === "objects");
  if (!placement?.address) throw new Error(`site ${site.id}: no object store`);
  return { address: placement.address, hostName: placement.hostName, ca: secrets.authority.root };
}

export type Options = { readonly client?: { readonly cert: string; readonly key: string } };

/** A client of this store as one identity. With `client` it shows a certificate, too. */
export const clientOf = (store: StoreAt, one: ObjectKeys, { client }: Options = {}): Client =>
  objectsClient({ ...store, port: PORT }, one, client);

/** The identity of that use in an epoch. @throws where the bundle has none. */
export function identityOf(secrets: SiteSecrets, use: string, epoch = 1): ObjectKeys {
  const one = secrets.objectIdentities[use];
  if (!one) throw new Error(`secrets of ${secrets.site}: no object identity ${use}`);
  return objectKeysOf(one.secret, epoch);
}

export interface Asked {
  readonly method: string;
  readonly bucket?: string;
  readonly object?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answered {
  /** `OK`, or S3's error code. */
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Any signed request and what came of it; refusals are answers, a broken connection is an error. */
export async function askStore(client: Client, asked: Asked): Promise<Answered> {
  const { method, bucket = "", object = "", query = "", headers = {}, body = "" } = asked;
  try {
    const response = await client.makeRequestAsync(
      { method, bucketName: bucket, objectName: object, query, headers: { ...headers } },
      body,
      [200, 204, 206],
      "us-east-1",
    );
    return {
      code: "OK",
      message: "",
      headers: response.headers,
      body: await text(response),
    };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined || /^E[A-Z]+$/.test(code)) throw error;
    return { code, message, headers: {}, body: "" };
  }
}

/** Writes an object and tells the version that it became. */
export async function put(
  client: Client,
  bucket: string,
  object: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = await askStore(client, { method: "PUT", bucket, object, body, headers });
  if (answer.code !== "OK") throw new Error(`${bucket}/${object}: ${answer.code}: ${answer.message}`);
  return String(answer.headers["x-amz-version-id"] ?? "");
}

/** Content of a version, or the error code. */
export async function read(client: Client, bucket: string, object: string, version?: string): Promise<string> {
  const query = version === undefined ? "" : `versionId=${version}`;
  const answer = await askStore(client, { method: "GET", bucket, object, query });
  return answer.code === "OK" ? answer.body : answer.code;
}

/** Versions of one object, oldest first: content or `-` for a delete marker. */
export async function history(client: Client, bucket: string, object: string): Promise<string[]> {
  const { body } = await askStore(client, {
    method: "GET",
    bucket,
    query: `prefix=${encodeURIComponent(object)}&versions`,
  });
  const found: string[] = [];
  for (const [, kind, inside = ""] of body.matchAll(/<(Version|DeleteMarker)>(.*?)<\/\1>/gs)) {
    const [, key] = /<Key>(.*?)<\/Key>/.exec(inside) ?? [];
    const [, version] = /<VersionId>(.*?)<\/VersionId>/.exec(inside) ?? [];
    if (plain(key ?? "") !== object) continue;
    found.push(kind === "DeleteMarker" ? "-" : await read(client, bucket, object, version));
  }
  return found.reverse();
}

/** Text without XML's escapes. */
const plain = (escaped: string): string =>
  escaped
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** What became of a TCP connection: `open`, or the reason why not. */
export function reach(address: string, port: number): Promise<string> {
  return new Promise<string>((resolve) => {
    const socket = connect({ host: address, port, timeout: 3000 });
    const end = (answer: string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end("open"));
    socket.once("timeout", () => end("timeout"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
