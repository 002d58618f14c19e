import { describe, expect, it } from "vitest";
import type { ObjectSecret, SiteSecrets } from "../../custody/types.ts";
import type { Model, SiteModel } from "../../model/types.ts";
import { model as base, secretsOf as baseSecrets } from "../postgres/testing/fixture.ts";
import { haproxyCfg, serversState } from "./haproxy-cfg.ts";
import { PRUNES, queryPattern, READS, REFUSED_HEADERS, type Shape, WRITES } from "./rules.ts";
import { objectsIdentities, objectsSettings, objectsWorkload, uploadsAtOnce } from "./workload.ts";

const MIB = 1024 * 1024;
const withStore = (site: SiteModel, number: number): SiteModel => ({
  ...site,
  workloads: [
    ...site.workloads,
    {
      name: "objects",
      kind: "objects",
      address: `10.60.${number}.15`,
      backboneAddress: `10.60.0.${number * 100 + 15}`,
      hostName: `objects.${site.internalDomain}`,
      memoryBytes: 768 * MIB,
    },
    {
      name: "gateway",
      kind: "gateway",
      address: `10.60.${number}.10`,
      hostName: `gateway.${site.internalDomain}`,
      memoryBytes: 128 * MIB,
    },
  ],
});
const model: Model = {
  ...base,
  sites: base.sites.map((site, index) => withStore(site, index + 1)),
  objects: {
    workload: "objects",
    buckets: [
      {
        id: "bukti",
        owner: "diskominfo",
        classification: "limited",
        versioning: true,
        lockDays: 3650,
        rpoSeconds: 30,
      },
    ],
  },
};
const at = (id: string): SiteModel => {
  const found = model.sites.find((site) => site.id === id);
  if (!found) throw new Error(id);
  return found;
};
const identity = (name: string): ObjectSecret => ({
  secret: `hidden ${name}`,
  created: "2026-01-01T00:00:00Z",
});
const named = (names: readonly string[], where = "") =>
  Object.fromEntries(names.map((name) => [name, identity(`${where}${name}`)]));

function secretsAt(site: "dc" | "drc"): SiteSecrets {
  const secrets = baseSecrets(site);
  const leaf = { chain: "chain", key: "hidden key", notAfter: "2027-01-01T00:00:00Z", names: [] };
  return {
    ...secrets,
    certificates: { ...secrets.certificates, objects: leaf },
    objectIdentities: named(["admin", "bukti/read", "bukti/write"], site),
    objectReaders: named(["dc", "drc"]),
  };
}

describe("objectsWorkload", () => {
  const workload = objectsWorkload(model, at("dc"), secretsAt("dc"));

  it("lets Go hold half of its memory, and collect only then", () => {
    expect(workload.environment).toMatchObject({ GOGC: "off", GOMEMLIMIT: "384MiB" });
  });

  it("keeps data and identity, has no capability, and publishes nothing", () => {
    expect(workload.volumes).toEqual([
      { name: "data", path: "/data", keeps: "data" },
      { name: "identity", path: "/identity", keeps: "data" },
    ]);
    expect(workload.user).toEqual({ uid: 2007, gid: 2007 });
    expect(workload.reached).toEqual({ address: "10.60.1.15", backboneAddress: "10.60.0.115" });
    expect(workload.capabilities).toBeUndefined();
  });

  it("has secrets in secret files alone", () => {
    const secret = workload.files.filter((file) => file.secret).map(({ path }) => path);
    expect(secret).toEqual(["tls/server.key", "identities.json"]);
    const open = workload.files.filter((file) => !file.secret).map(({ content }) => String(content));
    expect([...open, JSON.stringify(workload.environment)].join()).not.toMatch(/hidden|KEY/);
  });

  it("tells buckets, and the other site's store by its backbone address", () => {
    expect(objectsSettings(model, at("dc"))).toEqual({
      site: "dc",
      buckets: [{ id: "bukti", versioning: true, lockDays: 3650, rpoSeconds: 30 }],
      peer: { site: "drc", name: "objects.drc.lab.internal", address: "10.60.0.215", port: 8333 },
    });
    const alone = { ...model, sites: [at("dc")] };
    expect(objectsSettings(alone, at("dc"))).not.toHaveProperty("peer");
  });

  it("keeps apart who copies from here and as whom we copy from there", () => {
    const told = objectsIdentities(model, at("dc"), secretsAt("dc"));
    expect(told).toMatchObject({ copier: { secret: "hidden dc" }, peer: { secret: "hidden drc" } });
    const alone = objectsIdentities({ ...model, sites: [at("dc")] }, at("dc"), secretsAt("dc"));
    expect(Object.keys(alone)).toEqual(["identities"]);
    expect(() => objectsIdentities(model, at("dc"), { ...secretsAt("dc"), objectReaders: {} })).toThrow(
      /objectReaders\["dc"\]: expected a secret/,
    );
  });

  it("tells the secret before a change too, for as long as it counts", () => {
    const before = { secret: "hidden old", created: "2026-01-01T00:00:00Z" };
    const held = secretsAt("dc");
    const objectIdentities = {
      ...held.objectIdentities,
      "bukti/write": { ...before, secret: "hidden new", previous: before },
    };
    const told = objectsIdentities(model, at("dc"), { ...held, objectIdentities });
    expect(told.identities["bukti/write"]).toEqual({ secret: "hidden new", previous: { secret: "hidden old" } });
  });

  it("tells which bucket each site keeps for itself, and wants who prunes it", () => {
    const [bucket] = model.objects?.buckets ?? [];
    if (!bucket) throw new Error("fixture");
    const backup = { bucket: "bukti" } as NonNullable<Model["backup"]>;
    const own = {
      ...model,
      backup,
      objects: { workload: "objects", buckets: [{ ...bucket, copied: false } as const] },
    };
    expect(objectsSettings(own, at("dc")).buckets[0]).toMatchObject({ id: "bukti", copied: false });
    expect(() => objectsWorkload(own, at("dc"), secretsAt("dc"))).toThrow(/expected bukti\/prune/);
  });

  it("says every identity that is missing", () => {
    const secrets = { ...secretsAt("dc"), objectIdentities: named(["admin"]) };
    expect(() => objectsWorkload(model, at("dc"), secrets)).toThrow(/expected bukti\/read, bukti\/write/);
  });
});

describe("haproxy.cfg", () => {
  const plan = {
    region: "lab",
    site: "dc",
    ipv6: false,
    gateway: { address: "10.60.1.10", hostName: "gateway.dc.lab.internal" },
    peers: ["objects.drc.lab.internal"],
    uncopied: [],
    uploadsAtOnce: 2,
  };
  const text = haproxyCfg(plan);

  it("listens on one port, with TLS, and asks for the gateway by name", () => {
    expect(text.match(/^ {4}bind .*/gm)).toEqual([
      "    bind :8333 ssl crt /config/current/tls/server.crt ca-file /config/current/tls/ca.crt verify optional alpn http/1.1",
    ]);
    expect(text).toMatch(/server gateway 10\.60\.1\.10:8404 .* verify required verifyhost gateway\.dc\.lab\.internal /);
  });

  it("lets nothing through that no shape covers, before the one way to the engine", () => {
    const lines = text.split("\n").map((line) => line.trim());
    const end = lines.indexOf("use_backend writes if { method PUT POST }");
    const refusal = lines.findIndex((line) => line.includes("not among what a bucket") && line.includes("return"));
    expect(refusal).toBeGreaterThan(0);
    expect(lines[refusal]).toMatch(/if !{ var\(txn\.shape\) -m found }$/);
    expect(refusal).toBeLessThan(end);
    expect(lines.filter((line) => line.startsWith("use_backend") || line.startsWith("default_backend"))).toHaveLength(
      2,
    );
  });

  it("takes as many uploads at once as memory allows, and one at least", () => {
    expect(text).toMatch(/backend writes[\s\S]*server engine 127\.0\.0\.1:8334 .* maxconn 2$/m);
    expect([64, 768, 1024, 4096].map((mebibytes) => uploadsAtOnce(mebibytes * MIB))).toEqual([1, 2, 4, 16]);
  });

  it("keeps the other site's copier out of what each site keeps for itself", () => {
    expect(text).not.toContain("own_only");
    const guarded = haproxyCfg({ ...plan, uncopied: ["cadangan", "lain"] });
    expect(guarded).toContain("acl own_only var(txn.asked) -m str cadangan lain\n");
    expect(guarded).toMatch(/return status 403 .*not copied.* if copier own_only$/m);
    expect(guarded.indexOf("copier own_only")).toBeLessThan(guarded.indexOf("use_backend writes"));
  });

  it("gives its last copies while it is closing, and takes nothing more meanwhile but for what it keeps for itself", () => {
    expect(text).toMatch(/backend closing\n {4}id 1002\n[\s\S]*uri \/role [\s\S]*rstring \^closing\$/);
    expect(text).toMatch(/string closing if \{ path \/\.lumbung\/role \} closing$/m);
    expect(text).toMatch(/return status 403 .*it gives no copies.* if copier !active !closing$/m);
    expect(text).toMatch(/return status 503 .*is closing.* if writer !\{ method GET HEAD \} closing !active$/m);
    const guarded = haproxyCfg({ ...plan, uncopied: ["cadangan"] });
    expect(guarded).toMatch(/return status 503 .*is closing.* closing !active !own_only$/m);
  });

  it("tells everybody which epoch's credentials count, before anything is asked of them", () => {
    const lines = text.split("\n").map((line) => line.trim());
    const told = lines.findIndex((line) => line.endsWith("{ path /.lumbung/epoch }"));
    const known = lines.findIndex((line) => line.startsWith("http-request set-var(txn.epoch)"));
    expect(known).toBeGreaterThan(0);
    expect(told).toBe(known + 2);
  });

  it("lets versions be deleted by who prunes alone, and lets that one write nothing", () => {
    expect(text).toMatch(/str\(delete_version\) if .* pruner$/m);
    for (const { name } of WRITES) expect(text).toMatch(new RegExp(`str\\(${name}\\) if .* writer$`, "m"));
  });

  it("begins as neither active nor closing", () => {
    const lines = serversState(plan).trimEnd().split("\n").slice(2);
    expect(lines.map((line) => line.split(" ").slice(0, 6).join(" "))).toEqual([
      "1001 role 1 gateway 10.60.1.10 0",
      "1002 closing 1 gateway 10.60.1.10 0",
    ]);
  });
});

describe("the table of what may be asked", () => {
  const allowed = (
    method: string,
    on: "bucket" | "object",
    query: string,
    shapes: readonly Shape[] = [...READS, ...WRITES],
  ) =>
    shapes
      .filter(
        (shape) => shape.methods.includes(method) && shape.on === on && new RegExp(queryPattern(shape)).test(query),
      )
      .filter(({ needs }) => needs === undefined || new RegExp(`(^|&)${needs}(=|&|$)`).test(query))
      .map(({ name }) => name);

  it.each([
    ["PUT", "object", "", "put"],
    ["PUT", "object", "partNumber=1&uploadId=x", "part"],
    ["PUT", "object", "retention&versionId=1", "retain"],
    ["POST", "object", "uploads=", "begin"],
    ["POST", "object", "uploadId=x", "end"],
    ["DELETE", "object", "uploadId=x", "end"],
    ["DELETE", "object", "", "delete"],
    ["POST", "bucket", "delete", "delete_many"],
    ["GET", "bucket", "versions&prefix=a%2Fb&max-keys=10", "read_bucket"],
    ["GET", "object", "versionId=1&X-Amz-Signature=a&X-Amz-Credential=K%2F1", "read_object"],
  ] as const)("%s of %s ?%s is let through as %s", (method, on, query, name) => {
    expect(allowed(method, on, query)).toEqual([name]);
  });

  it.each([
    ["DELETE", "object", "versionId=1"],
    ["DELETE", "object", "version%49d=1"],
    ["DELETE", "object", "x-id=1;versionId=1"],
    ["DELETE", "bucket", ""],
    ["PUT", "bucket", ""],
    ["PUT", "bucket", "versioning"],
    ["PUT", "bucket", "lifecycle="],
    ["PUT", "bucket", "object-lock"],
    ["PUT", "bucket", "policy"],
    ["PUT", "bucket", "acl"],
    ["PUT", "object", "legal-hold"],
    ["PUT", "object", "tagging"],
    ["GET", "bucket", "policy"],
    ["POST", "bucket", ""],
    ["OPTIONS", "object", ""],
  ] as const)("%s of %s ?%s is not", (method, on, query) => {
    expect(allowed(method, on, query)).toEqual([]);
  });

  it("who prunes asks for nothing but the end of a version", () => {
    expect(allowed("DELETE", "object", "versionId=1", PRUNES)).toEqual(["delete_version"]);
    for (const [method, query] of [
      ["DELETE", ""],
      ["PUT", "versionId=1"],
      ["PUT", "retention&versionId=1"],
      ["DELETE", "versionId=1&x=2"],
    ] as const)
      expect(allowed(method, "object", query, PRUNES)).toEqual([]);
  });

  it("who only reads, only reads", () => {
    expect(READS.flatMap(({ methods }) => methods).filter((method) => method !== "GET" && method !== "HEAD")).toEqual(
      [],
    );
  });

  it("each refused header says why", () => {
    for (const { header, why } of REFUSED_HEADERS) expect(`${header} ${why}`).toMatch(/^x-amz-\S+ \S+/);
  });
});
