/** How things are called on a Docker host: containers, volumes, networks, labels. */

export interface SiteName {
  readonly region: string;
  readonly site: string;
}

export const LABEL = {
  region: "id.lumbung.region",
  site: "id.lumbung.site",
  workload: "id.lumbung.workload",
  kind: "id.lumbung.kind",
} as const;

/** `lab-dc-gateway` */
export function containerName({ region, site }: SiteName, workload: string): string {
  return `${region}-${site}-${workload}`;
}

/** `lab-dc-postgres-utama-data` */
export function volumeName(at: SiteName, workload: string, volume: string): string {
  return `${containerName(at, workload)}-${volume}`;
}

/** Docker's labels as @pulumi/docker takes them, in order of name so that a preview settles. */
export function labels(
  at: SiteName,
  workload?: { readonly name: string; readonly kind: string },
): { label: string; value: string }[] {
  const all: [string, string][] = [
    [LABEL.region, at.region],
    [LABEL.site, at.site],
  ];
  if (workload) all.push([LABEL.workload, workload.name], [LABEL.kind, workload.kind]);
  return all.sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, value]) => ({ label, value }));
}
