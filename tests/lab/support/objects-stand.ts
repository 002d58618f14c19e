/**
 * Two object stores of two sites without the lab around them: real containers of the image, confined as a site confines them, with
 * the configuration that the components render, and a gateway that says what the test wants it to say.
 */
import { spawnSync } from "node:child_process";
import { objectsWorkload } from "../../../components/objects/workload.ts";
import { type MakeOptions, makeRegionSecrets } from "../../../custody/secrets.ts";
import type { RegionSecrets, SiteSecrets } from "../../../custody/types.ts";
import { tarOf } from "../../../io/images-tar.ts";
import { readInventory } from "../../../io/inventory.ts";
import { REPOSITORY } from "../../../io/repository.ts";
import { deriveModel, parseInventory, renderProblems } from "../../../model/index.ts";
import type { BucketModel, Model, SiteModel } from "../../../model/types.ts";
import { eventually } from "./eventually.ts";

const PREFIX = "stand-objects-";
/** Addresses of the lab's sites and backbone, and those that the stand has in their place: both may run at once. */
const ADDRESSES: readonly (readonly [RegExp, string])[] = [
  [/10\.91\.0\./g, "10.201.1."],
  [/10\.92\.0\./g, "10.201.2."],
  [/10\.90\.0\./g, "10.201.0."],
];
const USER = "2007:2007";

/** For python3: `GET :8404/role` answers what is in /tmp/role, and `/health` the same without `closing`, as a gateway of the site would. */
export const GATEWAY = `
import http.server, ssl
class Health(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    def do_GET(self):
        try: role = open("/tmp/role").read().strip()
        except FileNotFoundError: role = "standby"
        if self.path == "/health" and role == "closing": role = "standby"
        self.send_response(200 if self.path in ("/health", "/role") else 404)
        self.send_header("Content-Type", "text/plain"); self.send_header("Content-Length", str(len(role))); self.end_headers()
        self.wfile.write(role.encode())
    def log_message(self, *_): pass
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/config/current/tls/server.crt", "/config/current/tls/server.key")
context.load_verify_locations("/config/current/tls/ca.crt"); context.verify_mode = ssl.CERT_REQUIRED
server = http.server.ThreadingHTTPServer(("", 8404), Health)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
`;

export interface Stand {
  readonly model: Model;
  secrets: RegionSecrets;
  readonly image: string;
  /** Rises with each configuration that is delivered. */
  generation: number;
}

/** The lab's model with an object store of these buckets, elsewhere. */
export async function standModel(buckets: readonly Partial<BucketModel>[]): Promise<Model> {
  const files = (await readInventory(REPOSITORY, "lab")).map(({ name, text }) => ({
    name,
    text: name === "objects.yaml" ? text.replace("status: planned", "status: running") : text,
  }));
  const parsed = parseInventory(files);
  if (!parsed.ok) throw new Error(renderProblems(parsed.problems, "en"));
  const moved = ADDRESSES.reduce(
    (all, [from, to]) => all.replace(from, to),
    JSON.stringify(deriveModel(parsed.inventory)),
  );
  const model = JSON.parse(moved) as Model;
  const declared = buckets.map((bucket) => ({
    id: "",
    owner: "diskominfo",
    classification: "limited" as const,
    versioning: true,
    lockDays: 0,
    rpoSeconds: 20,
    ...bucket,
  }));
  return { ...model, objects: { workload: "objects", buckets: declared } };
}

export async function standSecrets(
  model: Model,
  previous?: RegionSecrets,
  options: Pick<MakeOptions, "renew" | "settle"> = {},
) {
  return (await makeRegionSecrets(model, previous, new Date(), options)).secrets;
}

export function docker(words: readonly string[], input?: string | Buffer): string {
  const run = spawnSync("docker", words, { input, encoding: "buffer", timeout: 120_000, maxBuffer: 64 * 1024 * 1024 });
  if (run.status !== 0) throw new Error(`docker ${words.slice(0, 4).join(" ")}: ${run.stderr.toString().trim()}`);
  return run.stdout.toString();
}

/** Runs in a store's container: exit code and all that was said. */
export function inStore(site: string, words: readonly string[], input = ""): { code: number; said: string } {
  const run = spawnSync("docker", ["exec", "-i", nameOf(site), ...words], {
    input,
    encoding: "utf8",
    timeout: 120_000,
  });
  return { code: run.status ?? -1, said: `${run.stdout}${run.stderr}`.trim() };
}

export const nameOf = (site: string, what = "objects"): string => `${PREFIX}${site}-${what}`;
export const health = (site: string) => inStore(site, ["/usr/local/lib/lumbung/health"]);

export function siteIn({ model }: Stand, id: string): SiteModel {
  const found = model.sites.find((site) => site.id === id);
  if (!found) throw new Error(`no site ${id}`);
  return found;
}

export function secretsIn({ secrets }: Stand, id: string): SiteSecrets {
  const found = secrets.sites[id];
  if (!found) throw new Error(`no secrets of ${id}`);
  return found;
}

/** Networks, gateways and configuration volumes; no store yet. */
export function raise(stand: Stand): void {
  fell();
  docker(["network", "create", "--subnet", "10.201.0.0/24", `${PREFIX}backbone`]);
  for (const { id, network } of stand.model.sites) {
    docker(["network", "create", "--subnet", network.subnet, `${PREFIX}${id}`]);
    const gateway = siteIn(stand, id).workloads.find(({ kind }) => kind === "gateway");
    deliver(stand, id, "gateway");
    docker([
      ...confined(nameOf(id, "gateway")),
      ...["--network", `${PREFIX}${id}`, "--ip", gateway?.address ?? "", "--network-alias", gateway?.hostName ?? ""],
      ...["-v", `${nameOf(id, "gateway")}-config:/config:ro`, "--entrypoint", "python3", stand.image, "-c", GATEWAY],
    ]);
  }
}

const confined = (name: string): string[] => [
  ...["run", "-d", "--name", name, "--init", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
  ...["--user", USER, "--tmpfs", "/run:uid=2007,gid=2007,mode=0700", "--tmpfs", "/tmp:uid=2007,gid=2007,mode=0700"],
];

export interface StoreOptions {
  /** Size of the data volume, as a memory file system; absent: an ordinary volume. */
  readonly dataBytes?: number;
  readonly permit?: "found" | "reseed";
}

/** Starts a site's store as its site would. */
export function start(stand: Stand, id: string, { dataBytes, permit }: StoreOptions = {}): void {
  const site = siteIn(stand, id);
  const workload = objectsWorkload(stand.model, site, secretsIn(stand, id));
  deliver(stand, id, "objects");
  if (permit) give(stand, id, permit);
  const data = dataBytes
    ? ["--tmpfs", `/data:uid=2007,gid=2007,mode=0700,size=${dataBytes}`]
    : ["-v", `${nameOf(id)}-data:/data`];
  const environment = Object.entries(workload.environment ?? {}).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  docker([
    ...confined(nameOf(id)),
    ...["--memory", String(workload.limits.memoryBytes), "--memory-swap", String(workload.limits.memoryBytes)],
    ...["--network", `${PREFIX}${id}`, "--ip", workload.reached.address ?? ""],
    ...["-v", `${nameOf(id)}-config:/config:ro`, "-v", `${nameOf(id)}-identity:/identity`],
    ...data,
    ...environment,
    stand.image,
  ]);
  docker(["network", "connect", "--ip", workload.reached.backboneAddress ?? "", `${PREFIX}backbone`, nameOf(id)]);
}

/** Hands a permit over, as `lumbung found` and `lumbung reseed` do. */
export function give(stand: Stand, id: string, permit: "found" | "reseed"): void {
  const script = `echo ${permit} >/identity/permit`;
  docker([
    "run",
    "--rm",
    "--user",
    USER,
    "-v",
    `${nameOf(id)}-identity:/identity`,
    "--entrypoint",
    "sh",
    stand.image,
    "-c",
    script,
  ]);
}

/** Brings the configuration of a workload: a new generation, then the switch of the link. */
export function deliver(stand: Stand, id: string, what: "objects" | "gateway"): void {
  stand.generation += 1;
  const site = siteIn(stand, id);
  const secrets = secretsIn(stand, id);
  const leaf = secrets.certificates.gateway;
  const files =
    what === "objects"
      ? objectsWorkload(stand.model, site, secrets).files
      : [
          { path: "tls/ca.crt", content: secrets.authority.root },
          { path: "tls/server.crt", content: leaf?.chain ?? "" },
          { path: "tls/server.key", content: leaf?.key ?? "", secret: true },
        ];
  const entries = files.map(({ path, content, secret }) => ({
    path,
    mode: secret ? 0o600 : 0o644,
    content: Buffer.from(content),
  }));
  const generation = `gen-${stand.generation}`;
  const script = `mkdir /config/${generation} && tar -x -C /config/${generation} && chown -R ${USER} /config/${generation} && ln -s ${generation} /config/new && mv -T /config/new /config/current`;
  const volume = `${nameOf(id, what)}-config:/config`;
  docker(
    ["run", "--rm", "-i", "--user", "0", "-v", volume, "--entrypoint", "sh", stand.image, "-c", script],
    tarOf(entries),
  );
}

/** What the site's gateway says from now on. */
export function role(id: string, says: "active" | "standby" | "closing" | "?"): void {
  docker(["exec", nameOf(id, "gateway"), "sh", "-c", `echo '${says}' >/tmp/role`]);
}

/** Waits until a store's health line matches; tells the line. */
export function untilHealth(id: string, pattern: RegExp, seconds = 60): Promise<string> {
  let last = "";
  return eventually(`health of ${id}: ${pattern}`, seconds, async () => {
    last = health(id).said;
    if (!pattern.test(last)) throw new Error(last);
    return last;
  });
}

/** Takes everything away that the stand made, whatever was left. */
export function fell(): void {
  const left = (words: readonly string[]) =>
    docker(words)
      .split("\n")
      .filter((name) => name.startsWith(PREFIX));
  const containers = left(["ps", "-a", "--format", "{{.Names}}"]);
  if (containers.length > 0) docker(["rm", "-f", "-v", ...containers]);
  const volumes = left(["volume", "ls", "-q"]);
  if (volumes.length > 0) docker(["volume", "rm", ...volumes]);
  const networks = left(["network", "ls", "--format", "{{.Name}}"]);
  if (networks.length > 0) docker(["network", "rm", ...networks]);
}
