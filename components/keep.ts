/** What a workload that keeps data declares for the base image's `lumbung-keep` (D3, decision 3). */
import type { SiteSecrets } from "../custody/types.ts";
import type { Model, SiteModel } from "../model/types.ts";
import type { WorkloadFile, WorkloadVolume } from "./workload.ts";

/** Remembers that data were here, apart from the data. */
export const identityVolume: WorkloadVolume = { name: "identity", path: "/identity", keeps: "data" };

/** `keep.env`: `KEY=value` lines, none of them secret. */
export function keepFile(model: Model, site: SiteModel, workload: string, secrets: SiteSecrets): WorkloadFile {
  const settings: Readonly<Record<string, string>> = {
    REGION: model.region.id,
    REGION_IDENTITY: secrets.regionIdentity,
    SITE: site.id,
    DESIGNATION: site.designation,
    WORKLOAD: workload,
    PEER_SITE: model.sites.find((other) => other.id !== site.id)?.id ?? "",
  };
  const content = Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
  return { path: "keep.env", content };
}

/** Setting by which `lumbung-role` finds the site's gateway. @throws where the site has none. */
export function gatewaySetting(site: SiteModel): Readonly<Record<"LUMBUNG_GATEWAY", string>> {
  const gateway = site.workloads.find((workload) => workload.kind === "gateway");
  if (!gateway) throw new Error(`site ${site.id}: no gateway that could say whether the site is active`);
  return { LUMBUNG_GATEWAY: gateway.hostName };
}
