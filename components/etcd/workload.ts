import type { SiteSecrets } from "../../custody/types.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import type { Workload, WorkloadFile } from "../workload.ts";

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
  const goMemory = Math.floor(placement.memoryBytes / MIB / 2);
  return {
    name: placement.name,
    kind: "etcd",
    image: "etcd",
    user: { uid: 2002, gid: 2002 },
    environment: {
      GOGC: "50",
      GOMAXPROCS: "2",
      GOMEMLIMIT: `${goMemory}MiB`,
      LUMBUNG_HOST_NAME: placement.hostName,
      LUMBUNG_NAME: `${model.region.id}-${site.id}-${placement.name}`,
      LUMBUNG_QUOTA_BYTES: String(quotaBytes(placement.memoryBytes)),
    },
    files: serverFiles(secrets, placement.name),
    volumes: [{ name: "data", path: "/var/lib/etcd", keeps: "cache" }],
    reached: { address: placement.address },
    limits: { memoryBytes: placement.memoryBytes },
  };
}

/** How large etcd's database may grow: it is mapped into memory, so a quarter of that, at least 16 MiB. */
export function quotaBytes(memoryBytes: number): number {
  return Math.max(16 * MIB, Math.floor(memoryBytes / 4 / MIB) * MIB);
}

/** The three files by which a workload proves its name and checks others. Throws if it has no certificate. */
export function serverFiles(secrets: SiteSecrets, workload: string): readonly WorkloadFile[] {
  const issued = secrets.certificates[workload];
  if (!issued) {
    throw new Error(
      `secrets of ${secrets.region}-${secrets.site}: certificates.${workload}: expected a certificate, received none. ` +
        `Hint: lumbung secrets update --region ${secrets.region}`,
    );
  }
  return [
    { path: "tls/ca.crt", content: secrets.authority.root },
    { path: "tls/server.crt", content: issued.chain },
    { path: "tls/server.key", content: issued.key, secret: true },
  ];
}
