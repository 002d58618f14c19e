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

export function objectsClient({ address, hostName, port, ca }: ObjectsAt, identity: ObjectsIdentity): Client {
  const family = address.includes(":") ? 6 : 4;
  const transportAgent = new Agent({
    ca,
    servername: hostName,
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
