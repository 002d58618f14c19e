import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knotConf } from "./knot-conf.ts";
import { model, oddNames, secretsAt, siteAt } from "./test/fixture.ts";
import { word } from "./words.ts";
import { dnsWorkload } from "./workload.ts";
import { zoneJson, zoneSeed } from "./zone-json.ts";

const at = (site: "dc" | "drc") => dnsWorkload(model, siteAt(site), secretsAt(site));
const text = (site: "dc" | "drc", path: string) => String(at(site).files.find((file) => file.path === path)?.content);

describe("the name server's workload", () => {
  test("publishes names on 53 over both protocols, from a process that is not root", () => {
    const { user, reached, volumes } = at("dc");
    expect(user).toEqual({ uid: 2003, gid: 2003 });
    expect(reached).toEqual({
      address: "10.61.1.11",
      backboneAddress: "10.61.0.11",
      published: [
        { port: 5353, published: 53, protocol: "udp" },
        { port: 5353, published: 53, protocol: "tcp" },
      ],
    });
    expect(volumes).toEqual([
      { name: "data", path: "/var/lib/knot", keeps: "cache" },
      { name: "identity", path: "/identity", keeps: "cache" },
    ]);
  });

  test("everything with a key in it is secret", () => {
    const files = at("dc").files.map(({ path, secret }) => [path, secret ?? false]);
    expect(files).toEqual([
      ["knot.conf", true],
      ["tsig.json", true],
      ["zones/lumbungkab.go.id.json", false],
      ["keys/lumbungkab.go.id.pem", true],
      ["tls/ca.crt", false],
      ["tls/server.crt", false],
      ["tls/server.key", true],
      ["lease.env", false],
    ]);
    const open = at("dc")
      .files.filter((file) => !file.secret)
      .map((file) => file.content)
      .join();
    for (const secret of [secretsAt("dc").tsig.update.secret, secretsAt("dc").tsig.transfer.secret, "PRIVATE KEY"])
      expect(open).not.toContain(secret);
  });

  test("a zone without a signing key is named", () => {
    expect(() => dnsWorkload(model, siteAt("dc"), { ...secretsAt("dc"), dnssec: {} })).toThrow(
      "secrets of uji-dc: dnssec.lumbungkab.go.id",
    );
  });
});

describe("knot.conf", () => {
  test("transfer and update each need their key; updates come from itself alone", () => {
    const acl = text("drc", "knot.conf").match(/^acl:[\s\S]*?\n\n/m)?.[0];
    expect(acl).toBe(`acl:
  - id: transfer
    key: transfer.uji
    action: transfer
  - id: update
    key: update.uji
    address: 127.0.0.1
    action: update

`);
  });

  test("the key of evidence changes texts of one name in the region's zone, and nothing else", () => {
    const { tsig } = secretsAt("dc");
    const before = { name: "evidence-1.uji", algorithm: "hmac-sha256", secret: "YmVmb3Jl" } as const;
    const evidence = { name: "evidence.uji", algorithm: "hmac-sha256", secret: "YnVrdGk=", previous: before } as const;
    const held = { ...secretsAt("dc"), tsig: { ...tsig, evidence } };
    const conf = knotConf({
      ...{ zones: ["lain.go.id", "lumbungkab.go.id"], evidenceZone: "lumbungkab.go.id", keys: held.tsig },
      ...{ updateAddresses: ["10.61.0.14"], ipv6: false },
    });
    expect(conf).toContain(`  - id: evidence
    key: [ evidence.uji, evidence-1.uji ]
    address: [ 10.61.0.14 ]
    action: update
    update-type: TXT
    update-owner: name
    update-owner-match: equal
    update-owner-name: _lumbung-evidence

`);
    expect(conf).toMatch(
      /zone:\n {2}- domain: "lain\.go\.id\."\n {2}- domain: "lumbungkab\.go\.id\."\n {4}acl: \[ transfer, update, evidence \]\n$/,
    );
    const file = (path: string) =>
      String(dnsWorkload(model, siteAt("dc"), held).files.find((one) => one.path === path)?.content);
    expect(file("knot.conf")).toContain("acl: [ transfer, update, evidence ]");
    expect(Object.keys(JSON.parse(file("tsig.json")))).toEqual(["transfer", "update"]);
  });

  test("without that key it is as if there was none", () => {
    expect(text("dc", "knot.conf")).not.toContain("evidence");
  });

  test("says nothing of itself, limits its answers, signs with the shared key and NSEC", () => {
    const conf = text("dc", "knot.conf");
    for (const line of [
      'version: ""',
      'identity: ""',
      "module: mod-rrl/public",
      "manual: on",
      "nsec3: off",
      "serial-policy: unixtime",
      "journal-content: all",
    ])
      expect(conf).toContain(`    ${line}\n`);
    expect(conf).toContain("listen: [ 0.0.0.0@5353 ]");
  });

  test("listens on IPv6 where the site has it", () => {
    expect(knotConf({ zones: [], keys: secretsAt("dc").tsig, updateAddresses: [], ipv6: true })).toContain(
      "listen: [ 0.0.0.0@5353, ::@5353 ]",
    );
  });

  test("no zone name can break a line or a quotation", () => {
    fc.assert(
      fc.property(oddNames, (zone) => {
        let conf: string;
        try {
          conf = knotConf({ zones: [zone], keys: secretsAt("dc").tsig, updateAddresses: [], ipv6: false });
        } catch (error) {
          return error instanceof TypeError;
        }
        return conf.endsWith(`\nzone:\n  - domain: "${zone}."\n`) && /^[a-z0-9._-]+$/.test(zone);
      }),
    );
  });

  test.each(["a\n", 'a"', "a b", "a]", "A", "", ".", "a..b", "-a", "a#b"])("%j is no host name", (name) => {
    expect(() => word("host name", name, "hosts[0]")).toThrow(
      `hosts[0]: expected host name, received ${JSON.stringify(name)}`,
    );
  });
  test.each(["1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4\n", "1.2.3.4.", "a"])("%j is no address", (address) => {
    expect(() => word("IPv4 address", address, "x")).toThrow("expected IPv4 address");
  });
  test.each(["1.2.3.4", "255.255.255.255", "10.61.0.142"])("%j is an address", (address) => {
    expect(word("IPv4 address", address, "x")).toBe(address);
  });
});

describe("zones/<zone>.json", () => {
  const told = (site: "dc" | "drc") => JSON.parse(text(site, "zones/lumbungkab.go.id.json"));

  test("holds the declared records and never an address of a runbook's name", () => {
    const { records, runbookNames } = told("dc");
    expect(runbookNames).toEqual(["lumbungkab.go.id.", "gerbang.lumbungkab.go.id."]);
    expect(records).toHaveLength(8);
    expect(
      records.filter((r: { name: string; type: string }) => runbookNames.includes(r.name) && /^A/.test(r.type)),
    ).toEqual([]);
  });

  test("says whose texts are not the inventory's, and takes none that is declared there", () => {
    expect(told("dc").textNames).toEqual(["_lumbung-evidence.lumbungkab.go.id."]);
    const zone = model.zones[0];
    if (!zone) throw new Error("fixture without zone");
    const name = `_lumbung-evidence.${zone.name}`;
    const declared = { ...zone, records: [{ name, ttlSeconds: 60, type: "TXT" as const, data: '"x"' }] };
    expect(() => zoneJson(declared, zoneSeed(model, "dc"), name)).toThrow(
      "records[0].name: expected a name that the inventory owns",
    );
    expect(JSON.parse(zoneJson(zone, zoneSeed(model, "dc")))).not.toHaveProperty("textNames");
  });

  test("both sites are seeded with the designated primary's address, and ask each other first", () => {
    expect(told("dc").seed).toEqual({
      ttl: 60,
      gatewayAddress: "127.0.61.1",
      peers: [{ name: "dns.drc.uji.internal", address: "10.61.0.139" }],
    });
    expect(told("drc").seed).toEqual({
      ttl: 60,
      gatewayAddress: "127.0.61.1",
      peers: [{ name: "dns.dc.uji.internal", address: "10.61.0.11" }],
    });
  });

  test("the same zone gives the same bytes at both sites but for the peers", () => {
    const { seed: a, ...dc } = told("dc");
    const { seed: b, ...drc } = told("drc");
    expect(dc).toEqual(drc);
    expect(a).not.toEqual(b);
  });

  test("a record's name that is none is refused with its path", () => {
    const zone = model.zones[0];
    if (!zone) throw new Error("fixture without zone");
    const record = { name: "a b.lumbungkab.go.id", ttlSeconds: 60, type: "TXT" as const, data: '""' };
    expect(() => zoneJson({ ...zone, records: [record] }, zoneSeed(model, "dc"))).toThrow(
      "zones.lumbungkab.go.id.records[0].name",
    );
    expect(
      zoneJson({ ...zone, records: [{ ...record, name: "*.lumbungkab.go.id" }] }, zoneSeed(model, "dc")),
    ).toContain('"*.lumbungkab.go.id."');
  });
});
