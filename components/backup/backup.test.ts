import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { classesOf } from "../../model/derive/backup-repositories.ts";
import { parseConfig } from "../../services/backup/config.ts";
import { patroniYml } from "../postgres/patroni-yml.ts";
import { model as plain, server, secretsOf as serverSecrets } from "../postgres/testing/fixture.ts";
import { postgresWorkload } from "../postgres/workload.ts";
import { ini } from "./ini.ts";
import { pgbackrestHostConf } from "./pgbackrest-host-conf.ts";
import { repositoryRetention } from "./pgbackrest-retention.ts";
import { pgbackrestServerConf } from "./pgbackrest-server-conf.ts";
import { resticEnv } from "./restic.ts";
import { backup, model, policy, secretsOf, siteOf } from "./testing/fixture.ts";
import { backupWorkload, drillWorkload } from "./workload.ts";

const [dc, drc] = [siteOf("dc"), siteOf("drc")];
const hostConf = (site: "dc" | "drc") => pgbackrestHostConf(model, siteOf(site), backup, secretsOf(site));
const optionOf = (text: string, option: string) => text.match(new RegExp(`^${option}=(.*)$`, "m"))?.[1];
const all = (text: string, option: string) =>
  [...text.matchAll(new RegExp(`^${option}=(.*)$`, "gm"))].map(([, value]) => value);

describe("backupWorkload", () => {
  const workload = backupWorkload(model, drc, secretsOf("drc"));

  it("keeps nothing but a cache, has no capability, and publishes nothing", () => {
    expect(workload).toMatchObject({
      name: "backup",
      kind: "backup",
      image: "backup",
      user: { uid: 2011, gid: 2011 },
      volumes: [{ name: "cache", path: "/var/cache/lumbung", keeps: "cache" }],
      reached: { address: "10.60.2.18", backboneAddress: "10.60.0.218" },
      limits: { memoryBytes: 192 * 1024 ** 2 },
    });
    expect(workload.capabilities).toBeUndefined();
  });

  it("has every secret in a secret file, and none elsewhere", () => {
    expect(workload.files.filter(({ secret }) => secret).map(({ path }) => path)).toEqual([
      "tls/server.key",
      "restic.password",
      "transfer.key",
      "store/pgbackrest.conf",
      "store/secrets.json",
    ]);
    const open = workload.files.filter(({ secret }) => !secret).map(({ content }) => String(content));
    for (const text of [...open, JSON.stringify(workload.environment ?? {})]) expect(text).not.toMatch(/hidden/);
  });

  it("has nothing of the other site's store, keys or repositories, and nothing that prunes (D9)", () => {
    const told = workload.files.map(({ content }) => String(content)).join("\n");
    expect(told).not.toMatch(/hidden dc|objects\.dc\.|backup\.dc\.|prune/);
    expect(told).toContain("hidden drc cadangan/write");
  });

  it("tells who may ask how it is, and which repositories there are", () => {
    const settings = JSON.parse(String(workload.files.find(({ path }) => path === "backup.json")?.content));
    expect(parseConfig(JSON.stringify(settings))).toEqual(settings);
    expect(settings).toMatchObject({
      ...{ role: "host", region: "lab", site: "drc", port: 8443, ops: "ops.drc.lab.internal" },
      monitors: ["ops.dc.lab.internal", "ops.drc.lab.internal"],
      store: { host: "objects.drc.lab.internal", port: 8333, bucket: "cadangan", lockDays: 14 },
      stanzas: [
        {
          name: "utama",
          repositories: [
            { class: "base", number: 1 },
            { class: "monthly", number: 2 },
          ],
          servers: [{ host: "postgres-utama.drc.lab.internal" }, { host: "postgres-utama.dc.lab.internal" }],
        },
      ],
    });
  });

  it("says which secret is missing", () => {
    const secrets = secretsOf("dc");
    expect(() => backupWorkload(model, dc, { ...secrets, backupKeys: {} })).toThrow(
      /backupKeys\.restic: expected a key/,
    );
    const { restic } = secrets.backupKeys;
    const some = { ...secrets, backupKeys: restic ? { restic } : {} };
    expect(() => backupWorkload(model, dc, some)).toThrow(/backupKeys\["postgresql:utama\/base"\]: expected a key/);
    expect(() => backupWorkload(model, dc, { ...secrets, objectIdentities: {} })).toThrow(
      /cadangan\/read"\]: expected a secret/,
    );
  });
});

describe("drillWorkload", () => {
  const workload = drillWorkload(model, drc, secretsOf("drc"));
  const file = (path: string): string => String(workload.files.find((one) => one.path === path)?.content);

  it("has no way to write anything: it reads and prunes", () => {
    const told = workload.files.map(({ content }) => String(content)).join("\n");
    expect(told).not.toMatch(/cadangan\/write|hidden dc|transfer|objects\.dc\./);
    expect(JSON.parse(file("store/secrets.json"))).toEqual({
      first: "cadangan/read",
      secrets: { "cadangan/read": "hidden drc cadangan/read", "cadangan/prune": "hidden drc cadangan/prune" },
    });
  });

  it("is not on the backbone, and restores into its scratch folder alone", () => {
    expect(workload).toMatchObject({
      ...{ name: "drill", kind: "drill", image: "room" },
      volumes: [
        { name: "cache", keeps: "cache" },
        { name: "scratch", path: "/scratch", keeps: "cache" },
      ],
    });
    expect(workload.reached.backboneAddress).toBeUndefined();
    // It gives way to everything else at the site.
    expect(workload.limits.cpuShare).toBeLessThan(0.1);
    const conf = file("store/pgbackrest.conf");
    expect(optionOf(conf, "pg1-path")).toBe("/scratch/data");
    expect(conf).not.toMatch(/pg\d-host|tls-server|retention/);
    expect(optionOf(conf, "repo2-cipher-pass")).toBe("hidden drc postgresql:utama/monthly");
  });
});

describe("pgbackrest.conf of the repository host", () => {
  it("of the recovery site: own repositories, own and other server, own server let in", () => {
    expect(hostConf("drc")).toBe(`[global]
tls-server-address=*
tls-server-port=8432
tls-server-ca-file=/config/current/tls/ca.crt
tls-server-cert-file=/config/current/tls/server.crt
tls-server-key-file=/config/current/tls/server.key
tls-server-auth=postgres-utama.drc.lab.internal=utama
lock-path=/run/backup/lock
spool-path=/run/backup/spool
log-level-file=off
log-level-console=info
log-level-stderr=off
log-timestamp=n
process-max=1
compress-type=zst
compress-level=3
start-fast=y
archive-mode-check=n
archive-timeout=120
db-timeout=600
protocol-timeout=660
resume=y
repo1-type=s3
repo1-path=/pgbackrest/base
repo1-s3-bucket=cadangan
repo1-s3-endpoint=objects.drc.lab.internal
repo1-s3-region=us-east-1
repo1-s3-uri-style=path
repo1-s3-key=<access key of the epoch>
repo1-s3-key-secret=<secret key of the epoch>
repo1-storage-port=8333
repo1-storage-ca-file=/config/current/tls/ca.crt
repo1-bundle=y
repo1-block=y
repo2-type=s3
repo2-path=/pgbackrest/monthly
repo2-s3-bucket=cadangan
repo2-s3-endpoint=objects.drc.lab.internal
repo2-s3-region=us-east-1
repo2-s3-uri-style=path
repo2-s3-key=<access key of the epoch>
repo2-s3-key-secret=<secret key of the epoch>
repo2-storage-port=8333
repo2-storage-ca-file=/config/current/tls/ca.crt
repo2-bundle=y
repo2-block=y

[utama]
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=hidden drc postgresql:utama/base
repo2-cipher-type=aes-256-cbc
repo2-cipher-pass=hidden drc postgresql:utama/monthly
repo1-retention-full-type=count
repo1-retention-full=8
repo1-retention-archive-type=full
repo1-retention-archive=3
repo2-retention-full-type=count
repo2-retention-full=12
repo2-retention-archive-type=full
repo2-retention-archive=1
pg1-host=postgres-utama.drc.lab.internal
pg1-host-type=tls
pg1-host-port=8432
pg1-host-ca-file=/config/current/tls/ca.crt
pg1-host-cert-file=/config/current/tls/server.crt
pg1-host-key-file=/config/current/tls/server.key
pg1-host-config=/config/current/pgbackrest.conf
pg1-path=/var/lib/postgresql/data
pg1-socket-path=/run/postgresql
pg1-user=postgres
pg2-host=postgres-utama.dc.lab.internal
pg2-host-type=tls
pg2-host-port=8432
pg2-host-ca-file=/config/current/tls/ca.crt
pg2-host-cert-file=/config/current/tls/server.crt
pg2-host-key-file=/config/current/tls/server.key
pg2-host-config=/config/current/pgbackrest.conf
pg2-path=/var/lib/postgresql/data
pg2-socket-path=/run/postgresql
pg2-user=postgres
`);
  });

  it("differs between the sites by names and keys only: which is active is not declared (D3)", () => {
    const swap = (text: string) => text.replaceAll(/\bdrc\b|\bdc\b/g, "x");
    expect(swap(hostConf("dc"))).toBe(swap(hostConf("drc")));
  });

  it("uses half the processors, one at least and four at most", () => {
    const withCpus = (cpus: number) => ({ ...dc, capacity: { ...dc.capacity, cpus } });
    const conf = (cpus: number) => pgbackrestHostConf(model, withCpus(cpus), backup, secretsOf("dc"));
    expect([1, 2, 4, 64].map((cpus) => optionOf(conf(cpus), "process-max"))).toEqual(["1", "1", "2", "4"]);
  });

  it("has no repository for a class that no policy keeps", () => {
    const daily = { ...policy, retention: { daily: 7, weekly: 0, monthly: 0, yearly: 0 } };
    const conf = pgbackrestHostConf(model, dc, { ...backup, policies: [daily] }, secretsOf("dc"));
    expect(conf).not.toContain("repo2");
  });

  it("refuses a value that would become another option", () => {
    const secrets = secretsOf("dc");
    const key = { passphrase: "a\nrepo1-cipher-type=none", created: "" };
    const odd = { ...secrets, backupKeys: { ...secrets.backupKeys, "postgresql:utama/base": key } };
    expect(() => pgbackrestHostConf(model, dc, backup, odd)).toThrow(/repo1-cipher-pass: expected one line/);
    expect(() => ini({ a: [["b", ""]] })).toThrow("[a] b");
  });
});

describe("repositoryRetention", () => {
  it("keeps one full backup more than fit into the days, and as many as weeks", () => {
    expect(repositoryRetention(policy, "base")).toEqual({ full: 8, archive: 3 });
    const daily = { ...policy, fullEverySeconds: 86_400 };
    expect(repositoryRetention(daily, "base")).toEqual({ full: 56, archive: 15 });
    const short = { ...policy, retention: { daily: 14, weekly: 0, monthly: 0, yearly: 0 } };
    expect(repositoryRetention(short, "base")).toEqual({ full: 3, archive: 3 });
    expect(repositoryRetention({ ...policy, continuous: false }, "base").archive).toBe(1);
  });

  it("never keeps WAL of a full backup that is gone, and always one full backup", () => {
    for (const daily of [0, 1, 7, 14, 31])
      for (const weekly of [0, 1, 8])
        for (const fullEverySeconds of [3600, 86_400, 604_800, 2_592_000]) {
          const made = { ...policy, fullEverySeconds, retention: { daily, weekly, monthly: 0, yearly: 0 } };
          const { full, archive } = repositoryRetention(made, "base");
          expect(full).toBeGreaterThanOrEqual(1);
          expect(archive).toBeLessThanOrEqual(full);
          // What a day's restore needs is there also just before the next full backup is made.
          expect((full - 1) * fullEverySeconds).toBeGreaterThanOrEqual(daily * 86_400);
        }
  });

  it("has a repository for each class that is kept", () => {
    expect(classesOf({ daily: 0, weekly: 0, monthly: 1, yearly: 1 })).toEqual(["base", "monthly", "yearly"]);
    expect(classesOf({ daily: 7, weekly: 0, monthly: 0, yearly: 5 })).toEqual(["base", "yearly"]);
    expect(
      [12, 5]
        .map((count) => ({ ...policy, retention: { ...policy.retention, monthly: count, yearly: count } }))
        .map((one) => [repositoryRetention(one, "monthly"), repositoryRetention(one, "yearly")]),
    ).toEqual(
      [12, 5].map((full) => [
        { full, archive: 1 },
        { full, archive: 1 },
      ]),
    );
  });
});

describe("pgbackrest.conf beside PostgreSQL", () => {
  const conf = pgbackrestServerConf(model, dc, server) ?? "";

  it("sends WAL to its own site's repositories alone, and lets both sites' hosts read", () => {
    expect([...all(conf, "repo1-host"), ...all(conf, "repo2-host")]).toEqual(Array(2).fill("backup.dc.lab.internal"));
    expect(all(conf, "tls-server-auth")).toEqual(["backup.dc.lab.internal=utama", "backup.drc.lab.internal=utama"]);
    expect(conf).not.toMatch(/s3|cipher|hidden/);
  });

  it("lets WAL go before it fills the disk", () => {
    expect(optionOf(conf, "archive-async")).toBe("y");
    expect(optionOf(conf, "archive-push-queue-max")).toBe(String((20_480 * 1024 ** 2) / 10));
  });

  it("compresses as the repository host does: WAL is compressed where it is made", () => {
    for (const option of [
      "compress-type",
      "compress-level",
      "archive-timeout",
      "db-timeout",
      "protocol-timeout",
      "archive-mode-check",
    ])
      expect(optionOf(conf, option)).toBe(optionOf(hostConf("dc"), option));
  });

  it("is delivered, with settings for PostgreSQL, only where its site has a repository host", () => {
    const workload = postgresWorkload(model, drc, server, secretsOf("drc"));
    const file = workload.files.find(({ path }) => path === "pgbackrest.conf");
    expect(file).toMatchObject({ content: pgbackrestServerConf(model, drc, server) });
    expect(file?.secret).toBeUndefined();
    const settings = parse(patroniYml(model, drc, server, secretsOf("drc")), { version: "1.1" });
    expect(settings.postgresql.parameters).toMatchObject({
      archive_mode: "always",
      archive_command: '/usr/local/lib/lumbung/pgbackrest-archive utama "%p"',
      archive_timeout: "60s",
    });
    const without = postgresWorkload(plain, plain.sites[0] ?? dc, server, serverSecrets("dc"));
    expect(without.files.map(({ path }) => path)).not.toContain("pgbackrest.conf");
    expect(JSON.stringify(without)).not.toContain("archive_mode");
  });

  it("is not delivered for a server without a policy", () => {
    expect(pgbackrestServerConf({ ...model, backup: { ...backup, targets: [] } }, dc, server)).toBeUndefined();
  });
});

describe("restic.env", () => {
  it("names files in the place of secrets", () => {
    const text = resticEnv(drc, backup);
    expect(optionOf(text, "RESTIC_REPOSITORY")).toBe("s3:https://objects.drc.lab.internal:8333/cadangan/restic");
    expect(text).not.toMatch(/^(RESTIC_PASSWORD|AWS_SECRET_ACCESS_KEY|AWS_ACCESS_KEY_ID|RESTIC_PASSWORD_COMMAND)=/m);
  });
});
