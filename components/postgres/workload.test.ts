import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
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

/** The region with a repository host at these sites. */
const backedUp = (...ids: readonly string[]): Model => ({
  ...model,
  sites: model.sites.map((site) => ({
    ...site,
    workloads: [
      ...site.workloads,
      ...(ids.includes(site.id)
        ? [
            {
              name: "backup",
              kind: "backup" as const,
              hostName: `backup.${site.internalDomain}`,
              memoryBytes: 192 * 1024 ** 2,
            },
          ]
        : []),
    ],
  })),
});

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

  it("promotes under the lease alone", () => {
    expect(settings().postgresql.pre_promote).toBe("/usr/local/lib/lumbung/pre-promote");
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

  it("lets the checkpointer into every database of the server by certificate, and changes nothing for others", () => {
    const at = hbaLines(backedUp("dc", "drc"), dc, server);
    expect(at.filter((line) => line.includes(" checkpointer "))).toEqual([
      "hostssl all checkpointer 10.60.1.0/24 cert map=sites",
      "hostssl all checkpointer 10.60.0.0/24 cert map=sites",
    ]);
    expect(at.filter((line) => !line.includes(" checkpointer "))).toEqual(lines);
    // A checkpoint of one site is marked on the primary of the other.
    expect(hbaLines(backedUp("drc"), dc, server)).toEqual(at);
  });

  it("lets nobody in from a network without TLS or proof", () => {
    for (const line of hbaLines(backedUp("dc"), dc, server).filter((one) => !one.startsWith("local "))) {
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

describe("identLines", () => {
  it("maps the certificates of repository hosts to the checkpointer, and to nothing else", () => {
    const lines = identLines(backedUp("dc", "drc"), server);
    const added = lines.filter((line) => !identLines(model, server).includes(line));
    expect(added).toEqual(["sites backup.dc.lab.internal checkpointer", "sites backup.drc.lab.internal checkpointer"]);
    expect(lines).toHaveLength(identLines(model, server).length + added.length);
    expect(identLines(backedUp("drc"), server).filter((line) => line.endsWith(" checkpointer"))).toEqual([
      "sites backup.drc.lab.internal checkpointer",
    ]);
  });
});

describe("parameters", () => {
  it("acknowledge a commit here alone where loss is accepted, and wait where it is not", () => {
    expect(synchronousCommit("async")).toBe("local");
    expect(synchronousCommit("sync")).toBe("on");
    expect(localParameters(server, 256 * 1024 ** 2, GIB).synchronous_commit).toBe("local");
  });

  it("name the other site's standby, as Patroni names it there, and only where loss is not accepted", () => {
    const sync: DatabaseServerModel = { ...server, replication: { mode: "sync", rpoSeconds: 0 } };
    const at = (site: typeof dc, one: DatabaseServerModel) =>
      parse(patroniYml(model, site, one, secretsOf(site === dc ? "dc" : "drc")));
    const names = (site: typeof dc, one: DatabaseServerModel) =>
      at(site, one).postgresql.parameters.synchronous_standby_names;
    expect([names(dc, sync), names(drc, sync)]).toEqual([`"${at(drc, sync).name}"`, `"${at(dc, sync).name}"`]);
    expect(at(dc, sync).postgresql.parameters.synchronous_commit).toBe("on");
    expect([names(dc, server), names(drc, server)]).toEqual([undefined, undefined]);
    expect(localParameters(sync, GIB, GIB, 'a"b')).toMatchObject({ synchronous_standby_names: '"a""b"' });
    // A server of one site has nobody to wait for.
    expect(localParameters(sync, GIB, GIB)).not.toHaveProperty("synchronous_standby_names");
    expect(guardEnv(model, dc, sync, secretsOf("dc"))).toContain("\nMODE=sync\n");
    expect(guardEnv(model, dc, server, secretsOf("dc"))).toContain("\nMODE=async\n");
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
  const sql = databasesSql(model, server, secretsOf("dc"));

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
    const text = databasesSql(model, odd, {
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
        return databasesSql(model, server, secrets);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(failed).toContain('databaseRoles["utama/pengaduan"].scramVerifier: expected SCRAM-SHA-256$');
    expect(failed).not.toContain("hunter2");
  });

  it("has a checkpointer that reads everything, pauses replay and marks the log, and may do nothing else", () => {
    const with_ = databasesSql(backedUp("dc"), server, secretsOf("dc"));
    const added = with_.split("\n").filter((line) => !sql.split("\n").includes(line));
    expect(added).toEqual([
      `select 'create role "checkpointer" login bypassrls' where not exists (select from pg_roles where rolname = 'checkpointer') \\gexec`,
      'grant pg_read_all_data, pg_monitor to "checkpointer";',
      ...[
        "pg_wal_replay_pause()",
        "pg_wal_replay_resume()",
        "pg_get_wal_replay_pause_state()",
        "pg_is_wal_replay_paused()",
        "pg_create_restore_point(text)",
        "pg_switch_wal()",
      ].map((name) => `grant execute on function pg_catalog.${name} to "checkpointer";`),
      'grant connect on database "postgres", "pengaduan" to "checkpointer";',
    ]);
    // Databases are there when it is let into them.
    expect(with_.indexOf('create database "pengaduan"')).toBeLessThan(
      with_.indexOf('grant connect on database "postgres", '),
    );
  });

  it("has the same checkpointer whichever site has the repository host, and none where none has", () => {
    expect(databasesSql(backedUp("drc"), server, secretsOf("dc"))).toBe(
      databasesSql(backedUp("dc", "drc"), server, secretsOf("dc")),
    );
    expect(sql).not.toContain("checkpointer");
  });

  it("names a role without secret", () => {
    expect(() => databasesSql(model, server, { ...secretsOf("dc"), databaseRoles: {} })).toThrow(
      'secrets of lab-dc: databaseRoles["utama/pengaduan"]: expected a password, received none',
    );
  });

  it("refuses names that PostgreSQL would cut", () => {
    const long = { ...server, databases: server.databases.map((d) => ({ ...d, name: "x".repeat(64) })) };
    expect(() => databasesSql(model, long, secretsOf("dc"))).toThrow("expected 1 to 63 bytes");
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
      "HOST_NAME=postgres-utama.drc.lab.internal",
      "SCOPE=lab-postgres-utama",
      "SLOT=site_drc",
      "ETCD_URL=https://etcd.drc.lab.internal:2379",
      "PEER_SITE=dc",
      "PEER_HOST_NAME=postgres-utama.dc.lab.internal",
      "MODE=async",
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

describe("replay-watch (images/postgres)", () => {
  const library = join(import.meta.dirname, "../../images/postgres/usr/local/lib/lumbung");
  const folder = mkdtempSync(join(tmpdir(), "replay-watch-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const program = (name: string, text: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const said = join(folder, "said");
  program("psql", `{ echo "$PGUSER $PGHOST $*"; cat; } >"${said}"`);
  // It pauses at the end of each round: here that ends it.
  program("sleep", 'kill "$PPID"');
  mkdirSync(join(folder, "current"));

  function round(ready: boolean, declared: boolean): string | undefined {
    rmSync(said, { force: true });
    program("pg_isready", ready ? "exit 0" : "exit 2");
    const conf = join(folder, "current/pgbackrest.conf");
    if (declared) writeFileSync(conf, "");
    else rmSync(conf, { force: true });
    const env = { PATH: `${folder}:${process.env.PATH}`, LUMBUNG_CONFIG: folder };
    const { signal } = spawnSync("/bin/sh", [join(library, "replay-watch")], { env, timeout: 10_000 });
    expect(signal).toBe("SIGTERM");
    return existsSync(said) ? readFileSync(said, "utf8") : undefined;
  }

  it("looks in one session, where backups are declared and the server is up, and nowhere else", () => {
    expect(round(true, true)).toMatch(/^postgres \/run\/postgresql [\s\S]*\n\\watch 2\n$/);
    expect(round(false, true)).toBeUndefined();
    expect(round(true, false)).toBeUndefined();
  });

  it("lets go on only what is paused, on a standby, with no young session of the checkpointer, and not at a target", () => {
    const sql = round(true, true) ?? "";
    for (const condition of [
      /case when pg_is_in_recovery\(\) then pg_is_wal_replay_paused\(\) else false end/,
      /not exists \(\s*select from pg_stat_activity\s+where application_name = 'lumbung checkpoint pause' and usename = 'checkpointer'/,
      /backend_start between clock_timestamp\(\) - interval '10 seconds' and/,
      /\(pg_stat_file\(:'conf', true\)\)\.size is not null/,
      /not exists \(\s*select from pg_settings\s+where name in \('recovery_target', .*'recovery_target_xid'\)/,
    ])
      expect(sql).toMatch(condition);
    expect(sql.match(/pg_wal_replay_\w+\(\)/g)).toEqual(["pg_wal_replay_resume()"]);
  });

  it("is started beside the server", () => {
    expect(readFileSync(join(library, "start"), "utf8")).toMatch(/^\/usr\/local\/lib\/lumbung\/replay-watch &$/m);
  });
});
