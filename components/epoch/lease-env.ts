/** What the keeper of a workload's lease is told (images/shared/lease, lease_keeper.py): `KEY=value` lines, none of them secret. */
import type { PlaceSecrets } from "../../custody/types.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { callers } from "../callers.ts";
import type { WorkloadFile } from "../workload.ts";
import { endpoints } from "./members.ts";

/** Where a region has no witness nothing is leased; its keepers still close when they freeze. */
const UNLEASED_SECONDS = 15;

/** The file `lease.env` of a workload at a site. @throws where the site has no such workload. */
export function leaseFile(model: Model, site: SiteModel, workload: string, secrets: PlaceSecrets): WorkloadFile {
  const placement = site.workloads.find(({ name }) => name === workload);
  if (!placement) throw new Error(`site ${site.id}: ${workload}: expected a placement, received none`);
  const peer = model.sites.find(({ id }) => id !== site.id)?.workloads.find(({ name }) => name === workload);
  const settings: Readonly<Record<string, string>> = {
    REGION: model.region.id,
    REGION_IDENTITY: secrets.regionIdentity,
    SITE: site.id,
    DESIGNATION: site.designation,
    WORKLOAD: workload,
    KIND: placement.kind,
    TTL_SECONDS: String(model.witness?.leaseSeconds ?? UNLEASED_SECONDS),
    ENDPOINTS: endpoints(model, site.id).join(),
    PEER_HOST_NAME: peer?.hostName ?? "",
    CALLERS: callers(model).join(),
    ADDRESSES: addresses(model).join(),
  };
  const content = Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
  return { path: "lease.env", content };
}

/** Each site with its public addresses, by which a name server knows whose it is to answer with. */
function addresses(model: Model): string[] {
  return model.sites.map(({ id, publicAddress, publicAddress6 }) =>
    [id, publicAddress, ...(publicAddress6 === undefined ? [] : [publicAddress6])].join(" "),
  );
}
