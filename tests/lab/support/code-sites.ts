/** Two sites of nothing but the code repository, each with a stand-in for its gateway that says what the site is. For images-code.test.ts. */
import { execFileSync, spawnSync } from "node:child_process";
import { codeModel } from "../../../components/code/testing/fixture.ts";
import { codeWorkload } from "../../../components/code/workload.ts";
import { siteAt } from "../../../components/dns/test/fixture.ts";
import type { WorkloadFile } from "../../../components/workload.ts";
import { makeRegionSecrets } from "../../../custody/secrets.ts";
import type { IssuedCertificate, RegionSecrets, SiteSecrets } from "../../../custody/types.ts";
import { ensureImages } from "../../../io/images.ts";
import { type TarEntry, tarOf } from "../../../io/images-tar.ts";
import type { Model } from "../../../model/types.ts";

const prefix = `${process.env.LUMBUNG_TEST_PREFIX ?? "lumbung-test"}-code`;
const SUBNET = "10.202.46.0/24";
const USER = "2008:2008";
export type SiteName = "dc" | "drc";
export type Role = "active" | "standby" | "closing" | "silent";
export const sites = ["dc", "drc"] as const;

export interface Said {
  readonly code: number | null;
  readonly said: string;
}

export interface CodeSites {
  /** Runs a script at the client's, who has git, ssh and the gateways' certificates below /certificates/<site>. */
  client(script: string): Said;
  /** Runs a script inside a site's container, as its user. */
  inside(site: SiteName, script: string): Said;
  /** Puts another model in force: one switch of each site's configuration. */
  configure(model: Model, at?: readonly SiteName[]): void;
  /** Renews secrets by name, and puts them in force. */
  renew(what: (name: string) => boolean): Promise<void>;
  /** What the site's gateway says from now on. */
  become(site: SiteName, role: Role): void;
  secrets(site: SiteName): SiteSecrets;
  restart(site: SiteName): void;
  /** Empties the site's data volume while its container is stopped. */
  empty(site: SiteName): void;
  /** Exit code of the site's container; undefined while it runs. */
  ended(site: SiteName): number | undefined;
  remove(): void;
}

const docker = (words: readonly string[], input?: Uint8Array): string =>
  execFileSync("docker", words, { encoding: "utf8", ...(input ? { input } : {}), stdio: ["pipe", "pipe", "pipe"] });
const shell = (container: string, script: string): Said => {
  const run = spawnSync("docker", ["exec", container, "bash", "-c", script], { encoding: "utf8", timeout: 120_000 });
  return { code: run.status, said: `${run.stdout}${run.stderr}` };
};

const confined = ["--init", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", USER];
const tmpfs = (path: string, mib: number, more = ""): string[] => [
  "--tmpfs",
  `${path}:rw,nosuid,nodev,size=${mib}m,uid=2008,gid=2008,mode=0700${more}`,
];

export interface CodeSitesOptions {
  /** Room for the data of a site, MiB, where it is to be little. */
  readonly dataMiB?: Partial<Record<SiteName, number>>;
}

export async function startCodeSites(first: Model = codeModel(), options: CodeSitesOptions = {}): Promise<CodeSites> {
  const { code: image } = await ensureImages(["code"], {
    progress: ({ text }) => process.stderr.write(`${text.en}\n`),
  });
  if (!image) throw new Error("no image");
  let model = first;
  let held: RegionSecrets = (await makeRegionSecrets(model, undefined, new Date())).secrets;
  let generation = 0;
  const secrets = (site: SiteName): SiteSecrets => {
    const found = held.sites[site];
    if (!found) throw new Error(`no secrets of ${site}`);
    return found;
  };
  const name = (what: string): string => `${prefix}-${what}`;
  const remove = () => {
    const all = ["dc", "drc", "dc-gateway", "drc-gateway", "client"];
    spawnSync("docker", ["rm", "-f", ...all.map(name)]);
    const volumes = all.flatMap((one) => [`${one}-config`, `${one}-data`, `${one}-identity`]);
    spawnSync("docker", ["volume", "rm", "-f", ...volumes.map(name)]);
    spawnSync("docker", ["network", "rm", name("net")]);
  };
  /** Writes a generation of files into a volume and switches the link to it, as the site's carrier does. */
  const deliver = (volume: string, files: readonly WorkloadFile[]) => {
    generation += 1;
    const entries: TarEntry[] = files.map(({ path, content, secret }) => ({
      path,
      mode: secret ? 0o600 : 0o644,
      content: typeof content === "string" ? Buffer.from(content) : content,
    }));
    const folder = `gen-${generation}`;
    const script = `set -e; umask 022; mkdir /config/${folder}; tar -xpf - -C /config/${folder}; chown -R ${USER} /config/${folder}; ln -s ${folder} /config/new; mv -T /config/new /config/current`;
    docker(
      ["run", "--rm", "-i", "--user", "0", "-v", `${volume}:/config`, "--entrypoint", "sh", image, "-c", script],
      tarOf(entries),
    );
  };
  const put = (at: readonly SiteName[]) => {
    for (const site of at)
      deliver(name(`${site}-config`), codeWorkload(model, siteAt(site, model), secrets(site)).files);
  };
  const run = (what: string, hostName: string, volumes: readonly string[], rest: readonly string[]) =>
    docker([
      ...["run", "-d", "--name", name(what), "--network", name("net"), "--network-alias", hostName, "--memory", "192m"],
      ...[...confined, ...tmpfs("/run", 16), ...(what === "client" ? tmpfs("/tmp", 128, ",exec") : tmpfs("/tmp", 16))],
      ...volumes.flatMap((volume) => ["-v", volume]),
      ...rest,
    ]);

  remove();
  docker(["network", "create", "--internal", "--subnet", SUBNET, name("net")]);
  for (const site of sites) {
    const gateway = secrets(site).certificates.gateway;
    if (!gateway) throw new Error("no certificate of the gateway");
    deliver(name(`${site}-gateway-config`), gatewayFiles(secrets(site), gateway));
    run(
      `${site}-gateway`,
      `gateway.${site}.uji.internal`,
      [`${name(`${site}-gateway-config`)}:/config:ro`],
      ["--entrypoint", "nginx", ...[image, "-e", "stderr", "-c", "/config/current/nginx.conf", "-g", "daemon off;"]],
    );
  }
  put(sites);
  for (const site of sites) {
    const size = options.dataMiB?.[site];
    const small = [
      "--opt",
      "type=tmpfs",
      "--opt",
      "device=tmpfs",
      "--opt",
      `o=size=${size}m,uid=2008,gid=2008,mode=0700`,
    ];
    docker(["volume", "create", ...(size ? small : []), name(`${site}-data`)]);
    const volumes = [`${name(`${site}-config`)}:/config:ro`, `${name(`${site}-data`)}:/var/lib/code`];
    run(site, `code.${site}.uji.internal`, [...volumes, `${name(`${site}-identity`)}:/identity`], [image]);
  }
  deliver(name("client-config"), [
    ...sites.flatMap((site) => {
      const { certificates } = secrets(site);
      return ["gateway", "ops", "web", "code"].flatMap((who) => pair(`${site}/${who}`, certificates[who]));
    }),
    { path: "ca.crt", content: secrets("dc").authority.root },
  ]);
  run(
    "client",
    "client",
    [`${name("client-config")}:/certificates:ro`],
    ["--env", "HOME=/tmp", "--entrypoint", "sleep", image, "86400"],
  );

  const inside = (site: SiteName, script: string) => shell(name(site), script);
  return {
    client: (script) => shell(name("client"), script),
    inside,
    configure: (next, at = sites) => {
      model = next;
      put(at);
    },
    renew: async (what) => {
      held = (await makeRegionSecrets(model, held, new Date(), { renew: what })).secrets;
      put(sites);
    },
    become: (site, role) => {
      const told = shell(name(`${site}-gateway`), `printf %s ${role} >/tmp/role.new && mv /tmp/role.new /tmp/role`);
      if (told.code !== 0) throw new Error(told.said);
    },
    secrets,
    restart: (site) => docker(["restart", name(site)]),
    empty: (site) => {
      docker(["stop", name(site)]);
      const data = [...confined, "--volumes-from", name(site), "--entrypoint", "find"];
      docker(["run", "--rm", ...data, image, "/var/lib/code", "-mindepth", "1", "-delete"]);
      docker(["start", name(site)]);
    },
    ended: (site) => {
      const [running, code] = docker(["inspect", "--format", "{{.State.Running}} {{.State.ExitCode}}", name(site)])
        .trim()
        .split(" ");
      return running === "true" ? undefined : Number(code);
    },
    remove,
  };
}

function pair(path: string, issued: IssuedCertificate | undefined): WorkloadFile[] {
  if (!issued) throw new Error(`no certificate for ${path}`);
  return [
    { path: `${path}.crt`, content: issued.chain },
    { path: `${path}.key`, content: issued.key, secret: true },
  ];
}

/** nginx that answers `GET :8404/health` and `/role` with what is in /tmp/role, as the site's HAProxy does; nothing there: no answer. */
function gatewayFiles(secrets: SiteSecrets, { chain, key }: IssuedCertificate): WorkloadFile[] {
  const conf = `pid /run/nginx.pid;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e;
    server {
        listen 8404 ssl;
        ssl_certificate /config/current/server.crt;
        ssl_certificate_key /config/current/server.key;
        ssl_client_certificate /config/current/ca.crt;
        ssl_verify_client on;
        ssl_verify_depth 2;
        location = /health { default_type text/plain; alias /tmp/role; }
        location = /role { default_type text/plain; alias /tmp/role; }
    }
}
`;
  return [
    { path: "nginx.conf", content: conf },
    { path: "ca.crt", content: secrets.authority.root },
    { path: "server.crt", content: chain },
    { path: "server.key", content: key, secret: true },
  ];
}
