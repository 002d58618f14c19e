/** Sees that a data volume is gone before an empty one silently takes its place (D3). */
import { volumeName } from "../components/runtime/docker/names.ts";
import type { Workload } from "../components/workload.ts";
import { LumbungError } from "../io/errors.ts";

export interface DataVolume {
  readonly site: string;
  readonly workload: string;
  readonly volume: string;
}

/** The volumes that hold data, by what the workloads declare. */
export function dataVolumes(region: string, site: string, workloads: readonly Workload[]): DataVolume[] {
  return workloads.flatMap((workload) =>
    workload.volumes
      .filter((volume) => volume.keeps === "data")
      .map((volume) => ({
        site,
        workload: workload.name,
        volume: volumeName({ region, site }, workload.name, volume.name),
      })),
  );
}

/** Volumes that Pulumi's state remembers and the engine has no more. */
export function lostVolumes(
  declared: readonly DataVolume[],
  remembered: ReadonlySet<string>,
  there: ReadonlySet<string>,
): DataVolume[] {
  return declared.filter(({ volume }) => remembered.has(volume) && !there.has(volume));
}

/** Names of the docker volumes in an exported deployment of Pulumi's. */
export function rememberedVolumes(deployment: unknown): Set<string> {
  const resources = (deployment as { resources?: { type?: string; id?: string }[] } | null)?.resources ?? [];
  return new Set(resources.flatMap(({ type, id }) => (type === "docker:index/volume:Volume" && id ? [id] : [])));
}

/** Exit code 4: an empty volume in place of lost data is worse than no service. */
export class DataLost extends LumbungError {
  constructor(region: string, lost: readonly DataVolume[]) {
    const names = lost.map(({ volume }) => volume).join(", ");
    const ways = lost.map(
      ({ site, workload }) => `lumbung reseed --region ${region} --site ${site} --workload ${workload}`,
    );
    super(
      4,
      {
        id: `volume data hilang: ${names}. Tidak diganti dengan yang kosong.`,
        en: `data volumes are gone: ${names}. They are not replaced by empty ones.`,
      },
      {
        id: `salin dari situs lain: ${[...new Set(ways)].join(" ; ")}`,
        en: `copy from the other site: ${[...new Set(ways)].join(" ; ")}`,
      },
    );
    this.name = "DataLost";
  }
}
