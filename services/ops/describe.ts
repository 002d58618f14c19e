/** One observation in words: is the workload well, and what does a person need to know. Pure; one function per kind of probe. */
import type { Text } from "../../model/types.ts";
import type { OpsConfig, Target } from "./config.ts";
import { describeMariadb } from "./describe-mariadb.ts";
import type { DatabaseObservation, Observation, PatroniObservation } from "./observation.ts";
import type { WorkloadStatus } from "./status.ts";

export interface Surroundings {
  readonly config: OpsConfig;
  readonly target: Target;
  /** The same database server at the other site, where it answered. */
  readonly twin: DatabaseObservation | undefined;
}

type Description = Pick<WorkloadStatus, "health" | "detail"> & Partial<WorkloadStatus>;

export function describe(observation: Observation, surroundings: Surroundings): Description {
  switch (observation.probe) {
    case "etcd":
      return observation.healthy
        ? ok("sehat", "healthy")
        : failing(observation.reason ?? "tidak sehat", observation.reason ?? "not healthy");
    case "patroni":
      return describePatroni(observation, ofKind("patroni", surroundings.twin));
    case "mariadb":
      return describeMariadb(observation, ofKind("mariadb", surroundings.twin));
    case "dns":
      return describeDns(observation.serials, surroundings.config.zones);
    case "gateway":
      return describeGateway(observation);
    case "http":
    case "ops":
      return describeStatus(observation.status);
  }
}

function ofKind<K extends DatabaseObservation["probe"]>(
  kind: K,
  twin: DatabaseObservation | undefined,
): Extract<DatabaseObservation, { probe: K }> | undefined {
  return twin?.probe === kind ? (twin as Extract<DatabaseObservation, { probe: K }>) : undefined;
}

/** One that lives but does not let us ask tells nothing of its health. */
function describeStatus(status: number): Description {
  if (status === 401 || status === 403) {
    const detail = {
      id: `hidup, tetapi menolak pertanyaan ops (${status})`,
      en: `alive, but does not let ops ask (${status})`,
    };
    return { health: "unknown", detail };
  }
  return status < 400
    ? ok(`menjawab ${status}`, `answers ${status}`)
    : failing(`menjawab ${status}`, `answers ${status}`);
}

/** Each names one thing that must never be, and what to say then. The first that holds counts. */
const FAULTS: readonly ((own: PatroniObservation, twin: PatroniObservation | undefined) => Text | undefined)[] = [
  function bothPrimary(own, twin) {
    const both = own.role === "primary" && twin?.role === "primary";
    return both ? { id: "KEDUA situs menerima tulisan", en: "BOTH sites take writes" } : undefined;
  },
  function strangers(own, twin) {
    const [mine, other] = [own.systemIdentifier, twin?.systemIdentifier];
    if (mine === undefined || other === undefined || mine === other) return undefined;
    return {
      id: `bukan salinan situs lain (${mine}, ${other})`,
      en: `no copy of the other site's (${mine}, ${other})`,
    };
  },
  function aheadOfPrimary(own, twin) {
    const ahead =
      twin?.role === "primary" && own.role !== "primary" && (own.timeline ?? 0) > (twin.timeline ?? Infinity);
    return ahead
      ? {
          id: `linimasa ${own.timeline} mendahului primer (${twin.timeline})`,
          en: `timeline ${own.timeline} is ahead of the primary's (${twin.timeline})`,
        }
      : undefined;
  },
  function notRunning(own) {
    return own.state === "running" ? undefined : { id: `keadaan: ${own.state}`, en: `state: ${own.state}` };
  },
  function followsNobody(own) {
    if (own.role === "primary" || own.streaming) return undefined;
    return { id: `${own.role}, tidak menerima aliran WAL`, en: `${own.role}, no WAL streams in` };
  },
  function writesWait({ role, sync }) {
    if (role !== "primary" || !sync?.waits || sync.satisfied) return undefined;
    return {
      id: "tulisan menunggu: situs lain tidak mengikuti (sync)",
      en: "writes wait: the other site does not follow (sync)",
    };
  },
];

/** No fault, as people let it; and never silent. */
const RELAXED: Text = {
  id: ", SYNC DILONGGARKAN: tulisan tidak menunggu situs lain",
  en: ", SYNC RELAXED: writes do not wait for the other site",
};

function describePatroni(own: PatroniObservation, twin: PatroniObservation | undefined): Description {
  const lagBytes = lagBehind(own, twin);
  const facts = {
    role: own.role,
    ...(own.version === undefined ? {} : { version: own.version }),
    ...(own.timeline === undefined ? {} : { timeline: own.timeline }),
    ...(lagBytes === undefined ? {} : { lagBytes }),
  };
  const fault = FAULTS.map((rule) => rule(own, twin)).find((text) => text !== undefined);
  if (fault !== undefined) return { ...facts, health: "failing", detail: fault };
  const lag =
    lagBytes === undefined
      ? { id: "", en: "" }
      : { id: `, tertinggal ${lagBytes} bita`, en: `, ${lagBytes} bytes behind` };
  const alone = own.sync?.waits === false ? RELAXED : { id: "", en: "" };
  return { ...facts, ...ok(`${own.role}${lag.id}${alone.id}`, `${own.role}${lag.en}${alone.en}`) };
}

/**
 * Bytes of WAL between the primary's write position and this standby's replay. The two were asked together but not in the same instant,
 * so under load the figure is off by what was written in between; a standby that looks ahead for that reason is 0 behind.
 */
export function lagBehind(own: PatroniObservation, twin: PatroniObservation | undefined): number | undefined {
  if (own.role === "primary" || twin?.role !== "primary") return undefined;
  if (own.position === undefined || twin.position === undefined) return undefined;
  return Math.max(0, twin.position - own.position);
}

function describeDns(serials: Readonly<Record<string, number>>, zones: readonly string[]): Description {
  const missing = zones.filter((zone) => serials[zone] === undefined);
  const first = zones.map((zone) => serials[zone]).find((serial) => serial !== undefined);
  const serial = first === undefined ? {} : { serial: first };
  if (missing.length > 0)
    return {
      ...serial,
      ...failing(`tidak menjawab untuk ${missing.join(", ")}`, `no answer for ${missing.join(", ")}`),
    };
  return { ...serial, ...ok(`${zones.length} zona`, `${zones.length} ${zones.length === 1 ? "zone" : "zones"}`) };
}

/** A backend that is down is the news of what is behind it, not of the gateway: a standby site's has some that are. */
function describeGateway({ up, down }: { readonly up: number; readonly down: readonly string[] }): Description {
  if (up + down.length === 0)
    return failing("menjawab, tetapi tanpa ukuran HAProxy", "answers, but without HAProxy's metrics");
  const names = down.length === 0 ? "" : `: ${down.join(", ")}`;
  return ok(`${up} jalur hidup, ${down.length} mati${names}`, `${up} backends up, ${down.length} down${names}`);
}

function ok(id: string, en: string): Description {
  return { health: "ok", detail: { id, en } };
}

function failing(id: string, en: string): Description {
  return { health: "failing", detail: { id, en } };
}
