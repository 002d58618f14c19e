import { gzipSync } from "node:zlib";
import type { SiteSecrets } from "../../custody/types.ts";
import type { Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { tlsFiles } from "../tls-files.ts";
import type { Workload } from "../workload.ts";
import { nginxConf } from "./nginx-conf.ts";

const MIB = 1024 * 1024;
/** The room for pages is never smaller, so that a page more does not replace the container. */
const LEAST_SCRATCH_BYTES = 64 * MIB;

/**
 * The static sites of a site: nginx, which serves what `sitesTar` holds (`<host>/index.html`, ...).
 * @throws where the model or the secrets lack what it needs.
 */
export function webWorkload(model: Model, site: SiteModel, secrets: SiteSecrets, sitesTar: Uint8Array): Workload {
  const placement = placementOf(site, "web");
  return {
    name: placement.name,
    kind: "web",
    image: "web",
    user: { uid: 2005, gid: 2005 },
    files: [
      ...tlsFiles(secrets, placement.name),
      {
        path: "nginx.conf",
        content: nginxConf({
          hosts: staticHosts(model),
          hostName: placement.hostName,
          gateway: placementOf(site, "gateway").hostName,
          monitors: site.workloads.filter((each) => each.kind === "ops").map((each) => each.hostName),
          moved: movedHosts(model),
          ipv6: site.network.subnet6 !== undefined,
        }),
      },
      // Made of much the same words a thousand times over, so even the quickest packing makes it a tenth.
      { path: "sites.tar.gz", content: gzipSync(sitesTar, { level: 1 }) },
    ],
    volumes: [],
    scratch: { "/run/sites": scratchBytes(sitesTar.byteLength) },
    reached: placement.address === undefined ? {} : { address: placement.address },
    limits: { memoryBytes: placement.memoryBytes },
  };
}

/** Hosts whose pages are made from the inventory, and not by an application. */
function staticHosts(model: Model): string[] {
  return model.hosts.filter(({ serves: { kind } }) => kind === "portal" || kind === "opd").map(({ host }) => host);
}

/** By host of an agency that was merged, host of the one that it went into in the end; left out where that has none. */
export function movedHosts(model: Pick<Model, "opds" | "hosts">): Record<string, string> {
  const opds = new Map(model.opds.map((opd) => [opd.id, opd]));
  const ends = new Map<string, string | undefined>();
  // The rules allow no circle (model/rules/merges.ts).
  const end = (id: string): string | undefined => {
    if (!ends.has(id)) {
      const opd = opds.get(id);
      ends.set(id, opd?.mergedInto === undefined ? opd?.host : end(opd.mergedInto.opd));
    }
    return ends.get(id);
  };
  return Object.fromEntries(
    model.hosts.flatMap(({ host, serves }) => {
      const target =
        serves.kind === "opd" && opds.get(serves.opd)?.mergedInto !== undefined ? end(serves.opd) : undefined;
      return target === undefined ? [] : [[host, target] as const];
    }),
  );
}

/** Two generations of pages with room to grow: the next power of two above four times the archive. */
export function scratchBytes(archiveBytes: number): number {
  return Math.max(LEAST_SCRATCH_BYTES, 2 ** Math.ceil(Math.log2(Math.max(1, archiveBytes * 4))));
}

function placementOf(site: SiteModel, kind: WorkloadPlacement["kind"]): WorkloadPlacement {
  const placement = site.workloads.find((workload) => workload.kind === kind);
  if (!placement) throw new Error(`site ${site.id}: no place for the workload of kind "${kind}"`);
  return placement;
}
