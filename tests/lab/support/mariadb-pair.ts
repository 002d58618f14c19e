/** Two MariaDB workloads as a site would run them, on a Docker network of their own: for trials that break things. */
import { spawn, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mariadbModel, siteOf } from "../../../components/mariadb/testing/fixture.ts";
import { mariadbWorkload } from "../../../components/mariadb/workload.ts";
import type { Workload } from "../../../components/workload.ts";
import { makeRegionSecrets } from "../../../custody/secrets.ts";
import type { RegionSecrets, SiteSecrets } from "../../../custody/types.ts";
import type { DatabaseServerModel, Model } from "../../../model/types.ts";
import { eventually } from "./eventually.ts";

export interface Said {
  readonly code: number | null;
  readonly out: string;
}

export type SiteId = "dc" | "drc";

const NETWORK = "10.203";
const WORKLOAD = "mariadb-php";
const CONFINED = ["--init", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
const SCRATCH = ["/run", "/tmp"].flatMap((path) => [
  "--tmpfs",
  `${path}:rw,nosuid,nodev,size=16m,uid=2009,gid=2009,mode=0700`,
]);

/** Words of a SQL client that shows rows alone. */
const CLIENT = ["mariadb", "--batch", "--skip-column-names"];

export class MariadbPair {
  readonly prefix: string;
  readonly model: Model;
  readonly image: string;
  secrets: RegionSecrets = { sites: {} };
  #generation = 0;

  constructor(prefix: string, image: string, change: Partial<DatabaseServerModel> = {}) {
    this.prefix = prefix;
    this.image = image;
    this.model = mariadbModel(NETWORK, change);
  }

  async prepare(): Promise<void> {
    this.removeAll();
    this.secrets = (await makeRegionSecrets(this.model, undefined, new Date())).secrets;
    docker(["network", "create", "--subnet", `${NETWORK}.0.0/24`, this.prefix]);
  }

  removeAll(): void {
    const containers = docker(["ps", "--all", "--quiet", "--filter", `name=^${this.prefix}-`]).split("\n");
    for (const one of containers.filter(Boolean)) docker(["rm", "--force", "--volumes", one]);
    const volumes = docker(["volume", "ls", "--quiet", "--filter", `name=^${this.prefix}-`]).split("\n");
    for (const one of volumes.filter(Boolean)) docker(["volume", "rm", one]);
    run("docker", ["network", "rm", this.prefix]);
  }

  name(site: SiteId): string {
    return `${this.prefix}-${site}`;
  }

  siteSecrets(site: SiteId): SiteSecrets {
    const secrets = this.secrets.sites[site];
    if (!secrets) throw new Error(`no secrets of ${site}`);
    return secrets;
  }

  workload(site: SiteId, secrets = this.siteSecrets(site)): Workload {
    const [server] = this.model.databaseServers;
    if (!server) throw new Error("no server");
    return mariadbWorkload(this.model, siteOf(this.model, site), server, secrets);
  }

  /** Delivers the workload's files, and switches the link. */
  deliver(site: SiteId, workload = this.workload(site)): void {
    this.#generation += 1;
    const folder = `/config/${this.#generation}`;
    const script = workload.files.map(({ path, content, secret }) => {
      const file = `${folder}/${path}`;
      const mode = secret ? "0600" : "0644";
      return `mkdir -p "$(dirname ${file})" && echo ${Buffer.from(content).toString("base64")} | base64 -d >${file} && chmod ${mode} ${file}`;
    });
    script.push(
      `chown -R 2009:2009 ${folder}`,
      `ln -s ${this.#generation} /config/new`,
      "mv -T /config/new /config/current",
    );
    const words = ["run", "--rm", "-i", "--network", "none", "--user", "0", "-v", `${this.name(site)}-config:/config`];
    docker([...words, "--entrypoint", "sh", this.image, "-e"], script.join("\n"));
  }

  /** Runs the workload. `sizeMiB`: its data volume is in memory and no larger. */
  start(site: SiteId, sizeMiB?: number): void {
    const placement = siteOf(this.model, site).workloads.find(({ name }) => name === WORKLOAD);
    const name = this.name(site);
    if (sizeMiB !== undefined) {
      const options = ["type=tmpfs", "device=tmpfs", `o=size=${sizeMiB}m,uid=2009,gid=2009,mode=0700`];
      docker(["volume", "create", ...options.flatMap((one) => ["--opt", one]), `${name}-data`]);
    }
    docker([
      ...["run", "--detach", "--name", name, ...CONFINED, ...SCRATCH, "--memory", "512m", "--network", this.prefix],
      ...["--ip", placement?.backboneAddress ?? "", "--network-alias", placement?.hostName ?? ""],
      ...["-v", `${name}-config:/config:ro`, "-v", `${name}-data:/var/lib/mysql`, "-v", `${name}-identity:/identity`],
      this.image,
    ]);
  }

  remove(site: SiteId, ...volumes: readonly string[]): void {
    docker(["rm", "--force", this.name(site)]);
    for (const volume of volumes) docker(["volume", "rm", `${this.name(site)}-${volume}`]);
  }

  health(site: SiteId): Said {
    return this.exec(site, ["/usr/local/lib/lumbung/health"]);
  }

  /** Waits until the health line is of that form, and well or not. */
  healthIs(site: SiteId, well: boolean, line: RegExp, seconds = 30): Promise<string> {
    let last = "";
    return eventually(`${site}: ${line}`, seconds, async () => {
      const { code, out } = this.health(site);
      last = `${code} ${out}`;
      if ((code === 0) === well && line.test(out)) return out;
      throw new Error(last);
    });
  }

  exec(site: SiteId, words: readonly string[], input = "", options: readonly string[] = []): Said {
    return run("docker", ["exec", "-i", ...options, this.name(site), ...words], input);
  }

  /** As the server's own user, over the socket. @throws what MariaDB says. */
  sql(site: SiteId, statement: string): string {
    const { code, out } = this.exec(site, CLIENT, statement);
    if (code !== 0) throw new Error(`${site}: ${out}`);
    return out;
  }

  /** As an application would, over the network with TLS and its password, from inside the container of `from`. */
  asApplication(from: SiteId, to: SiteId, role: string, password: string, statement: string): Said {
    const host = siteOf(this.model, to).workloads.find(({ name }) => name === WORKLOAD)?.hostName ?? "";
    const tls = ["--ssl-ca=/config/current/tls/ca.crt", "--ssl-verify-server-cert"];
    const words = [...CLIENT, `--host=${host}`, `--user=${role}`, ...tls];
    return this.exec(from, words, statement, ["--env", `MYSQL_PWD=${password}`]);
  }

  password(role: string): string {
    return this.siteSecrets("dc").databaseRoles[`php/${role}`]?.password ?? "";
  }

  permit(site: SiteId, permit: "found" | "reseed"): void {
    const { code, out } = this.exec(site, ["tee", "/identity/permit"], permit);
    if (code !== 0) throw new Error(out);
  }

  memory(site: SiteId): Record<string, unknown> {
    return JSON.parse(this.exec(site, ["cat", "/identity/identity.json"]).out);
  }

  /** Asks an agent from inside a workload, with that workload's certificate. */
  askAgent(from: SiteId, to: SiteId, path: string, options: readonly string[] = []): Said {
    const host = siteOf(this.model, to).workloads.find(({ name }) => name === WORKLOAD)?.hostName ?? "";
    const tls = "/config/current/tls";
    const proof = ["--cacert", `${tls}/ca.crt`, "--cert", `${tls}/server.crt`, "--key", `${tls}/server.key`];
    const words = ["curl", "--silent", "--show-error", "--max-time", "5", "--noproxy", "*", ...proof, ...options];
    return this.exec(from, [...words, "--write-out", "\n%{http_code} %{time_total}", `https://${host}:8008${path}`]);
  }

  /** Waits until what an agent says of itself holds. */
  answerIs(from: SiteId, to: SiteId, holds: (answer: Record<string, unknown>) => boolean, seconds = 30) {
    return eventually(`${to}: answer`, seconds, async () => {
      const answer = JSON.parse(this.askAgent(from, to, "/mariadb").out.split("\n")[0] ?? "");
      return holds(answer) ? (answer as Record<string, unknown>) : undefined;
    });
  }

  /** A script of statements beside the test, each acknowledged before the next. What it printed until it ended, or was ended. */
  async inBackground(site: SiteId, script: string): Promise<string> {
    const child = spawn("docker", ["exec", "-i", this.name(site), ...CLIENT, "--unbuffered"]);
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on("error", () => {});
    child.stdin.end(script);
    await once(child, "close");
    return Buffer.concat(chunks).toString();
  }

  /** A statement that may take so many seconds; exit code 124 if it did not return. */
  limited(site: SiteId, seconds: number, statement: string): Said {
    return this.exec(site, ["timeout", String(seconds), ...CLIENT], statement);
  }

  /** Every certificate and password anew, as `lumbung secrets rotate` makes them. */
  async rotate(): Promise<void> {
    const renew = (what: string) => /^(certificate|database-role):/.test(what);
    this.secrets = (await makeRegionSecrets(this.model, this.secrets, new Date(), { renew })).secrets;
  }

  issuedSerial(site: SiteId): string {
    return new X509Certificate(this.siteSecrets(site).certificates[WORKLOAD]?.chain ?? "").serialNumber;
  }

  /** Serial number of the certificate that a port shows. */
  shownSerial(site: SiteId, port: number): string {
    const protocol = port === 3306 ? " -starttls mysql" : "";
    const shown = `openssl s_client -connect 127.0.0.1:${port}${protocol} </dev/null 2>/dev/null | openssl x509 -noout -serial`;
    return this.exec(site, ["sh", "-c", shown]).out.replace("serial=", "");
  }

  /** The workload with one file changed. */
  changed(site: SiteId, path: string, change: (text: string) => string): Workload {
    const workload = this.workload(site);
    const files = workload.files.map((file) =>
      file.path === path ? { ...file, content: change(String(file.content)) } : file,
    );
    return { ...workload, files };
  }

  /** Runs a script beside the workload, with its data and identity. */
  inVolume(site: SiteId, script: string): void {
    const name = this.name(site);
    const volumes = ["-v", `${name}-data:/var/lib/mysql`, "-v", `${name}-identity:/identity`];
    docker(["run", "--rm", "-i", "--network", "none", ...volumes, "--entrypoint", "sh", this.image, "-e"], script);
  }

  docker(words: readonly string[]): string {
    return docker(words);
  }
}

function docker(words: readonly string[], input = ""): string {
  const { code, out } = run("docker", words, input);
  if (code !== 0) throw new Error(`docker ${words.join(" ")}: ${out}`);
  return out;
}

function run(program: string, words: readonly string[], input = ""): Said {
  const ran = spawnSync(program, words, { input, encoding: "utf8", timeout: 60_000 });
  return { code: ran.status, out: `${ran.stdout}${ran.stderr}`.trim() };
}
