import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { model, oddNames, secretsAt, siteAt } from "../dns/test/fixture.ts";
import { nginxConf } from "./nginx-conf.ts";
import { movedHosts, scratchBytes, webWorkload } from "./workload.ts";

const MIB = 1024 * 1024;
const tar = new Uint8Array([1, 2, 3]);
const at = (site: "dc" | "drc") => webWorkload(model, siteAt(site), secretsAt(site), tar);
const conf = (site: "dc" | "drc") => String(at(site).files.find((one) => one.path === "nginx.conf")?.content);

describe("the web workload", () => {
  test("is on the site's network alone and publishes nothing", () => {
    expect(at("dc").reached).toEqual({ address: "10.61.1.13" });
    expect(at("dc").user).toEqual({ uid: 2005, gid: 2005 });
    expect(at("dc").volumes).toEqual([]);
  });

  test("is told its certificate, its configuration and the pages as they came", () => {
    expect(at("dc").files.map((one) => [one.path, one.secret ?? false])).toEqual([
      ["tls/ca.crt", false],
      ["tls/server.crt", false],
      ["tls/server.key", true],
      ["nginx.conf", false],
      ["sites.tar.gz", false],
    ]);
    expect(gunzipSync(Buffer.from(at("dc").files.at(-1)?.content ?? ""))).toEqual(Buffer.from(tar));
  });

  test("the room for pages holds two generations and seldom changes", () => {
    expect(scratchBytes(0)).toBe(64 * MIB);
    expect(scratchBytes(16 * MIB)).toBe(64 * MIB);
    expect(scratchBytes(16 * MIB + 1)).toBe(128 * MIB);
    fc.assert(
      fc.property(
        fc.nat(2 ** 31),
        (bytes) => scratchBytes(bytes) >= bytes * 4 && Number.isInteger(Math.log2(scratchBytes(bytes))),
      ),
    );
  });
});

describe("an agency that was merged", () => {
  const opd = (id: string, host: string | undefined, into?: string) => ({
    ...model.opds[0],
    id,
    host,
    ...(into === undefined ? {} : { mergedInto: { opd: into, on: "2026-01-01" } }),
  });
  const host = (id: string) => ({ ...model.hosts[0], host: `${id}.id`, serves: { kind: "opd", opd: id } });
  const moved = (...opds: ReturnType<typeof opd>[]) =>
    movedHosts({ opds, hosts: opds.filter((one) => one.host).map(({ id }) => host(id)) } as never);

  test("leads to the one that it went into, through however many mergers", () => {
    expect(moved(opd("a", "a.id", "b"), opd("b", "b.id", "c"), opd("c", "c.id"), opd("d", "d.id"))).toEqual({
      "a.id": "c.id",
      "b.id": "c.id",
    });
  });

  test("leads nowhere where that one has no host: its page says where it went", () => {
    expect(moved(opd("a", "a.id", "b"), opd("b", undefined))).toEqual({});
  });

  test("is told to nginx, and only what has no page of its own is led on", () => {
    const told = { hostName: "web.uji.internal", gateway: "gateway.uji.internal", monitors: [], ipv6: false };
    const text = nginxConf({ ...told, hosts: ["a.id", "c.id"], moved: { "a.id": "c.id" } });
    expect(text).toContain('    map $host $moved {\n        default "";\n        "a.id" "c.id";\n    }\n');
    expect(text).toContain("try_files $uri $uri/ @elsewhere;");
  });
});

describe("nginx.conf", () => {
  test("serves declared hosts with pages of their own, and none that an application answers", () => {
    expect(conf("dc")).toContain(`    map $host $site {
        default "";
        "dinkes.lumbungkab.go.id" "dinkes.lumbungkab.go.id";
        "lumbungkab.go.id" "lumbungkab.go.id";
    }
`);
    expect(conf("dc")).toContain('if ($site = "") { return 421; }');
    expect(conf("dc")).not.toContain("pengaduan");
  });

  test("lets ops ask for its health, and for no page", () => {
    expect(conf("drc")).toContain('"~(^|,)CN=ops\\.drc\\.uji\\.internal(,|$)" monitor;');
    expect(conf("drc")).toContain("if ($caller != gateway) { return 403; }");
  });

  test("lets in only the gateway of its own site", () => {
    expect(conf("drc")).toContain('"~(^|,)CN=gateway\\.drc\\.uji\\.internal(,|$)" gateway;');
    expect(conf("drc")).toContain("ssl_verify_client on;");
    expect(conf("drc")).toContain('if ($caller = "") { return 403; }');
  });

  test("allows nothing inline and nothing from elsewhere", () => {
    const policy = /Content-Security-Policy "([^"]*)"/.exec(conf("dc"))?.[1] ?? "";
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(conf("dc")).toContain("server_tokens off;");
  });

  test("does not depend on the order of the hosts", () => {
    const told = {
      hostName: "web.dc.uji.internal",
      gateway: "gateway.dc.uji.internal",
      monitors: ["ops.dc.uji.internal"],
      moved: {},
      ipv6: false,
    };
    expect(nginxConf({ ...told, hosts: ["b.id", "a.id", "b.id"] })).toBe(
      nginxConf({ ...told, hosts: ["a.id", "b.id"] }),
    );
    expect(nginxConf({ ...told, hosts: [], ipv6: true })).toContain("listen [::]:8443 ssl default_server");
  });

  test("no host name can break a line", () => {
    const told = {
      hostName: "web.dc.uji.internal",
      gateway: "gateway.dc.uji.internal",
      monitors: ["ops.dc.uji.internal"],
      moved: {},
      ipv6: false,
    };
    fc.assert(
      fc.property(oddNames, (odd) => {
        try {
          return nginxConf({ ...told, hosts: [odd] }).includes(`"${odd}" "${odd}";`) && /^[a-z0-9._-]+$/.test(odd);
        } catch (error) {
          return error instanceof TypeError;
        }
      }),
    );
    for (const odd of ['a" "b', "a;b", "a\nb", "$host", "a}"])
      expect(() => nginxConf({ ...told, hosts: [odd] })).toThrow(TypeError);
    expect(() => nginxConf({ ...told, hosts: [], moved: { "a.id": 'b.id"; return 200 "' } })).toThrow(TypeError);
    expect(() => nginxConf({ ...told, hosts: [], gateway: 'x" 1; "' })).toThrow("web.gateway: expected host name");
  });
});
