import type { PlaceSecrets } from "../../custody/types.ts";
import type { Model, PlaceModel } from "../../model/types.ts";
import { etcdMemory } from "../etcd/workload.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload } from "../workload.ts";
import { CLIENT_PORT, epochPlacement, members, nameOfMembers, PEER_PORT } from "./members.ts";

/** Between sites an answer may take a tenth of a second: an election begins after two and a half seconds without a leader. */
const HEARTBEAT_MS = 250;

/**
 * One member of the region's epoch store: an etcd of its own, apart from Patroni's, reached by the other members and by guards.
 * It is on the backbone alone, where web servers and applications are not; the witness's client port is published.
 * Throws if the place has no member, or its secrets no certificate.
 */
export function epochWorkload(model: Model, place: PlaceModel, secrets: PlaceSecrets): Workload {
  const { name, hostName, backboneAddress, memoryBytes } = epochPlacement(place);
  const all = members(model);
  const own = all.find((member) => member.place === place.id);
  if (!own || !backboneAddress) {
    throw new Error(`site ${place.id}: epoch: expected a member of the store with an address on the backbone`);
  }
  return {
    name,
    kind: "epoch",
    image: "etcd",
    user: { uid: 2002, gid: 2002 },
    environment: {
      ...etcdMemory(memoryBytes),
      LUMBUNG_CLUSTER: all.map((member) => `${member.name}=https://${member.hostName}:${PEER_PORT}`).join(),
      LUMBUNG_HEARTBEAT_MS: String(HEARTBEAT_MS),
      LUMBUNG_HOST_NAME: hostName,
      LUMBUNG_NAME: own.name,
      LUMBUNG_PEER_NAME: nameOfMembers(model),
      LUMBUNG_TOKEN: secrets.regionIdentity,
    },
    files: tlsFiles(secrets, name),
    volumes: [{ name: "data", path: "/var/lib/etcd", keeps: "data" }],
    reached: {
      backboneAddress,
      ...(model.witness?.id === place.id
        ? { published: [{ port: CLIENT_PORT, published: CLIENT_PORT, protocol: "tcp" as const }] }
        : {}),
    },
    limits: { memoryBytes },
  };
}
