import { X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { makeRegionSecrets } from "../../custody/secrets.ts";
import type { SiteSecrets } from "../../custody/types.ts";
import type { Model } from "../../model/types.ts";
import { accountsOf, nativeHash } from "./accounts.ts";
import { guardEnv } from "./guard-env.ts";
import { logBytes, memorySettings, myCnf, replicationSettings } from "./my-cnf.ts";
import { issuerOf, placementAt, serverId, sitesOf, subjectOf } from "./names.ts";
import { mariadbModel, server, siteOf } from "./testing/fixture.ts";
import { mariadbWorkload } from "./workload.ts";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const model = mariadbModel("10.60");
const dc = siteOf(model, "dc");
const drc = siteOf(model, "drc");
const backedUp: Model = {
  ...model,
  sites: model.sites.map((site, index) => ({
    ...site,
    workloads: [
      ...site.workloads,
      {
        name: "backup",
        kind: "backup" as const,
        address: `10.60.${index + 1}.18`,
        backboneAddress: `10.60.0.${index * 100 + 18}`,
        hostName: `backup.${site.internalDomain}`,
        memoryBytes: 192 * MIB,
      },
    ],
  })),
};
let secrets: Readonly<Record<string, SiteSecrets>>;
const of = (site: string): SiteSecrets => {
  const found = secrets[site];
  if (!found) throw new Error(`no secrets of ${site}`);
  return found;
};

beforeAll(async () => {
  secrets = (await makeRegionSecrets(model, undefined, new Date("2026-03-01"))).secrets.sites;
});

describe("mariadbWorkload", () => {
  const workload = () => mariadbWorkload(model, dc, server, of("dc"));

  it("keeps data and identity in volumes of their own, and is reached inside the site and on the backbone", () => {
    expect(workload()).toMatchObject({
      name: "mariadb-php",
      image: "mariadb",
      user: { uid: 2009, gid: 2009 },
      volumes: [
        { name: "data", path: "/var/lib/mysql", keeps: "data" },
        { name: "identity", path: "/identity", keeps: "data" },
      ],
      reached: { address: "10.60.1.33", backboneAddress: "10.60.0.33" },
    });
  });

  it("marks what is secret, and has no password, hash or key anywhere else", () => {
    const secret = workload().files.filter((file) => file.secret);
    expect(secret.map(({ path }) => path)).toEqual(["tls/server.key", "accounts.json", "replicator-password"]);
    const open = workload()
      .files.filter((file) => !file.secret)
      .map(({ content }) => String(content));
    for (const { password } of Object.values(of("dc").databaseRoles)) {
      for (const text of open) expect(text).not.toContain(password);
      for (const text of open) expect(text).not.toContain(nativeHash(password));
    }
  });

  it("has the replicator's password in clear in the one file that needs it, and no application's anywhere", () => {
    const having = (role: string) =>
      workload()
        .files.filter(({ content }) => String(content).includes(of("dc").databaseRoles[`php/${role}`]?.password ?? "-"))
        .map(({ path }) => path);
    expect(having("lumbung_replicator")).toEqual(["replicator-password"]);
    expect(having("jdih")).toEqual([]);
  });

  it("names a site without a place for it, and a role without a secret", () => {
    expect(() => mariadbWorkload(model, { ...dc, workloads: [] }, server, of("dc"))).toThrow(
      "site dc: mariadb-php: expected a placement, received none",
    );
    expect(() => mariadbWorkload(model, dc, server, { ...of("dc"), databaseRoles: {} })).toThrow(
      'databaseRoles["php/jdih"]: expected a password, received none',
    );
  });
});

describe("my.cnf", () => {
  it("differs between the sites by the server's number only, and says nothing of which is the primary", () => {
    const [at, other] = [dc, drc].map((site) => myCnf(site, server).replace(/server_id = \d+/, ""));
    expect(at).toBe(other);
    expect([serverId(server, dc), serverId(server, drc)]).toEqual([11, 12]);
    expect([serverId({ number: 0 }, dc), serverId({ number: 0 }, drc)]).toEqual([1, 2]);
    // The agent opens and follows; a file that did would do so before the guard has decided.
    expect(at).not.toMatch(/read_only|skip_slave_start/);
    expect(at).toContain("rpl_semi_sync_master_enabled = OFF");
  });

  it("takes connections of the network over TLS only, and loses nothing that was acknowledged when it crashes", () => {
    const text = myCnf(dc, server);
    for (const line of [
      "require_secure_transport = ON",
      "tls_version = TLSv1.2,TLSv1.3",
      "sync_binlog = 1",
      "innodb_flush_log_at_trx_commit = 1",
      "gtid_strict_mode = ON",
      "binlog_format = ROW",
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });

  it("waits for ever in sync mode, and has what was received on disk before it answers", () => {
    const sync = replicationSettings(dc, { number: 1, replication: { mode: "sync", rpoSeconds: 0 } });
    expect(sync).toMatchObject({
      rpl_semi_sync_master_timeout: "18446744073709551615",
      rpl_semi_sync_master_wait_no_slave: "ON",
      rpl_semi_sync_master_wait_point: "AFTER_SYNC",
      rpl_semi_sync_slave_enabled: "ON",
      sync_relay_log: 1,
    });
    expect(replicationSettings(dc, server)).toMatchObject({ rpl_semi_sync_slave_enabled: "OFF" });
  });

  it("fits its memory and the site's storage", () => {
    expect(memorySettings(512 * MIB)).toMatchObject({ innodb_buffer_pool_size: "170M", max_connections: 102 });
    expect(memorySettings(64 * MIB)).toMatchObject({ innodb_buffer_pool_size: "32M", max_connections: 40 });
    expect([GIB, 100 * GIB, 10_000 * GIB].map(logBytes)).toEqual([GIB, 10 * GIB, 64 * GIB]);
  });
});

describe("accounts", () => {
  it("are the same whichever site declares them", () => {
    expect(accountsOf(model, drc, server, of("drc"))).toEqual(accountsOf(model, dc, server, of("dc")));
  });

  it("own their database and no other, however it is called", () => {
    const accounts = accountsOf(model, dc, server, of("dc"));
    expect(accounts.databases).toEqual(["jdih", "buku_tamu"]);
    expect(accounts.accounts.filter(({ host }) => host === "%").map(({ user, grants }) => [user, ...grants])).toEqual([
      ["jdih", ["ALL PRIVILEGES", "`jdih`.*"]],
      ["buku_tamu", ["ALL PRIVILEGES", "`buku\\_tamu`.*"]],
    ]);
  });

  it("of the server itself come from one address with one certificate, of the site's own authority", () => {
    const internal = accountsOf(model, dc, server, of("dc")).accounts.filter(({ host }) => host !== "%");
    expect(internal.map(({ user, host, subject, issuer }) => [user, host, subject, issuer].join(" "))).toEqual([
      "lumbung_replicator 10.60.0.33 /CN=mariadb-php.dc.lab.internal /CN=Lumbung lab dc",
      "lumbung_replicator 10.60.0.133 /CN=mariadb-php.drc.lab.internal /CN=Lumbung lab drc",
      "lumbung_ops 10.60.1.14 /CN=ops.dc.lab.internal /CN=Lumbung lab dc",
      "lumbung_ops 10.60.0.14 /CN=ops.dc.lab.internal /CN=Lumbung lab dc",
      "lumbung_ops 10.60.2.14 /CN=ops.drc.lab.internal /CN=Lumbung lab drc",
      "lumbung_ops 10.60.0.114 /CN=ops.drc.lab.internal /CN=Lumbung lab drc",
    ]);
  });

  it("have one of each site's repository host, from its address in the site alone, with its certificate", () => {
    const found = accountsOf(backedUp, siteOf(backedUp, "drc"), server, of("drc"));
    expect(found).toEqual(accountsOf(backedUp, siteOf(backedUp, "dc"), server, of("dc")));
    const checkpointers = found.accounts.filter(({ user }) => user === "checkpointer");
    expect(checkpointers.map(({ host, subject, issuer }) => [host, subject, issuer])).toEqual([
      ["10.60.1.18", "/CN=backup.dc.lab.internal", "/CN=Lumbung lab dc"],
      ["10.60.2.18", "/CN=backup.drc.lab.internal", "/CN=Lumbung lab drc"],
    ]);
    const others = found.accounts.filter(({ user }) => user !== "checkpointer");
    expect(others).toEqual(accountsOf(model, dc, server, of("dc")).accounts);
  });

  it("let the repository host read declared databases, see where the log is, and nothing else", () => {
    const [, checkpointer] = accountsOf(backedUp, siteOf(backedUp, "dc"), server, of("dc")).accounts.filter(
      ({ user }) => user === "checkpointer",
    );
    expect(checkpointer?.grants).toEqual([
      ["BINLOG MONITOR", "*.*"],
      ["SELECT", "`mysql`.`gtid_slave_pos`"],
      ["SELECT", "`lumbung`.*"],
      ["SELECT", "`jdih`.*"],
      ["SELECT", "`buku\\_tamu`.*"],
    ]);
  });

  it("have none of a repository host where there is none, and drop the one that was", () => {
    const found = accountsOf(model, dc, server, of("dc"));
    expect(found.accounts.map(({ user }) => user)).not.toContain("checkpointer");
    expect(found.internal).toContain("checkpointer");
    const one = { ...model, sites: model.sites.map((site) => (site.id === "dc" ? siteOf(backedUp, "dc") : site)) };
    const hosts = accountsOf(one, drc, server, of("drc")).accounts.filter(({ user }) => user === "checkpointer");
    expect(hosts.map(({ host }) => host)).toEqual(["10.60.1.18"]);
  });

  it("demand the names that custody in fact gives", () => {
    for (const site of [dc, drc]) {
      const certificate = new X509Certificate(of(site.id).certificates["mariadb-php"]?.chain ?? "");
      expect(`/${certificate.subject}`).toBe(subjectOf(placementAt(site, server)));
      expect(`/${certificate.issuer}`).toBe(issuerOf(model, site));
    }
  });

  it("have the hash that MariaDB makes of a password", () => {
    expect(nativeHash("password")).toBe("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
  });

  it("refuse a name that would have to be quoted", () => {
    const odd = { ...server, databases: server.databases.map((one) => ({ ...one, name: "`; drop" })) };
    expect(() => accountsOf(model, dc, odd, of("dc"))).toThrow('received "`; drop"');
  });
});

describe("guard.env", () => {
  it("tells the agent who it is, whom to follow and what is promised", () => {
    expect(guardEnv(model, drc, server, of("drc")).split("\n")).toEqual([
      "REGION=lab",
      `REGION_IDENTITY=${of("drc").regionIdentity}`,
      "SITE=drc",
      "DESIGNATION=recovery",
      "WORKLOAD=mariadb-php",
      "PEER_SITE=dc",
      "PEER_HOST_NAME=mariadb-php.dc.lab.internal",
      "BACKUP_HOST_NAME=",
      "REPLICATOR=lumbung_replicator",
      "MODE=async",
      "RPO_SECONDS=60",
      "",
    ]);
  });

  it("names the own site's repository host, which is let in to copies", () => {
    expect(guardEnv(backedUp, siteOf(backedUp, "drc"), server, of("drc"))).toContain(
      "\nBACKUP_HOST_NAME=backup.drc.lab.internal\n",
    );
  });

  it("knows a region of one site, and no third site of data", () => {
    expect(guardEnv({ ...model, sites: [dc] }, dc, server, of("dc"))).toContain("PEER_HOST_NAME=\n");
    expect(() => sitesOf({ ...model, sites: [...model.sites, { ...drc, id: "third" }] }, dc, server)).toThrow(
      "received drc, third",
    );
  });
});
