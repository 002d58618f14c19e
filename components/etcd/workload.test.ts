import { describe, expect, it } from "vitest";
import { model, secretsOf, siteOf } from "../postgres/testing/fixture.ts";
import { etcdWorkload, quotaBytes } from "./workload.ts";

const MIB = 1024 * 1024;

describe("etcdWorkload", () => {
  const workload = etcdWorkload(model, siteOf("dc"), secretsOf("dc"));

  it("is told its name, and keeps memory small", () => {
    expect(workload.environment).toEqual({
      GOGC: "50",
      GOMAXPROCS: "2",
      GOMEMLIMIT: "64MiB",
      LUMBUNG_HOST_NAME: "etcd.dc.lab.internal",
      LUMBUNG_NAME: "lab-dc-etcd",
      LUMBUNG_QUOTA_BYTES: String(32 * MIB),
    });
    expect(quotaBytes(32 * MIB)).toBe(16 * MIB);
  });

  it("is reached inside the site only", () => {
    expect(workload.reached).toEqual({ address: "10.60.1.12" });
  });

  it("has its certificate, and the key as a secret", () => {
    expect(workload.files.map(({ path, secret }) => [path, secret ?? false])).toEqual([
      ["tls/ca.crt", false],
      ["tls/server.crt", false],
      ["tls/server.key", true],
    ]);
  });

  it("names the certificate that is missing, and the way to it", () => {
    expect(() => etcdWorkload(model, siteOf("dc"), { ...secretsOf("dc"), certificates: {} })).toThrow(
      "secrets of lab-dc: certificates.etcd: expected a certificate, received none. Hint: lumbung up --region lab",
    );
  });

  it("refuses a site without a place for it", () => {
    expect(() => etcdWorkload(model, { ...siteOf("dc"), workloads: [] }, secretsOf("dc"))).toThrow("site dc: etcd");
  });
});
