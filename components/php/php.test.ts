import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { SiteSecrets } from "../../custody/types.ts";
import type { ApplicationModel, Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import { fixtureModel } from "../../web/fixture.ts";
import { nginxConf, type PhpNginxConfig } from "./nginx-conf.ts";
import { children, phpFpmConf } from "./php-fpm-conf.ts";
import { readersOf, uploadsGiveConf } from "./uploads.ts";
import { phpWorkload } from "./workload.ts";

const MIB = 2 ** 20;

function siteOf(id: "dc" | "drc", net: number, designation: SiteModel["designation"]): SiteModel {
  const placed = (name: string, kind: WorkloadPlacement["kind"], last: number): WorkloadPlacement => ({
    name,
    kind,
    address: `10.${net}.0.${last}`,
    hostName: `${name}.${id}.lab.internal`,
    memoryBytes: 256 * MIB,
  });
  return {
    id,
    stack: `lab-${id}`,
    name: id,
    designation,
    place: { city: "Lumbung", latitude: -3, longitude: 103 },
    hazards: { riverBasin: "a", powerGrid: "b", uplink: "c", seismicZone: "d" },
    runtime: { kind: "docker" },
    capacity: { cpus: 2, memoryBytes: 2048 * MIB, storageBytes: 2 ** 34 },
    publicAddress: "127.0.10.1",
    network: { name: `lab-${id}`, subnet: `10.${net}.0.0/24`, gateway: `10.${net}.0.1` },
    internalDomain: `${id}.lab.internal`,
    nameServer: "ns1.lumbungkab.go.id",
    custodians: [],
    workloads: [placed("gateway", "gateway", 10), placed("ops", "ops", 14), placed("app-ppid", "application", 70)],
  };
}

const dc = siteOf("dc", 91, "primary");
const drc = siteOf("drc", 92, "recovery");

const backupAt = (site: SiteModel): WorkloadPlacement => ({
  name: "backup",
  kind: "backup",
  address: "10.91.0.18",
  hostName: `backup.${site.internalDomain}`,
  memoryBytes: 192 * MIB,
});

const application: ApplicationModel = {
  id: "ppid",
  number: 6,
  name: "PPID",
  owner: "kominfo",
  status: "running",
  hostedBy: "region",
  class: "general",
  run: {
    workload: "app-ppid",
    image: "wordpress",
    runtime: "php",
    database: "ppid",
    cpus: 0.5,
    memoryBytes: 256 * MIB,
    uploads: { rpoSeconds: 300, quotaBytes: 1024 * MIB },
    revision: "v1.2",
  },
  hosts: ["ppid.lumbungkab.go.id"],
};

const server = (id: string, number: number, database: string): Model["databaseServers"][number] => ({
  id,
  number,
  engine: "mariadb",
  version: "11.8",
  replication: { mode: "async", rpoSeconds: 60 },
  rtoSeconds: 900,
  workload: `mariadb-${id}`,
  serviceName: `mariadb-${id}.lab.internal`,
  running: true,
  databases: [
    {
      id: database,
      server: id,
      owner: "kominfo",
      role: database,
      name: database,
      group: "layanan",
      classification: "public",
    },
  ],
});

const model: Model = {
  ...fixtureModel(),
  sites: [dc, drc],
  databaseServers: [server("lain", 1, "lain"), server("php", 4, "ppid")],
};

const issued = { chain: "CHAIN", key: "KEY-OF-TLS", notAfter: "2027-01-01T00:00:00Z", names: [] };
const secrets = {
  version: 1,
  region: "lab",
  site: "dc",
  regionIdentity: "00000000-0000-4000-8000-000000000000",
  authority: { root: "ROOT", intermediate: { certificate: "SITE", key: "SITE-KEY" } },
  certificates: { "app-ppid": issued },
  publicCertificate: issued,
  operator: issued,
  tsig: {
    transfer: { name: "t", algorithm: "hmac-sha256", secret: "" },
    update: { name: "u", algorithm: "hmac-sha256", secret: "" },
  },
  dnssec: {},
  databaseRoles: { "php/ppid": { password: "sandi-basis-data", scramVerifier: "V" } },
  applicationSecrets: {
    ppid: { secret: "rahasia-aplikasi", adminPassword: "sandi-admin", created: "2026-01-01T00:00:00Z" },
  },
  objectIdentities: {},
  objectReaders: {},
  backupKeys: {},
  codeTokens: {},
  evidenceKeys: [],
} satisfies SiteSecrets;

const workload = phpWorkload(model, dc, application, secrets);
const file = (path: string, of = workload) => String(of.files.find((each) => each.path === path)?.content);

describe("phpWorkload", () => {
  it("runs the application's image as the user of all PHP applications, on its address, within its limits", () => {
    expect(workload).toMatchObject({
      name: "app-ppid",
      kind: "application",
      image: "wordpress",
      user: { uid: 2010, gid: 2010 },
      environment: { LUMBUNG_GATEWAY: "gateway.dc.lab.internal" },
      reached: { address: "10.91.0.70" },
      limits: { memoryBytes: 256 * MIB, cpus: 0.5 },
    });
    expect(workload.capabilities).toBeUndefined();
    expect(workload.reached.published).toBeUndefined();
  });

  it("keeps secrets in secret files and nowhere else", () => {
    const secret = workload.files.filter((each) => each.secret).map((each) => each.path);
    expect(secret.sort()).toEqual([
      "secrets/admin-password",
      "secrets/application",
      "secrets/database-password",
      "tls/server.key",
    ]);
    const open = workload.files.filter((each) => !each.secret).map((each) => String(each.content));
    expect([...open, JSON.stringify(workload.environment)].join()).not.toMatch(/sandi|rahasia|KEY-OF-TLS/);
  });

  it("tells PHP its database by the region-wide name and the port that the gateway has for that server", () => {
    expect(JSON.parse(file("app.json"))).toEqual({
      application: "ppid",
      title: "PPID",
      government: model.region.government,
      domain: model.region.domain,
      timezone: model.region.timezone,
      url: "https://ppid.lumbungkab.go.id",
      revision: "v1.2",
      database: { engine: "mariadb", host: "mariadb-php.lab.internal", port: 3307, name: "ppid", user: "ppid" },
      uploads: { quotaBytes: 1024 * MIB },
    });
  });

  it("keeps uploads in a volume that outlives it, and gives them only to itself at the other site", () => {
    expect(workload.volumes).toEqual([
      { name: "uploads", path: "/var/lib/uploads", keeps: "data" },
      { name: "identity", path: "/identity", keeps: "data" },
    ]);
    expect(file("uploads.env")).toBe(
      `PEER_HOST=app-ppid.drc.lab.internal\nBACKUP_HOST=\nRPO_SECONDS=300\nQUOTA_BYTES=${1024 * MIB}\n`,
    );
    expect(file("uploads-give.conf")).toMatch(
      /requireCert = yes\nverifyChain = yes\ncheckHost = app-ppid\.drc\.lab\.internal\nsslVersionMin/,
    );
    expect(file("keep.env")).toContain("PEER_SITE=drc\n");
  });

  it("gives uploads to nobody where there is one site", () => {
    const alone = phpWorkload({ ...model, sites: [dc] }, dc, application, secrets);
    expect(file("uploads.env", alone)).toContain("PEER_HOST=\n");
    expect(alone.files.map(({ path }) => path)).not.toContain("uploads-give.conf");
  });

  const hosts = (text: string) => [...text.matchAll(/^checkHost = (.*)$/gm)].map(([, name]) => name);
  const withBackup = (site: SiteModel): SiteModel => ({ ...site, workloads: [...site.workloads, backupAt(site)] });
  const [dcWith, drcWith] = [withBackup(dc), withBackup(drc)];

  it("gives uploads to its own site's repository host besides, and to no other site's", () => {
    const at = phpWorkload({ ...model, sites: [dcWith, drcWith] }, dcWith, application, secrets);
    expect(hosts(file("uploads-give.conf", at))).toEqual(["app-ppid.drc.lab.internal", "backup.dc.lab.internal"]);
    expect(file("uploads.env", at)).toMatch(/^BACKUP_HOST=backup\.dc\.lab\.internal$/m);
    const elsewhere = phpWorkload({ ...model, sites: [dc, drcWith] }, dc, application, secrets);
    expect(hosts(file("uploads-give.conf", elsewhere))).toEqual(["app-ppid.drc.lab.internal"]);
    expect(file("uploads.env", elsewhere)).toMatch(/^BACKUP_HOST=$/m);
  });

  it("gives uploads to the repository host also where there is no other site", () => {
    const alone = phpWorkload({ ...model, sites: [dcWith] }, dcWith, application, secrets);
    expect(hosts(file("uploads-give.conf", alone))).toEqual(["backup.dc.lab.internal"]);
    expect(file("uploads.env", alone)).toMatch(/^PEER_HOST=$/m);
  });

  it("never has stunnel listen without a name, and no name can break a line", () => {
    expect(uploadsGiveConf({})).toBeUndefined();
    expect(() => uploadsGiveConf({ backup: "a\nexec = /bin/sh" })).toThrow(TypeError);
    const odd = { ...dc, workloads: [{ ...backupAt(dc), hostName: "a\nPEER_HOST=b" }] };
    expect(() => readersOf(model, odd, application)).toThrow(TypeError);
  });

  it("keeps nothing, and takes no files, where no uploads are declared", () => {
    const { uploads: _uploads, ...run } = application.run ?? ({} as never);
    const without = phpWorkload(model, dc, { ...application, run }, secrets);
    expect(without.volumes).toEqual([]);
    expect(without.files.map(({ path }) => path)).not.toContain("keep.env");
    expect(file("php-fpm.conf", without)).toContain("php_admin_flag[file_uploads] = off");
  });

  it("is the same each time", () => {
    expect(phpWorkload(model, dc, application, secrets)).toEqual(workload);
  });

  const { run: _run, ...planned } = application;
  it.each([
    ["an application that does not run here", () => phpWorkload(model, dc, planned, secrets), /applications\.ppid/],
    [
      "no database",
      () => phpWorkload({ ...model, databaseServers: [] }, dc, application, secrets),
      /\.database: expected a declared database, received ppid/,
    ],
    [
      "a database that others run",
      () =>
        phpWorkload(
          {
            ...model,
            databaseServers: model.databaseServers.map((each) => ({ ...each, engine: "external" as const })),
          },
          dc,
          application,
          secrets,
        ),
      /received external \(php\)/,
    ],
    [
      "no host",
      () => phpWorkload(model, dc, { ...application, hosts: [] }, secrets),
      /expected a host name.*Hint: zones\.yaml/,
    ],
    [
      "no password",
      () => phpWorkload(model, dc, application, { ...secrets, databaseRoles: {} }),
      /databaseRoles\["php\/ppid"\].*Hint/,
    ],
    [
      "no secret of its own",
      () => phpWorkload(model, dc, application, { ...secrets, applicationSecrets: {} }),
      /applicationSecrets\["ppid"\].*Hint/,
    ],
    [
      "no certificate",
      () => phpWorkload(model, dc, application, { ...secrets, certificates: {} }),
      /certificates.*Hint/,
    ],
    ["no place", () => phpWorkload(model, { ...dc, workloads: [] }, application, secrets), /no place for app-ppid/],
    [
      "no gateway",
      () => phpWorkload(model, { ...dc, workloads: dc.workloads.slice(1) }, application, secrets),
      /no gateway/,
    ],
  ])("refuses %s, and says where", (_name, make, expected) => {
    expect(make).toThrow(expected);
  });
});

describe("uploads-give", () => {
  const folder = mkdtempSync(join(tmpdir(), "uploads-give-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const program = (name: string, text: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  program("lumbung-role", '[ "$1" = copies ] && [ -n "$ROLE" ] && echo "$ROLE" || exit 1');
  program("rsync", 'echo "rsync $*"');
  mkdirSync(join(folder, "current"));

  /** What it does for a caller: `rsync` with its words, or empty where it refuses. */
  function given(role: string, subject: string, backup = "backup.dc.lab.internal"): string {
    writeFileSync(join(folder, "current/uploads.env"), `PEER_HOST=app-ppid.drc.lab.internal\nBACKUP_HOST=${backup}\n`);
    const script = join(import.meta.dirname, "../../images/php/usr/local/lib/lumbung/uploads-give");
    const env = { PATH: `${folder}:${process.env.PATH}`, ROLE: role, LUMBUNG_CONFIG: folder, SSL_CLIENT_DN: subject };
    const { status, stdout } = spawnSync("/bin/sh", [script], { env, encoding: "utf8" });
    expect(status === 0).toBe(stdout !== "");
    return stdout.trim();
  }
  const own = "rsync --daemon --config=/etc/lumbung/rsyncd.conf";
  const [peer, backup] = ["CN=app-ppid.drc.lab.internal", "CN=backup.dc.lab.internal"];

  it("serves the other site only while this one is active, or closing", () => {
    const roles = ["active", "closing", "standby", "", "unknown"];
    expect(roles.map((role) => given(role, peer))).toEqual([own, own, "", "", ""]);
  });

  it("serves the repository host whatever this site is, with places of its own", () => {
    for (const role of ["active", "standby", ""])
      expect(given(role, backup)).toBe(`${own} --dparam=lock file=/run/lumbung/rsyncd-backup.lock`);
  });

  it("takes nobody else for the repository host", () => {
    for (const subject of [
      "",
      "CN=",
      `${backup}.evil`,
      `${backup}, O=x`,
      `O=x, ${backup}`,
      "CN=backup.drc.lab.internal",
    ])
      expect(given("standby", subject), subject).toBe("");
    expect(given("standby", "CN=", "")).toBe("");
    expect(given("standby", "", "")).toBe("");
  });
});

describe("nginx.conf", () => {
  const config: PhpNginxConfig = {
    hosts: ["ppid.lumbungkab.go.id"],
    hostName: "app-ppid.dc.lab.internal",
    gateway: "gateway.dc.lab.internal",
    gatewayAddress: "10.91.0.10",
    monitors: ["ops.dc.lab.internal"],
    ipv6: false,
  };
  const text = nginxConf(config);

  it("lets in certificates of the region alone, and by name: the gateway to everything, ops to /health", () => {
    expect(text).toContain("ssl_verify_client on;");
    expect(text).toContain('"~(^|,)CN=gateway\\.dc\\.lab\\.internal(,|$)" gateway;');
    expect(text).toContain('"~(^|,)CN=ops\\.dc\\.lab\\.internal(,|$)" monitor;');
    expect(text).toMatch(/map "\$caller \$asked \$uri" \$answer \{\s+default 403;/);
    expect(text).toContain('"~^(gateway|monitor) self /health$" health;');
  });

  it("takes the client's address from the gateway alone", () => {
    expect(text).toContain("set_real_ip_from 10.91.0.10;");
    expect(text.match(/set_real_ip_from/g)).toHaveLength(1);
  });

  it("has the core rules before everything that the application answers", () => {
    expect(text.indexOf("modsecurity on;")).toBeLessThan(text.indexOf("include /etc/lumbung/app/nginx.conf;"));
    expect(text).not.toContain("modsecurity off");
  });

  it("shows a number that only the gateway can have written", () => {
    expect(text).toContain('"~^(?<number>[0-9a-f-]{36})$" $number;');
  });

  it.each([
    ["host", { hosts: ['x"; }'] }],
    ["own name", { hostName: "a b" }],
    ["gateway", { gateway: "g;" }],
    ["gateway's address", { gatewayAddress: "" }],
    ["monitor", { monitors: ["$host"] }],
  ])("refuses a %s that is none", (_name, wrong) => {
    expect(() => nginxConf({ ...config, ...wrong })).toThrow(TypeError);
  });

  it("listens on IPv6 where the site has it", () => {
    expect(nginxConf({ ...config, ipv6: true })).toContain("listen [::]:8443 ssl");
  });
});

describe("php-fpm.conf", () => {
  it("starts as many processes as the memory holds, and two at least", () => {
    expect([128, 256, 512].map((mebibytes) => children(mebibytes * MIB))).toEqual([2, 4, 11]);
  });

  it("runs what ends in .php, after the guard, and starts no program", () => {
    const text = phpFpmConf({ memoryBytes: 256 * MIB, uploads: true, timezone: "Asia/Jakarta" });
    expect(text).toContain("security.limit_extensions = .php\n");
    expect(text).toContain("auto_prepend_file] = /usr/local/share/lumbung/guard.php\n");
    for (const name of ["exec", "passthru", "shell_exec", "system", "proc_open", "popen"])
      expect(text).toMatch(new RegExp(`disable_functions\\] = .*\\b${name}\\b`));
    expect(text).toContain("include = /etc/lumbung/app/php.conf\n");
  });
});

describe("the pages", () => {
  it("say in both languages what happened and whom to ask, with the request's number", () => {
    const page = file("refused.html");
    expect(page).toContain('Nomor permintaan: <!--# echo var="request_shown" default="-" -->');
    expect(page).toContain('Request number: <!--# echo var="request_shown" default="-" -->');
    expect(page).toMatch(/hubungi Diskominfo[\s\S]*ask the Diskominfo/);
    expect(file("too-large.html")).toContain("10 MB");
  });
});
