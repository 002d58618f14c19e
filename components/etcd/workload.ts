import type { SiteSecrets } from "../../custody/types.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload } from "../workload.ts";

const MIB = 1024 * 1024;

/**
 * The store of a site's Patroni: one member, mutual TLS, memory kept small.
 * Its volume is no more than a cache of what PostgreSQL's own data know: Patroni comes back as what it was without it.
 * Throws if the site has no place for it, or its secrets no certificate.
 */
export function etcdWorkload(model: Model, site: SiteModel, secrets: SiteSecrets): Workload {
  const placement = site.workloads.find(({ kind }) => kind === "etcd");
  if (!placement?.address)
    throw new Error(`site ${site.id}: etcd: expected a placement with an address, received none`);
  return {
    name: placement.name,
    kind: "etcd",
    image: "etcd",
    user: { uid: 2002, gid: 2002 },
    environment: {
      ...etcdMemory(placement.memoryBytes),
      LUMBUNG_HOST_NAME: placement.hostName,
      LUMBUNG_NAME: `${model.region.id}-${site.id}-${placement.name}`,
    },
    files: tlsFiles(secrets, placement.name),
    volumes: [{ name: "data", path: "/var/lib/etcd", keeps: "cache" }],
    reached: { address: placement.address },
    limits: { memoryBytes: placement.memoryBytes },
  };
}

/** Settings that keep etcd within its memory limit. */
export function etcdMemory(memoryBytes: number): Record<string, string> {
  return {
    GOGC: "50",
    GOMAXPROCS: "2",
    GOMEMLIMIT: `${Math.floor(memoryBytes / MIB / 2)}MiB`,
    LUMBUNG_QUOTA_BYTES: String(quotaBytes(memoryBytes)),
  };
}

/** How large etcd's database may grow: it is mapped into memory, so a quarter of that, at least 16 MiB. */
export function quotaBytes(memoryBytes: number): number {
  return Math.max(16 * MIB, Math.floor(memoryBytes / 4 / MIB) * MIB);
}
