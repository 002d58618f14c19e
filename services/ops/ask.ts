/** Asking one target: over TLS with its name verified and our own certificate shown, or over UDP for names. Every question has a time limit. */
import { lookup, Resolver } from "node:dns/promises";
import { type RequestOptions, request } from "node:https";
import type { SecureContext, TLSSocket } from "node:tls";
import type { Clock } from "../../io/clock.ts";
import { bodyOf } from "../../io/http-body.ts";
import type { Text } from "../../model/types.ts";
import type { OpsConfig, Target } from "./config.ts";
import type { Observation, ProbeResult } from "./observation.ts";
import { readEtcd, readGateway, readPatroni } from "./read.ts";
import { readMariadb } from "./read-mariadb.ts";
import { reasonText } from "./reasons.ts";

export interface Asking {
  readonly config: OpsConfig;
  /** Own certificate and key, and the root that servers must descend from. */
  readonly secureContext: SecureContext;
  readonly clock: Clock;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly certificateExpires?: string;
}

/** No engine's answer is larger; what is gets cut off as an error. */
const MAX_BODY_BYTES = 1024 * 1024;

/** The target's answer or the reason why there is none; never throws. */
export async function ask(target: Target, asking: Asking): Promise<ProbeResult> {
  const outcome = await observe(target, asking).catch((error: unknown) => ({
    outcome: { ok: false, reason: reasonOf(error, target, patience(target, asking.config)) } as const,
  }));
  return { at: asking.clock.now(), atMs: asking.clock.monotonicMs(), ...outcome };
}

const patience = (target: Target, { probes }: OpsConfig): number => target.timeoutSeconds ?? probes.timeoutSeconds;

type Seen = Pick<ProbeResult, "outcome" | "certificateExpires">;

async function observe(target: Target, asking: Asking): Promise<Seen> {
  switch (target.probe) {
    case "dns":
      return seen(await askSerials(target, asking.config));
    case "patroni":
      return read(await get(target, "/patroni", asking), readPatroni);
    case "mariadb":
      return read(await get(target, "/mariadb", asking), readMariadb);
    case "etcd":
      return read(await get(target, "/health", asking), readEtcd);
    case "gateway":
      return read(await get(target, target.path ?? "/metrics?scope=backend", asking), readGateway);
    case "http":
    case "ops": {
      const { probe } = target;
      const answer = await get(target, target.path ?? "/health", asking);
      return read(answer, () => ({ probe, status: answer.status }));
    }
  }
}

function read(answer: Answer, reader: (body: string) => Observation): Seen {
  const { certificateExpires } = answer;
  return { ...seen(reader(answer.body)), ...(certificateExpires ? { certificateExpires } : {}) };
}

function seen(observation: Observation): Seen {
  return { outcome: { ok: true, observation } };
}

/** One GET on a connection of its own: a kept one would go on showing the certificate of yesterday. */
function get(target: Target, path: string, { config, secureContext }: Asking): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions & { readonly secureContext: SecureContext } = {
      host: target.address ?? target.host,
      port: target.port,
      servername: target.host,
      headers: { host: target.host },
      path,
      secureContext,
      agent: false,
      signal: AbortSignal.timeout(patience(target, config) * 1000),
    };
    const outgoing = request(options);
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const expires = expiryOf(response.socket as TLSSocket);
      bodyOf(response, MAX_BODY_BYTES, "answer").then((read) => {
        const body = read.toString("utf8");
        resolve({ status: response.statusCode ?? 0, body, ...(expires ? { certificateExpires: expires } : {}) });
      }, reject);
    });
    outgoing.end();
  });
}

function expiryOf(socket: TLSSocket): string | undefined {
  const { valid_to } = socket.getPeerCertificate();
  return valid_to === undefined ? undefined : new Date(valid_to).toISOString();
}

/** Serial of each zone; a zone for which there is no answer is left out, unless none answers. */
async function askSerials(target: Target, config: OpsConfig): Promise<Observation> {
  const { zones } = config;
  const address = target.address ?? (await lookup(target.host)).address;
  const resolver = new Resolver({ timeout: patience(target, config) * 1000, tries: 1 });
  resolver.setServers([address.includes(":") ? `[${address}]:${target.port}` : `${address}:${target.port}`]);
  const answers = await Promise.allSettled(zones.map((zone) => resolver.resolveSoa(zone)));
  const [first] = answers;
  if (first?.status === "rejected" && answers.every((answer) => answer.status === "rejected")) throw first.reason;
  const serials = answers.flatMap((answer, index) =>
    answer.status === "fulfilled" ? [[zones[index] ?? "", answer.value.serial] as const] : [],
  );
  return { probe: "dns", serials: Object.fromEntries(serials) };
}

/** With the command that repairs it. */
function ended({ site, workload }: Target): Text {
  const what = `certificate:${site}/${workload}`;
  return {
    id: `sertifikatnya sudah habis masa berlakunya: \`lumbung secrets rotate ${what}\`, lalu \`lumbung up\``,
    en: `its certificate has ended: \`lumbung secrets rotate ${what}\`, then \`lumbung up\``,
  };
}

function reasonOf(error: unknown, target: Target, timeoutSeconds: number): Text {
  return (error as { code?: unknown }).code === "CERT_HAS_EXPIRED" ? ended(target) : reasonText(error, timeoutSeconds);
}
