import { describe, expect, it } from "vitest";
import { witnessWorkloads } from "../workloads.ts";
import { leaseFile } from "./lease-env.ts";
import { endpoints, members } from "./members.ts";
import { model, placeOf, secretsOf, without } from "./testing/fixture.ts";
import { epochWorkload } from "./workload.ts";

const CLUSTER =
  "lab-dc-epoch=https://epoch.dc.lab.internal:2380,lab-drc-epoch=https://epoch.drc.lab.internal:2380,lab-witness-epoch=https://epoch.witness.lab.internal:2380";
const site = (id: string) => {
  const found = model.sites.find((one) => one.id === id);
  if (!found) throw new Error(`no site ${id}`);
  return found;
};

describe("epochWorkload", () => {
  const at = (id: string) => epochWorkload(model, placeOf(id), secretsOf(id));

  it("is one of three members that know each other, told apart by name", () => {
    expect(at("drc").environment).toEqual({
      GOGC: "50",
      GOMAXPROCS: "2",
      GOMEMLIMIT: "48MiB",
      LUMBUNG_CLUSTER: CLUSTER,
      LUMBUNG_HEARTBEAT_MS: "250",
      LUMBUNG_HOST_NAME: "epoch.drc.lab.internal",
      LUMBUNG_NAME: "lab-drc-epoch",
      LUMBUNG_PEER_NAME: "epoch-member.lab.internal",
      LUMBUNG_QUOTA_BYTES: String(24 * 1024 * 1024),
      LUMBUNG_TOKEN: secretsOf("drc").regionIdentity,
    });
    for (const id of ["dc", "witness"]) expect(at(id).environment?.LUMBUNG_CLUSTER).toBe(CLUSTER);
    expect(new Set(["dc", "drc", "witness"].map((id) => at(id).environment?.LUMBUNG_NAME)).size).toBe(3);
  });

  it("is reached over the backbone alone, and publishes a port at the witness", () => {
    expect(at("dc").reached).toEqual({ backboneAddress: "10.60.0.20" });
    expect(at("witness").reached).toEqual({
      backboneAddress: "10.60.0.220",
      published: [{ port: 2379, published: 2379, protocol: "tcp" }],
    });
  });

  it("keeps its data, which are no cache", () => {
    expect(at("dc").volumes).toEqual([{ name: "data", path: "/var/lib/etcd", keeps: "data" }]);
  });

  it("is all that runs at the witness", () => {
    expect(witnessWorkloads(model, secretsOf("witness")).map(({ name }) => name)).toEqual(["epoch"]);
    expect(witnessWorkloads(without, secretsOf("witness"))).toEqual([]);
  });

  it("is not there, and not made, in a region without a witness", () => {
    expect(members(without)).toEqual([]);
    expect(() => epochWorkload(without, placeOf("dc"), secretsOf("dc"))).toThrow("site dc: epoch");
  });
});

describe("lease.env", () => {
  it("asks the own site's member first", () => {
    expect(endpoints(model, "drc").map((url) => url.split(".")[1])).toEqual(["drc", "dc", "witness"]);
    expect(leaseFile(model, site("drc"), "postgres-utama", secretsOf("drc"))).toEqual({
      path: "lease.env",
      content: `REGION=lab
REGION_IDENTITY=${secretsOf("drc").regionIdentity}
SITE=drc
DESIGNATION=recovery
WORKLOAD=postgres-utama
KIND=postgresql
TTL_SECONDS=20
ENDPOINTS=https://epoch.drc.lab.internal:2379,https://epoch.dc.lab.internal:2379,https://epoch.witness.lab.internal:2379
PEER_HOST_NAME=postgres-utama.dc.lab.internal
CALLERS=ops.dc.lab.internal,ops.drc.lab.internal
ADDRESSES=dc ${site("dc").publicAddress},drc ${site("drc").publicAddress}
`,
    });
  });

  it("names no store where there is no witness", () => {
    expect(leaseFile(without, site("dc"), "postgres-utama", secretsOf("dc")).content).toMatch(/^ENDPOINTS=$/m);
  });

  it("is of a workload that is there, and asks no other site where there is none", () => {
    expect(() => leaseFile(model, site("dc"), "gateway", secretsOf("dc"))).toThrow("site dc: gateway");
    const alone = { ...model, sites: [site("dc")] };
    expect(leaseFile(alone, site("dc"), "postgres-utama", secretsOf("dc")).content).toMatch(/^PEER_HOST_NAME=$/m);
  });
});
