/** The small region of PostgreSQL's tests, with a witness. */
import type { PlaceSecrets } from "../../../custody/types.ts";
import type { Model, PlaceModel, WitnessModel, WorkloadPlacement } from "../../../model/types.ts";
import { regionIdentity, model as without } from "../../postgres/testing/fixture.ts";

const MIB = 1024 * 1024;

const placement = (place: string, backboneAddress: string): WorkloadPlacement => ({
  name: "epoch",
  kind: "epoch",
  backboneAddress,
  hostName: `epoch.${place}.lab.internal`,
  memoryBytes: 96 * MIB,
});

const witness: WitnessModel = {
  id: "witness",
  stack: "lab-witness",
  name: "Saksi",
  place: { city: "Kota Lain", latitude: -7, longitude: 112 },
  hazards: { riverBasin: "e", powerGrid: "f", uplink: "g", seismicZone: "h" },
  runtime: { kind: "docker" },
  publicAddress: "127.0.60.3",
  internalDomain: "witness.lab.internal",
  leaseSeconds: 20,
  workloads: [
    { name: "config", kind: "config", hostName: "config.witness.lab.internal", memoryBytes: 32 * MIB },
    placement("witness", "10.60.0.220"),
  ],
};

/** A region with a witness, and a member of the epoch store at each site. */
export function witnessed(region: Model): Model {
  const sites = region.sites.map((site, index) => ({
    ...site,
    workloads: [...site.workloads, placement(site.id, `10.60.0.${20 + index * 100}`)],
  }));
  return { ...region, witness, sites };
}

export const model: Model = witnessed(without);

export { without };

/** Secrets with placeholders for certificates. */
export const secretsOf = (site: string): PlaceSecrets => ({
  version: 1,
  region: "lab",
  site,
  regionIdentity,
  authority: { root: "root", intermediate: { certificate: "intermediate", key: "intermediate's key" } },
  certificates: { epoch: { chain: "chain", key: "key", notAfter: "2027-01-01T00:00:00Z", names: [] } },
});

/** The place of that id. */
export function placeOf(id: string): PlaceModel {
  const found = [...model.sites, witness].find((place) => place.id === id);
  if (!found) throw new Error(`fixture: no place ${id}`);
  return found;
}
