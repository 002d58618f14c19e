import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { SiteSecrets } from "../../custody/types.ts";
import type { DatabaseServerModel, Model } from "../../model/types.ts";
import { databasesSql } from "./databases-sql.ts";
import { guardEnv } from "./guard-env.ts";
import { hbaLines, identLines } from "./hba.ts";
import { peerOf, slotOf } from "./names.ts";
import { localParameters, sharedParameters, slotKeepBytes, synchronousCommit } from "./parameters.ts";
import { patroniYml } from "./patroni-yml.ts";
import { model, regionIdentity, secretsOf, server, siteOf } from "./testing/fixture.ts";
import { postgresWorkload } from "./workload.ts";

const GIB = 1024 ** 3;
const dc = siteOf("dc");
const drc = siteOf("drc");

describe("postgresWorkload", () => {
  const workload = postgresWorkload(model, dc, server, secretsOf("dc"));

  it("keeps data and identity in volumes of their own", () => {
    expect(workload.volumes).toEqual([
      { name: "data", path: "/var/lib/postgresql", keeps: "data" },
      { name: "identity", path: "/identity", keeps: "data" },
    ]);
  });

  it("is reached inside the site and on the backbone", () => {
    expect(workload.reached).toEqual({ address: "10.60.1.33", backboneAddress: "10.60.0.100" });
  });

  it("marks what is secret, and has no password or key anywhere else", () => {
    const secret = workload.files.filter((file) => file.secret).map(({ path }) => path);
    expect(secret).toEqual(["tls/server.key", "databases.sql"]);
    const open = workload.files.filter((file) => !file.secret).map(({ content }) => String(content));
    for (const text of [...open, JSON.stringify(workload.environment ?? {})]) {
      expect(text).not.toMatch(/SCRAM-SHA-256\$|only-for-tests|key of|password:/);
    }
  });

  it("never has an application's password in clear", () => {
    expect(workload.files.map(({ content }) => String(content)).join("\n")).not.toContain("only-for-tests");
  });
});

describe("patroniYml", () => {
  const settings = (site = dc) => parse(patroniYml(model, site, server, secretsOf("dc")), { version: "1.1" });

  it("differs between the sites by names only, and says nothing of which is active", () => {
    const swap = (text: string) =>
      text.replaceAll(/\bdrc\b|\bdc\b|site_drc|site_dc|10\.60\.[12]/g, (word) =>
        word.startsWith("10") ? "10.60.x" : word.startsWith("site_") ? "site_x" : "x",
      );
    const [at, other] = [dc, drc].map((site) => swap(patroniYml(model, site, server, secretsOf("dc"))));
    expect(at).toBe(other);
    expect(at).not.toContain("standby_cluster");
  });

  it("keeps a slot for the other site, and only while this one is the primary", () => {
    expect(settings(dc).bootstrap.dcs.slots).toEqual({ site_drc: { type: "physical", cluster_type: "primary" } });
    expect(settings(drc).bootstrap.dcs.slots).toEqual({ site_dc: { type: "physical", cluster_type: "primary" } });
  });

  it("has times that Patroni accepts", () => {
    const { loop_wait, retry_timeout, ttl } = settings().bootstrap.dcs;
    expect(loop_wait + 2 * retry_timeout).toBeLessThanOrEqual(ttl);
    expect(ttl).toBeGreaterThanOrEqual(20);
  });

  it("proves itself to etcd, to clients and to the other site by certificate", () => {
    const { etcd3, restapi, postgresql } = settings();
    expect(etcd3).toMatchObject({ hosts: "etcd.dc.lab.internal:2379", protocol: "https", cert: expect.any(String) });
    expect(restapi).toMatchObject({
      verify_client: "required",
      connect_address: "postgres-utama.dc.lab.internal:8008",
    });
    for (const role of ["replication", "rewind"]) {
      expect(postgresql.authentication[role]).toMatchObject({ sslmode: "verify-full", sslcert: expect.any(String) });
      expect(postgresql.authentication[role]).not.toHaveProperty("password");
    }
  });

  it("has checksums, and tells the guard's other half which region it is", () => {
    expect(settings().bootstrap.initdb).toContain("data-checksums");
    expect(settings().tags.lumbung_region).toBe(regionIdentity);
  });

  it("is read alike by YAML 1.1, where a bare on is no text", () => {
    expect(settings().postgresql.parameters.ssl).toBe("on");
    expect(settings().bootstrap.dcs.postgresql.parameters.wal_log_hints).toBe("on");
  });
});

describe("hbaLines", () => {
  const lines = hbaLines(model, dc, server);

  it("says exactly who may connect", () => {
    expect(lines).toEqual([
      "local all postgres peer map=local",
      "local replication replicator peer map=local",
      "hostssl replication replicator 10.60.0.0/24 cert map=sites",
      "hostssl postgres rewinder 10.60.0.0/24 cert map=sites",
      "hostssl postgres lumbung_ops 10.60.1.0/24 cert map=sites",
      "hostssl postgres lumbung_ops 10.60.0.0/24 cert map=sites",
      'hostssl "pengaduan" "pengaduan" 10.60.1.0/24 scram-sha-256',
      'hostssl "pengaduan" "pengaduan" 10.60.0.0/24 scram-sha-256',
    ]);
  });

  it("lets nobody in from a network without TLS or proof", () => {
    for (const line of lines.filter((one) => !one.startsWith("local "))) {
      expect(line).toMatch(/^hostssl .* (cert map=sites|scram-sha-256)$/);
    }
  });

  it("knows the second address family where there is one", () => {
    const both: Model = { ...model, backbone: { ...model.backbone, subnet6: "fd00:60::/64" } };
    expect(hbaLines(both, dc, server)).toContain("hostssl replication replicator fd00:60::/64 cert map=sites");
  });

  it("refuses a name that would end the quotes", () => {
    const odd: DatabaseServerModel = { ...server, databases: server.databases.map((d) => ({ ...d, role: 'a" "b' })) };
    expect(() => hbaLines(model, dc, odd)).toThrow('received "a\\" \\"b"');
  });

  it("maps certificates of the two servers and of ops, and no other", () => {
    expect(identLines(model, server)).toEqual([
      "local postgres postgres",
      "local postgres replicator",
      "sites postgres-utama.dc.lab.internal replicator",
      "sites postgres-utama.dc.lab.internal rewinder",
      "sites postgres-utama.drc.lab.internal replicator",
      "sites postgres-utama.drc.lab.internal rewinder",
      "sites ops.dc.lab.internal lumbung_ops",
      "sites ops.drc.lab.internal lumbung_ops",
    ]);
  });
});

describe("parameters", () => {
  it("acknowledge a commit here alone where loss is accepted, and wait where it is not", () => {
    expect(synchronousCommit("async")).toBe("local");
    expect(synchronousCommit("sync")).toBe("on");
    expect(localParameters(server, 256 * 1024 ** 2, GIB).synchronous_commit).toBe("local");
  });

  it("fit a small memory", () => {
    expect(localParameters(server, 256 * 1024 ** 2, GIB)).toMatchObject({ shared_buffers: "51MB", work_mem: "2MB" });
  });

  it("keep WAL for an absent site within the storage", () => {
    expect([GIB, 100 * GIB, 10_000 * GIB].map(slotKeepBytes)).toEqual([GIB, 10 * GIB, 64 * GIB]);
  });

  it("that a standby must share are in no site's own settings", () => {
    const local = localParameters(server, 256 * 1024 ** 2, GIB);
    for (const name of Object.keys(sharedParameters)) expect(local).not.toHaveProperty(name);
  });
});

describe("databasesSql", () => {
  const sql = databasesSql(server, secretsOf("dc"));

  it("makes role and database only where they are not", () => {
    expect(sql).toContain(
      `select 'create role "pengaduan" login' where not exists (select from pg_roles where rolname = 'pengaduan') \\gexec`,
    );
    expect(sql).toContain(`'create database "pengaduan" owner "pengaduan" template template0 encoding ''UTF8'''`);
    expect(sql).toContain(`'revoke all on database "pengaduan" from public'`);
  });

  it("stops in a server of another region, before anything else is done", () => {
    const check = sql.indexOf(`identity = '${regionIdentity}'::uuid`);
    expect(check).toBeGreaterThan(0);
    expect(check).toBeLessThan(sql.indexOf("create role"));
  });

  it("quotes names and texts as PostgreSQL reads them", () => {
    const odd = { ...server, databases: server.databases.map((d) => ({ ...d, role: `o'dd "role"`, name: `"; drop` })) };
    const secrets = secretsOf("dc");
    const text = databasesSql(odd, {
      ...secrets,
      databaseRoles: {
        'utama/o\'dd "role"': secrets.databaseRoles["utama/pengaduan"],
      } as SiteSecrets["databaseRoles"],
    });
    expect(text).toContain(
      `'create role "o''dd ""role""" login' where not exists (select from pg_roles where rolname = 'o''dd "role"')`,
    );
    expect(text).toContain(`'create database """; drop" owner "o''dd ""role""" template`);
  });

  it("refuses a password in the place of its verifier, without showing it", () => {
    const secrets = {
      ...secretsOf("dc"),
      databaseRoles: { "utama/pengaduan": { password: "x", scramVerifier: "hunter2" } },
    };
    const failed = (() => {
      try {
        return databasesSql(server, secrets);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(failed).toContain('databaseRoles["utama/pengaduan"].scramVerifier: expected SCRAM-SHA-256$');
    expect(failed).not.toContain("hunter2");
  });

  it("names a role without secret", () => {
    expect(() => databasesSql(server, { ...secretsOf("dc"), databaseRoles: {} })).toThrow(
      'secrets of lab-dc: databaseRoles["utama/pengaduan"]: expected a password, received none',
    );
  });

  it("refuses names that PostgreSQL would cut", () => {
    const long = { ...server, databases: server.databases.map((d) => ({ ...d, name: "x".repeat(64) })) };
    expect(() => databasesSql(long, secretsOf("dc"))).toThrow("expected 1 to 63 bytes");
  });
});

describe("guardEnv", () => {
  it("tells the guard who it is and whom to ask", () => {
    expect(guardEnv(model, drc, server, secretsOf("drc")).split("\n")).toEqual([
      "REGION=lab",
      `REGION_IDENTITY=${regionIdentity}`,
      "SITE=drc",
      "DESIGNATION=recovery",
      "WORKLOAD=postgres-utama",
      "SCOPE=lab-postgres-utama",
      "SLOT=site_drc",
      "ETCD_URL=https://etcd.drc.lab.internal:2379",
      "PEER_SITE=dc",
      "PEER_HOST_NAME=postgres-utama.dc.lab.internal",
      "",
    ]);
  });

  it("has no peer in a region of one site", () => {
    expect(guardEnv({ ...model, sites: [dc] }, dc, server, secretsOf("dc"))).toContain("PEER_HOST_NAME=\n");
    expect(peerOf({ ...model, sites: [dc] }, dc, server)).toBeUndefined();
  });

  it("refuses a third site of data", () => {
    const third = { ...drc, id: "third" };
    expect(() => peerOf({ ...model, sites: [...model.sites, third] }, dc, server)).toThrow("received drc, third");
  });

  it("names slots as PostgreSQL allows", () => {
    expect(slotOf({ id: "drc-Barat.2" })).toBe("site_drc_barat_2");
  });
});
