import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Model } from "../../model/types.ts";
import { model, oddNames, secretsAt, siteAt } from "../dns/test/fixture.ts";
import { witnessed } from "../epoch/testing/fixture.ts";
import { haproxyCfg } from "./haproxy-cfg.ts";
import { hostsMap } from "./hosts-map.ts";
import { gatewayPlan } from "./plan.ts";
import { serversState } from "./servers-state.ts";
import { covers, gatewayWorkload } from "./workload.ts";

const at = (site: "dc" | "drc", of: Model = model) => gatewayWorkload(of, siteAt(site, of), secretsAt(site));
const file = (site: "dc" | "drc", path: string, of: Model = model) =>
  String(at(site, of).files.find((one) => one.path === path)?.content);

/** Lines of one section of `haproxy.cfg`, without indentation. */
function section(head: string, of: Model = model, site: "dc" | "drc" = "dc"): string[] {
  const found = file(site, "haproxy.cfg", of)
    .split("\n\n")
    .find((one) => one.startsWith(`${head}\n`));
  if (!found) throw new Error(`no section ${head}`);
  return found
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.trim());
}

describe("the gateway's workload", () => {
  test("publishes 443, 80 and 5432, and answers to the database's region-wide name", () => {
    expect(at("drc").reached).toEqual({
      address: "10.61.2.10",
      backboneAddress: "10.61.0.138",
      aliases: ["postgres-utama.uji.internal"],
      published: [
        { port: 8443, published: 443, protocol: "tcp" },
        { port: 8080, published: 80, protocol: "tcp" },
        { port: 5432, published: 5432, protocol: "tcp" },
      ],
    });
    expect(at("drc").user).toEqual({ uid: 2004, gid: 2004 });
  });

  test("only keys are secret, and no other file holds one", () => {
    const { files } = at("dc");
    expect(files.filter((one) => one.secret).map((one) => one.path)).toEqual(["tls/server.key", "tls/public.pem"]);
    for (const one of files.filter((each) => !each.secret)) expect(one.content).not.toContain("PRIVATE KEY");
  });

  test("an agency more changes the host map and no other file: nothing is loaded anew", () => {
    const more = { ...model, hosts: [...model.hosts, { ...model.hosts[0], host: "baru.lumbungkab.go.id" } as never] };
    const changed = at("dc", more).files.filter((one, index) => one.content !== at("dc").files[index]?.content);
    expect(changed.map((one) => one.path)).toEqual(["hosts.map"]);
  });

  test("a host that the public certificate does not cover is named", () => {
    const deep = { ...model, hosts: [{ ...model.hosts[0], host: "a.b.lumbungkab.go.id" } as never] };
    expect(() => at("dc", deep)).toThrow(
      "which does not cover a.b.lumbungkab.go.id. Hint: a wildcard covers one label",
    );
  });

  test.each([
    ["*.a.id", "b.a.id", true],
    ["*.a.id", "a.id", false],
    ["*.a.id", "c.b.a.id", false],
    ["a.id", "a.id", true],
    ["a.id", "b.a.id", false],
  ])("%s covers %s: %s", (name, host, expected) => {
    expect(covers(name, host)).toBe(expected);
  });

  test("without a certificate it says which is missing", () => {
    const secrets = { ...secretsAt("dc"), certificates: {} };
    expect(() => gatewayWorkload(model, siteAt("dc"), secrets)).toThrow("secrets of uji-dc: certificates.gateway");
  });
});

describe("haproxy.cfg", () => {
  test("the public entry: unknown names first, then standby, then the declared backend; no default", () => {
    const lines = section("frontend public");
    expect(lines[0]).toBe("bind :8443 ssl crt /config/current/tls/public.pem alpn h2,http/1.1 strict-sni");
    const order = [
      "http-request return status 421 errorfile /config/current/unknown.http unless { var(txn.backend) -m found }",
      "http-request return status 503 errorfile /config/current/standby.http unless active",
      "use_backend %[var(txn.backend)]",
    ];
    const places = order.map((part) => lines.findIndex((line) => line.includes(part)));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(file("dc", "haproxy.cfg")).not.toContain("default_backend");
  });

  test("what a client says about itself is replaced, never added to", () => {
    const lines = section("frontend public");
    const removed = lines.indexOf("http-request del-header X-Forwarded- -m beg");
    expect(removed).toBeGreaterThan(0);
    expect(lines.indexOf("http-request set-header X-Forwarded-For %[src]")).toBeGreaterThan(removed);
    for (const header of ["Forwarded", "X-Real-IP", "X-Request-ID"])
      expect(lines).toContain(`http-request del-header ${header}`);
    expect(lines.join("\n")).not.toContain("forwardfor");
  });

  test("security headers are on every answer, also on the gateway's own pages", () => {
    const lines = section("frontend public").filter((line) => line.startsWith("http-after-response set-header"));
    expect(lines.map((line) => line.split(" ")[2])).toEqual([
      "Strict-Transport-Security",
      "X-Content-Type-Options",
      "X-Frame-Options",
      "Referrer-Policy",
    ]);
  });

  test("a backend is reached over TLS with its name verified, and shows the gateway's certificate", () => {
    expect(section("backend app-pengaduan").at(-1)).toBe(
      "server app-pengaduan 10.61.1.65:8443 ssl verify required ca-file /config/current/tls/ca.crt crt /config/current/tls/server.crt sni str(app-pengaduan.dc.uji.internal) verifyhost app-pengaduan.dc.uji.internal alpn http/1.1 check check-sni app-pengaduan.dc.uji.internal inter 2s fastinter 500ms fall 3 rise 1",
    );
    expect(section("backend web")).toContain("http-request disable-l7-retry unless METH_GET or { method HEAD }");
  });

  test("PostgreSQL: the site's own server first, the other over the backbone; sessions end with the primary", () => {
    const lines = section("listen postgres-utama", model, "drc");
    expect(lines).toContain(
      "http-check send meth GET uri /primary ver HTTP/1.1 hdr Host postgres-utama.drc.uji.internal",
    );
    expect(lines.find((line) => line.startsWith("default-server"))).toContain("on-marked-down shutdown-sessions");
    const [own, other] = lines.filter((line) => line.startsWith("server "));
    expect(own).toMatch(
      /^server drc 10\.61\.2\.33:5432 id 1 check port 8008 check-ssl .*verifyhost postgres-utama\.drc\.uji\.internal/,
    );
    expect(own).not.toMatch(/ backup$/);
    expect(other).toMatch(/^server dc 10\.61\.0\.33:5432 id 2 check .* backup$/);
  });

  test("no connection to another workload goes without verification", () => {
    const servers = file("dc", "haproxy.cfg")
      .split("\n")
      // What is asked over a socket in the container is the keeper beside it.
      .filter((line) => /^\s+server /.test(line) && !line.includes("unix@/run/lumbung/lease.sock"));
    expect(servers).toHaveLength(4);
    for (const line of servers) expect(line).toMatch(/verify required .*ca-file \/config\/current\/tls\/ca\.crt/);
    expect(file("dc", "haproxy.cfg")).not.toContain("verify none");
  });

  test("metrics are for ops alone, by client certificate", () => {
    const lines = section("frontend metrics");
    expect(lines[0]).toContain("verify required");
    expect(lines).toContain(
      "http-request deny status 403 unless { path /health /role } or { ssl_c_s_dn(CN) -m str ops.dc.uji.internal ops.drc.uji.internal gateway.dc.uji.internal }",
    );
  });

  test("whoever copies is told of a closing: by the keeper that says so, and by nothing that is silent or new", () => {
    const returns = section("frontend metrics").filter((line) => line.includes("path /role }"));
    expect(returns).toEqual([
      "http-request return status 200 content-type text/plain string active if { path /role } active",
      "http-request return status 200 content-type text/plain string closing if { path /role } { srv_is_up(closing/lease) } !{ srv_is_up(staying/lease) }",
      "http-request return status 200 content-type text/plain string standby if { path /role }",
    ]);
    for (const [name, status] of [
      ["closing", 200],
      ["staying", 503],
    ] as const) {
      const lines = section(`backend ${name}`);
      expect(lines).toContain("http-check send meth GET uri /closing");
      expect(lines).toContain(`http-check expect status ${status}`);
      expect(lines.at(-1)).toContain("unix@/run/lumbung/lease.sock check");
    }
  });

  describe("what the site is active by", () => {
    const servers = (...ids: string[]): Model => {
      const [first] = model.databaseServers;
      const named = ids.map((id, index) => ({ ...first, id, number: index + 1, workload: `postgres-${id}` }) as never);
      const sites = model.sites.map((site) => ({
        ...site,
        workloads: site.workloads.flatMap((workload) =>
          workload.kind === "postgresql"
            ? ids.map((id) => ({ ...workload, name: `postgres-${id}`, of: id }))
            : [workload],
        ),
      }));
      return { ...model, databaseServers: named, sites };
    };

    test("its own server's being primary, not the other's", () => {
      expect(section("frontend public", model, "drc")).toContain("acl active srv_is_up(postgres-utama/drc)");
      expect(file("drc", "haproxy.cfg")).toMatch(/^# active by: postgres-utama\/drc\n/);
    });

    test("any of its own servers, where there are more and none has its primary at the other site", () => {
      const lines = section("frontend public", servers("a", "b", "c"));
      for (const name of ["a", "b", "c"]) expect(lines).toContain(`acl here srv_is_up(postgres-${name}/dc)`);
      expect(lines).toContain(
        "http-request set-var(txn.elsewhere) bool(true) if { srv_is_up(postgres-c/drc) } !{ srv_is_up(postgres-c/dc) }",
      );
      expect(lines).toContain("http-request set-var(txn.active) bool(true) if here !elsewhere");
      expect(at("dc", servers("a", "b")).reached.published?.map((port) => port.published)).toEqual([
        443, 80, 5432, 5433,
      ]);
    });

    test("and the lease, where a witness runs: what is primary here is passed on under it alone", () => {
      const region = witnessed(model);
      const lines = section("frontend public", region);
      expect(lines).toContain("acl here srv_is_up(postgres-utama/dc)");
      expect(lines).toContain(
        "http-request set-var(txn.active) bool(true) if here !elsewhere { srv_is_up(lease/lease) }",
      );
      const rule = "tcp-request connection reject if { srv_is_up(postgres-utama/dc) } !{ srv_is_up(lease/lease) }";
      expect(section("listen postgres-utama", region)).toContain(rule);
      // One failed check closes: a keeper that is frozen answers nothing.
      expect(section("backend lease", region).at(-1)).toBe(
        "server lease unix@/run/lumbung/lease.sock check inter 500ms fastinter 500ms downinter 500ms fall 1 rise 1",
      );
      expect(file("dc", "haproxy.cfg")).not.toContain("lease/lease");
      expect(file("dc", "haproxy.cfg", witnessed(servers()))).not.toContain("lease/lease");
    });

    test("its designation, where the region runs none", () => {
      expect(section("frontend public", servers(), "dc")).toContain("acl active always_true");
      expect(section("frontend public", servers(), "drc")).toContain("acl active always_false");
      expect(file("drc", "haproxy.cfg", servers())).toMatch(/^# active by: never\n/);
    });
  });

  test("listens on IPv6 where the site has it", () => {
    const plan = { ...gatewayPlan(model, siteAt("dc")), ipv6: true };
    expect(haproxyCfg(plan)).toContain("bind [::]:8443 v6only".replace("8443", "8080"));
  });

  test("no word of the model can break a line", () => {
    fc.assert(
      fc.property(oddNames, (odd) => {
        const site = siteAt("dc");
        const broken = {
          ...site,
          workloads: site.workloads.map((one) => (one.kind === "postgresql" ? { ...one, hostName: odd } : one)),
        };
        const of = { ...model, sites: [broken, ...model.sites.slice(1)] };
        try {
          return haproxyCfg(gatewayPlan(of, broken)).includes(`verifyhost ${odd} `) && /^[a-z0-9._-]+$/.test(odd);
        } catch (error) {
          return error instanceof TypeError;
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("hosts.map", () => {
  test("a line per declared host, in order of name", () => {
    expect(file("dc", "hosts.map")).toBe(
      "dinkes.lumbungkab.go.id web\nlumbungkab.go.id web\npengaduan.lumbungkab.go.id app-pengaduan\n",
    );
  });

  test("the same for any order of the routes", () => {
    const routes = gatewayPlan(model, siteAt("dc")).hosts;
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...routes], { minLength: routes.length }),
        (shuffled) => hostsMap(shuffled) === hostsMap(routes),
      ),
    );
  });

  test("a name that stands twice is refused", () => {
    expect(() =>
      hostsMap([
        { host: "a.id", backend: "web" },
        { host: "a.id", backend: "app-x" },
      ]),
    ).toThrow('hosts: "a.id" stands twice: for web and for app-x');
  });

  test("a host of a workload that does not run at the site is refused", () => {
    const serves = { kind: "application", application: "x", workload: "app-x" } as const;
    const of = { ...model, hosts: [{ ...model.hosts[0], serves } as never] };
    expect(() => at("dc", of)).toThrow('site dc: a host is routed to "app-x", which does not run there');
  });

  test.each(["a.id web\nb.id", "a.id # x", "A.id", "*.a.id"])("%j is refused as a host", (host) => {
    expect(() => at("dc", { ...model, hosts: [{ ...model.hosts[0], host } as never] })).toThrow(
      "hosts[0].host: expected host name",
    );
  });
});

test("at its start the gateway takes no database server for the primary", () => {
  const [version, columns, ...servers] = serversState(gatewayPlan(model, siteAt("dc")).databases)
    .trimEnd()
    .split("\n");
  expect(version).toBe("1");
  const names = columns?.slice(2).split(" ") ?? [];
  expect(servers).toHaveLength(2);
  for (const line of servers) {
    const fields = line.split(" ");
    expect(fields).toHaveLength(names.length);
    expect(fields[names.indexOf("srv_op_state")]).toBe("0");
  }
  expect(section("listen postgres-utama")).toContain(`id ${servers[0]?.split(" ")[0]}`);
});

describe("MariaDB, code and what passes between the sites", () => {
  const more: Model = {
    ...model,
    databaseServers: [
      ...model.databaseServers,
      {
        ...(model.databaseServers[0] as Model["databaseServers"][number]),
        id: "php",
        number: 9,
        engine: "mariadb",
        workload: "mariadb-php",
        serviceName: "mariadb-php.uji.internal",
        databases: [],
      },
    ],
    applications: [
      ...model.applications,
      {
        id: "ppid",
        number: 6,
        name: "PPID",
        owner: "diskominfo",
        status: "running",
        hostedBy: "region",
        class: "cross-opd",
        hosts: [],
        run: {
          workload: "app-ppid",
          image: "wordpress",
          runtime: "php",
          cpus: 1,
          memoryBytes: 1,
          uploads: { rpoSeconds: 60, quotaBytes: 1 },
        },
      },
    ],
    hosts: [
      ...model.hosts,
      {
        ...(model.hosts[0] as Model["hosts"][number]),
        host: "kode.lumbungkab.go.id",
        serves: { kind: "code", workload: "code" },
      },
    ],
    sites: model.sites.map((site, index) => ({
      ...site,
      workloads: [
        ...site.workloads,
        ...(
          [
            ["mariadb-php", "mariadb", "php", 41],
            ["code", "code", undefined, 16],
            ["app-ppid", "application", "ppid", 70],
          ] as const
        ).map(([name, kind, of, slot]) => ({
          name,
          kind,
          ...(of === undefined ? {} : { of }),
          address: `10.61.${index + 1}.${slot}`,
          backboneAddress: `10.61.0.${slot + index * 128}`,
          hostName: `${name}.${site.internalDomain}`,
          memoryBytes: 1,
        })),
      ],
    })),
  };

  test("MariaDB has its own ports and numbers, and is asked for its role as PostgreSQL is", () => {
    const lines = section("listen mariadb-php", more);
    expect(lines).toContain("bind :3306");
    expect(lines).toContain("id 1500");
    expect(lines.find((line) => line.startsWith("server dc "))).toContain(
      "10.61.1.41:3306 id 1 check port 8008 check-ssl",
    );
    expect(section("listen postgres-utama", more)).toEqual(section("listen postgres-utama"));
    expect(serversState(gatewayPlan(more, siteAt("dc", more)).databases)).toMatch(/^1500 mariadb-php 1 dc .* 3306 /m);
    expect(at("dc", more).reached.aliases).toEqual(["postgres-utama.uji.internal", "mariadb-php.uji.internal"]);
  });

  test("a site is active if one of its servers is primary and none has its primary at the other site", () => {
    const lines = section("frontend public", more);
    const from = lines.indexOf("acl here srv_is_up(postgres-utama/dc)");
    expect(lines.slice(from, from + 7)).toEqual([
      "acl here srv_is_up(postgres-utama/dc)",
      "acl here srv_is_up(mariadb-php/dc)",
      "http-request set-var(txn.elsewhere) bool(true) if { srv_is_up(postgres-utama/drc) } !{ srv_is_up(postgres-utama/dc) }",
      "http-request set-var(txn.elsewhere) bool(true) if { srv_is_up(mariadb-php/drc) } !{ srv_is_up(mariadb-php/dc) }",
      "acl elsewhere var(txn.elsewhere) -m bool",
      "http-request set-var(txn.active) bool(true) if here !elsewhere",
      "acl active var(txn.active) -m bool",
    ]);
  });

  test("the code repository is read at a standby site too; nothing else is", () => {
    const lines = section("frontend public", more);
    expect(lines).toContain("acl readable var(txn.backend) -m str code");
    expect(lines).toContain(
      "http-request return status 503 errorfile /config/current/standby.http unless active or readable",
    );
    expect(section("frontend public").join("\n")).not.toContain("readable");
  });

  test("the other site's ops comes to copiers' doors by name, to own ones alone", () => {
    const lines = section("frontend doors", more, "drc");
    expect(lines.filter((line) => line.startsWith("use_backend"))).toEqual([
      "use_backend doors-app-ppid if { req.ssl_sni -i app-ppid.drc.uji.internal }",
    ]);
    expect(lines).toContain("tcp-request content reject");
    expect(section("backend doors-app-ppid", more, "drc")).toContain("server app-ppid 10.61.2.70:8010");
  });

  test("uploads pass between the sites by name: own names here, the other site's to its gateway, others nowhere", () => {
    expect(section("frontend sites", more, "drc").slice(-4)).toEqual([
      "tcp-request content accept if { req.ssl_hello_type 1 }",
      "tcp-request content reject",
      "use_backend sites-app-ppid if { req.ssl_sni -i app-ppid.drc.uji.internal }",
      "use_backend sites-peer if { req.ssl_sni -i -m end .dc.uji.internal }",
    ]);
    expect(section("backend sites-app-ppid", more, "drc")).toContain("server app-ppid 10.61.2.70:8873");
    expect(section("backend sites-peer", more, "drc")).toContain("server gateway 10.61.0.10:8445");
    expect(file("dc", "haproxy.cfg")).not.toMatch(/844[56]/);
  });
});

describe("auditors", () => {
  const declared = (from: string, until: string) => ({
    ...{ id: "inspektorat", body: "Inspektorat", name: "auditor-inspektorat.uji.internal", from, until },
  });
  const audited: Model = {
    ...model,
    auditors: [
      declared("2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"),
      declared("2026-06-01T00:00:00.000Z", "2026-06-02T00:00:00.000Z"),
    ],
  };

  test("without any nothing is published, routed or rendered", () => {
    expect(at("dc").reached.published?.map(({ port }) => port)).not.toContain(9445);
    expect(file("dc", "haproxy.cfg")).not.toContain("auditors");
  });

  test("their way is one more published port and no other file: the rest of the gateway stays as it is", () => {
    const { reached, files } = at("dc", audited);
    expect(
      reached.published?.filter((one) => !at("dc").reached.published?.some(({ port }) => port === one.port)),
    ).toEqual([{ port: 9445, published: 9445, protocol: "tcp" }]);
    const changed = files.filter((one, index) => one.content !== at("dc").files[index]?.content);
    expect(changed.map(({ path }) => path)).toEqual(["haproxy.cfg"]);
    expect(file("dc", "haproxy.cfg", audited).startsWith(file("dc", "haproxy.cfg").trimEnd())).toBe(true);
  });

  test("TLS is passed through to the site's own ops, in the periods alone, and not to who comes too often", () => {
    expect(section("frontend auditors", audited, "drc")).toEqual([
      ...["bind :9445", "mode tcp", "option tcplog", "maxconn 32", "timeout client 2m"],
      "stick-table type ipv6 size 4k expire 1m store conn_cur,conn_rate(10s)",
      "tcp-request connection reject unless { date 1767225600:1769903999 1780272000:1780358399 }",
      "tcp-request connection track-sc0 src",
      "tcp-request connection reject if { sc0_conn_cur gt 16 }",
      "tcp-request connection reject if { sc0_conn_rate gt 60 }",
      "tcp-request inspect-delay 3s",
      "tcp-request content accept if { req.ssl_hello_type 1 }",
      "tcp-request content reject",
      "default_backend auditors",
    ]);
    expect(section("backend auditors", audited, "drc").at(-1)).toBe("server ops 10.61.2.14:9445");
    expect(section("backend auditors", audited, "dc").at(-1)).toBe("server ops 10.61.1.14:9445");
  });
});
