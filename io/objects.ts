/** A client of a site's object store: over TLS by the region's own root, connected to by address, verified by name. */
import { Agent } from "node:https";
import { Client } from "minio";

export interface ObjectsAt {
  /** Where to connect. */
  readonly address: string;
  /** Name that its certificate must carry. */
  readonly hostName: string;
  readonly port: number;
  /** PEM of the roots that are trusted. */
  readonly ca: string;
}

export interface ObjectsIdentity {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** @param shown certificate and key (PEM) that the client shows, where the store's door asks for one. */
export function objectsClient(
  { address, hostName, port, ca }: ObjectsAt,
  identity: ObjectsIdentity,
  shown?: { readonly cert: string; readonly key: string },
): Client {
  const family = address.includes(":") ? 6 : 4;
  const transportAgent = new Agent({
    ca,
    servername: hostName,
    ...shown,
    lookup: (_name, wanted, told) =>
      (wanted as { all?: boolean }).all
        ? (told as unknown as (error: null, all: object[]) => void)(null, [{ address, family }])
        : told(null, address, family),
  });
  const { accessKey, secretKey } = identity;
  return new Client({
    endPoint: hostName,
    port,
    useSSL: true,
    region: "us-east-1",
    pathStyle: true,
    accessKey,
    secretKey,
    transportAgent,
  });
}
