import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { madeInventory } from "../tests/bench/made-inventory.ts";
import { deriveModel, parseInventory } from "./index.ts";
import { byId, labFiles, loadAltered, valid } from "./testing/lab.ts";
import type { Model } from "./types.ts";

const lab = deriveModel(valid(parseInventory(labFiles)));
const domain = "lumbungkab.go.id";
const altered = (alter: Parameters<typeof loadAltered>[0]): Model => deriveModel(valid(loadAltered(alter)));

describe("the lab's model", () => {
  it("is bound by all four regulations and large enough to be believed", () => {
    expect(lab.region.regulations).toHaveLength(4);
    expect(lab.region).toMatchObject({
      id: "lab",
      lab: true,
      domain,
      gatewayName: `gerbang.${domain}`,
      internalDomain: "lab.internal",
    });
    expect(lab.opds.length).toBeGreaterThanOrEqual(32);
    expect(lab.applications.length).toBeGreaterThanOrEqual(14);
    expect(lab.warnings).toEqual([]);
  });

  it("places the workloads at both sites where the contract says", () => {
    const at = (index: number) =>
      lab.sites[index]?.workloads.map(({ name, address, backboneAddress }) => [name, address, backboneAddress]);
    expect(at(0)).toEqual([
      ["config", undefined, undefined],
      ["etcd", "10.91.0.12", undefined],
      ["epoch", undefined, "10.90.0.20"],
      ["postgres-utama", "10.91.0.32", "10.90.0.32"],
      ["mariadb-php", "10.91.0.33", "10.90.0.33"],
      ["objects", "10.91.0.15", "10.90.0.15"],
      ["code", "10.91.0.16", "10.90.0.16"],
      ["backup", "10.91.0.18", "10.90.0.18"],
      ["drill", "10.91.0.19", undefined],
      ["dns", "10.91.0.11", "10.90.0.11"],
      ["gateway", "10.91.0.10", "10.90.0.10"],
      ["web", "10.91.0.13", undefined],
      ["app-pengaduan", "10.91.0.64", undefined],
      ["app-ppid", "10.91.0.70", undefined],
      ["app-pengetahuan", "10.91.0.80", undefined],
      ["signer", "10.91.0.17", "10.90.0.17"],
      ["ops", "10.91.0.14", "10.90.0.14"],
    ]);
    expect(at(1)?.map(([name, , backbone]) => [name, backbone])).toContainEqual(["postgres-utama", "10.90.0.132"]);
    expect(
      lab.sites.map(({ stack, publicAddress, nameServer, network }) => [stack, publicAddress, nameServer, network]),
    ).toEqual([
      ["lab-dc", "127.0.10.1", `ns1.${domain}`, { name: "lab-dc", subnet: "10.91.0.0/24", gateway: "10.91.0.1" }],
      ["lab-drc", "127.0.20.1", `ns2.${domain}`, { name: "lab-drc", subnet: "10.92.0.0/24", gateway: "10.92.0.1" }],
    ]);
    expect(lab.sites[0]?.workloads[10]?.hostName).toBe("gateway.dc.lab.internal");
    expect(lab.backbone).toEqual({ name: "lab-backbone", subnet: "10.90.0.0/24", gateway: "10.90.0.1" });
  });

  it("asks for as much memory at each site as is declared", () => {
    for (const { workloads } of lab.sites) {
      const sum = workloads.reduce((total, { memoryBytes }) => total + memoryBytes, 0);
      expect(sum).toBe((1056 + 96 + 64 + 384 + 768 + 192 + 128 + 2 * 256 + 320 + 512) * 1024 ** 2);
    }
  });

  it("runs PostgreSQL, MariaDB and three applications; the others are declared", () => {
    expect(
      lab.databaseServers.filter(({ running }) => running).map(({ id, serviceName }) => [id, serviceName]),
    ).toEqual([
      ["utama", "postgres-utama.lab.internal"],
      ["php", "mariadb-php.lab.internal"],
    ]);
    expect(lab.applications.filter(({ run }) => run).map(({ id, run }) => [id, run])).toEqual([
      [
        "pengaduan",
        {
          workload: "app-pengaduan",
          image: "node",
          runtime: "service",
          database: "pengaduan",
          cpus: 0.5,
          memoryBytes: 128 * 1024 ** 2,
        },
      ],
      ...(["ppid", "pengetahuan"] as const).map((id) => [
        id,
        {
          workload: `app-${id}`,
          image: id === "ppid" ? "wordpress" : "mediawiki",
          runtime: "php",
          database: id,
          cpus: 0.5,
          memoryBytes: 256 * 1024 ** 2,
          uploads: { rpoSeconds: 60, quotaBytes: 64 * 1024 ** 2 },
        },
      ]),
    ]);
    expect(lab.applications.filter(({ hostedBy }) => hostedBy === "central").map(({ id }) => id)).toEqual([
      "sipd",
      "srikandi",
      "spse",
      "sp4n-lapor",
    ]);
    const roles = lab.databaseServers.flatMap(({ databases }) => databases.map(({ role }) => role));
    expect(roles).toContain("e_office");
    expect(new Set(roles).size).toBe(roles.length);
  });

  it("serves the portal at the apex and www, each OPD that stands by itself, and what runs", () => {
    expect(lab.hosts.filter(({ serves }) => serves.kind === "portal").map(({ host }) => host)).toEqual([
      domain,
      `www.${domain}`,
    ]);
    const served = new Set(lab.hosts.map(({ host }) => host));
    for (const { id, mergedInto, host } of lab.opds) {
      expect(host, id).toBe(mergedInto ? undefined : `${id}.${domain}`);
      expect(served.has(`${id}.${domain}`), id).toBe(mergedInto === undefined);
    }
    expect(served.has(`simpeg.${domain}`)).toBe(false);
    expect(lab.applications.find(({ id }) => id === "simpeg")?.hosts).toEqual([`simpeg.${domain}`]);
    expect([...served]).toEqual([...served].sort());
  });

  it("gives an application its reserved names only while it does not run", () => {
    const { applications } = altered((values) => {
      values.subdomains.push({ ...values.subdomains[2], host: `lapor.${domain}`, status: "reserved" });
      values.subdomains.push({ ...values.subdomains[2], host: `lama.${domain}`, status: "withdrawn" });
    });
    expect(applications[0]?.hosts).toEqual([`pengaduan.${domain}`]);
  });

  it("shows what is missing of contents as missing", () => {
    const missing = (id: string) => lab.opds.find((opd) => opd.id === id)?.contents;
    expect(missing("kec-bukit-kancil")).not.toHaveProperty("services");
    expect(missing("pkm-sawah-dalam")).not.toHaveProperty("contact");
    expect(missing("dinkes")).toHaveProperty("services");
  });

  it("names no person: posts only", () => {
    const posts = lab.opds.flatMap(({ contents }) => contents.structure ?? []);
    const known = /^(Kepala|Sekretaris|Asisten|Inspektur|Camat|Direktur|Penanggung Jawab)/;
    expect(posts.filter((post) => !known.test(post))).toEqual([]);
  });
});

describe("zones", () => {
  const [zone] = lab.zones;
  const records = zone?.records ?? [];

  it("leave the addresses of the gateway and the apex to the runbooks", () => {
    expect(zone?.runbookNames).toEqual([domain, `gerbang.${domain}`]);
    const owned = records.filter(({ name }) => zone?.runbookNames.includes(name)).map(({ type }) => type);
    expect(owned.filter((type) => type === "A" || type === "AAAA" || type === "CNAME")).toEqual([]);
  });

  it("make every other host a CNAME to the gateway's name", () => {
    const aliases = records.filter(({ type }) => type === "CNAME");
    expect(aliases.map(({ name }) => name).sort()).toEqual(
      lab.hosts.map(({ host }) => host).filter((host) => host !== domain),
    );
    expect(new Set(aliases.map(({ data }) => data))).toEqual(new Set([`gerbang.${domain}.`]));
  });

  it("name both sites' servers with glue, and say that there is no mail", () => {
    const of = (type: string) =>
      records.filter((record) => record.type === type).map(({ name, data }) => `${name} ${data}`);
    expect(of("NS")).toEqual([`${domain} ns1.${domain}.`, `${domain} ns2.${domain}.`]);
    expect(of("A")).toEqual([`ns1.${domain} 127.0.10.1`, `ns2.${domain} 127.0.20.1`]);
    expect(of("MX")).toEqual([`${domain} 0 .`]);
    expect(of("TXT")).toContain(`${domain} "v=spf1 -all"`);
    expect(of("CAA")).toContain(`${domain} 0 issue "letsencrypt.org"`);
  });

  it("hold no other record beside a CNAME, and none twice", () => {
    const aliases = new Set(records.filter(({ type }) => type === "CNAME").map(({ name }) => name));
    expect(records.filter(({ name, type }) => type !== "CNAME" && aliases.has(name))).toEqual([]);
    const texts = records.map(({ name, type, data }) => `${name} ${type} ${data}`);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it("are in canonical order, a name before those below it", () => {
    expect(records.slice(0, 6).every(({ name }) => name === domain)).toBe(true);
    const model = altered((values) => (values.subdomains[2].host = `x-y.bkd.${domain}`));
    const names = model.zones[0]?.records.map(({ name }) => name) ?? [];
    expect(names.indexOf(`x-y.bkd.${domain}`)).toBe(names.indexOf(`bkd.${domain}`) + 1);
  });

  it("carry mail where there is mail", () => {
    const model = altered((values) => {
      values.zones[0].mail = {
        exchangers: [{ preference: 10, host: `mx.${domain}`, ipv4: "192.0.2.25" }],
        spf: "v=spf1 mx -all",
      };
    });
    const data = model.zones[0]?.records
      .filter(({ type }) => type === "MX" || type === "TXT")
      .map((record) => record.data);
    expect(data).toContain(`10 mx.${domain}.`);
    expect(model.zones[0]?.records).toContainEqual({
      name: `mx.${domain}`,
      ttlSeconds: 300,
      type: "A",
      data: "192.0.2.25",
    });
    expect(data).toContain('"v=spf1 mx -all"');
    expect(data).not.toContain('"v=spf1 -all"');
  });

  it("put a host into the longest zone, whose apex is the runbooks' too", () => {
    const model = altered((values) => values.zones.push({ name: `dinkes.${domain}`, soa: values.zones[0].soa }));
    expect(model.zones[1]?.runbookNames).toEqual([`dinkes.${domain}`]);
    const delegation = model.zones[0]?.records.filter(({ name }) => name === `dinkes.${domain}`);
    expect(delegation?.map(({ type, data }) => [type, data])).toEqual([
      ["NS", `ns1.${domain}.`],
      ["NS", `ns2.${domain}.`],
    ]);
    expect(model.zones[1]?.records.filter(({ type }) => type === "CNAME")).toEqual([]);
    expect(model.zones[0]?.records.some(({ name, type }) => name === `dinkes.${domain}` && type === "CNAME")).toBe(
      false,
    );
  });
});

/** By id: everything that is given out and must not move. */
const given = (model: Model): Map<string, unknown> =>
  new Map<string, unknown>([
    ...model.opds.map(({ id, number, network }): [string, unknown] => [`opd ${id}`, { number, network }]),
    ...model.sites.flatMap(({ id, workloads }) =>
      workloads.map((workload): [string, unknown] => [`${id} ${workload.name}`, workload]),
    ),
    ...model.hosts.map((host): [string, unknown] => [`host ${host.host}`, host]),
  ]);

/** Whatever both models have is the same in both. */
function expectNothingMoved(before: Model, after: Model): void {
  const now = given(after);
  for (const [id, facts] of given(before)) if (now.has(id)) expect(now.get(id), id).toEqual(facts);
}

describe("numbers", () => {
  it("stay when an OPD comes or goes, and nothing but its own page, name and network changes", () => {
    const more = altered((values) => {
      values.opd.splice(5, 0, {
        id: "dinas-baru",
        number: 200,
        name: "Dinas Baru",
        shortName: "Baru",
        kind: "dinas",
        bandwidth: { guaranteedMbps: 1, maximumMbps: 2 },
      });
      values.subdomains.push({
        host: `baru.${domain}`,
        owner: "dinas-baru",
        opd: "dinas-baru",
        decree: { number: "1", date: "2026-01-01" },
        expires: "2029-01-01",
      });
    });
    expectNothingMoved(lab, more);
    expect(more.hosts).toHaveLength(lab.hosts.length + 1);
    expect(more.sites).toEqual(lab.sites);
    const names = new Set(lab.zones[0]?.records.map(({ name }) => name));
    expect(more.zones[0]?.records.filter(({ name }) => !names.has(name)).map(({ name }) => name)).toEqual([
      `baru.${domain}`,
    ]);
  });

  it("stay when an application or a server comes or goes", () => {
    const more = altered((values) => {
      values.databaseServers.unshift({ ...values.databaseServers[0], id: "kedua", number: 9 });
      values.applications.unshift({ ...values.applications[0], id: "baru", number: 99 });
    });
    expectNothingMoved(lab, more);
    expect(more.sites[0]?.workloads.find(({ name }) => name === "postgres-kedua")?.address).toBe("10.91.0.41");
    expect(more.sites[1]?.workloads.find(({ name }) => name === "app-baru")?.address).toBe("10.92.0.163");
  });

  it("stay in any made inventory, whichever items are left out and in whatever order", () => {
    const whole = valid(parseInventory(madeInventory({ opds: 30, applications: 40, running: 20 })));
    const model = deriveModel(whole);
    const some = fc.tuple(
      fc.shuffledSubarray([...whole.opd]),
      fc.shuffledSubarray([...whole.applications]),
      fc.shuffledSubarray([...whole.subdomains]),
    );
    fc.assert(
      fc.property(some, ([opd, applications, subdomains]) => {
        const kept = new Set([...opd, ...applications].map(({ id }) => id));
        const live = subdomains.filter((one) => kept.has(one.opd ?? one.application ?? ""));
        expectNothingMoved(model, deriveModel({ ...whole, opd, applications, subdomains: live }));
      }),
      { numRuns: 60 },
    );
  });

  it("give no address or network twice", () => {
    const model = deriveModel(valid(parseInventory(madeInventory({ opds: 300, applications: 400, running: 300 }))));
    const addresses = model.sites.flatMap(({ workloads }) =>
      workloads.flatMap(({ address, backboneAddress }) => [address, backboneAddress]),
    );
    const known = addresses.filter((address) => address !== undefined);
    expect(new Set(known).size).toBe(known.length);
    expect(new Set(model.opds.map(({ network }) => network.subnet)).size).toBe(300);
  });
});

describe("deriveModel", () => {
  it("gives the same bytes for the same inventory and leaves its input as it was", () => {
    const inventory = valid(parseInventory(labFiles));
    const before = JSON.stringify(inventory);
    expect(JSON.stringify(deriveModel(inventory))).toBe(JSON.stringify(deriveModel(inventory)));
    expect(JSON.stringify(inventory)).toBe(before);
  });

  it("leaves out of a model what YAML only says to people", () => {
    expect(JSON.stringify(lab)).not.toContain('"example"');
    expect(byId([...lab.opds], "setda")).not.toHaveProperty("source");
  });
});
