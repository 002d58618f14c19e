/** A workload as the arguments of a Docker container: pure, so that a test asserts the words. */
import type { SiteModel } from "../../../model/types.ts";
import type { Workload } from "../../workload.ts";
import { containerName, labels, type SiteName } from "./names.ts";

const MIB = 1024 * 1024;
/** Docker's own command for the health of every image of ours. */
const HEALTH = "/usr/local/lib/lumbung/health";

export interface ContainerPlan {
  readonly name: string;
  readonly user: string;
  readonly init: boolean;
  readonly restart: "unless-stopped";
  readonly readOnly: boolean;
  /** MiB */
  readonly memory: number;
  /** MiB, memory and swap together; equal to `memory`, so there is no swap. Always set: without it the official plugin never settles. */
  readonly memorySwap: number;
  readonly cpus?: string;
  /** Docker's own default is 1024. */
  readonly cpuShares?: number;
  readonly envs: string[];
  readonly labels: { label: string; value: string }[];
  readonly capabilities: { drops: string[]; adds?: string[] };
  readonly securityOpts: string[];
  readonly networkMode?: "none";
  readonly networks: readonly { readonly name: string; readonly ipv4Address: string; readonly aliases: string[] }[];
  readonly tmpfs: Record<string, string>;
  readonly ports: { internal: number; external: number; ip: string; protocol: "tcp" | "udp" }[];
  readonly healthcheck: { tests: string[]; interval: string; timeout: string; startPeriod: string; retries: number };
  readonly stopTimeout: number;
  /** As `stopTimeout`: without it the official plugin kills what it replaces. */
  readonly destroyGraceSeconds: number;
  readonly logDriver: string;
  readonly logOpts: Record<string, string>;
}

export interface SitePlace extends SiteName {
  readonly site: SiteModel["id"];
  readonly publicAddress: string;
  /** Absent: the place has no network of its own. */
  readonly network?: string;
  readonly backbone: string;
  /** `<site>.<region>.internal` */
  readonly internalDomain: string;
}

/** The arguments of a workload's container, but for image, volumes and uploads. */
export function containerPlan(place: SitePlace, workload: Workload): ContainerPlan {
  const memory = Math.ceil(workload.limits.memoryBytes / MIB);
  const networks = attachments(place, workload);
  return {
    name: containerName(place, workload.name),
    user: `${workload.user.uid}:${workload.user.gid}`,
    init: true,
    restart: "unless-stopped",
    readOnly: true,
    memory,
    memorySwap: memory,
    ...(workload.limits.cpus === undefined ? {} : { cpus: String(workload.limits.cpus) }),
    ...(workload.limits.cpuShare === undefined ? {} : { cpuShares: Math.round(1024 * workload.limits.cpuShare) }),
    envs: Object.entries(workload.environment ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
    labels: labels(place, workload),
    capabilities: capabilities(workload.capabilities ?? []),
    securityOpts: ["no-new-privileges:true"],
    ...(networks.length === 0 ? { networkMode: "none" as const } : {}),
    networks,
    tmpfs: scratch(workload),
    ports: (workload.reached.published ?? []).map((port) => ({
      internal: port.port,
      external: port.published,
      ip: place.publicAddress,
      protocol: port.protocol,
    })),
    healthcheck: {
      tests: ["CMD", HEALTH],
      interval: `${workload.healthIntervalSeconds ?? 30}s`,
      timeout: "10s",
      startPeriod: `${workload.healthStartSeconds ?? 60}s`,
      retries: 3,
    },
    stopTimeout: workload.stopSeconds ?? 10,
    destroyGraceSeconds: workload.stopSeconds ?? 10,
    logDriver: "json-file",
    logOpts: { "max-file": "3", "max-size": "10m" },
  };
}

function attachments(place: SitePlace, workload: Workload): ContainerPlan["networks"] {
  const host = `${workload.name}.${place.internalDomain}`;
  const { address, backboneAddress, aliases } = workload.reached;
  const networks = [];
  if (address && place.network) {
    networks.push({ name: place.network, ipv4Address: address, aliases: [host, ...(aliases ?? [])] });
  }
  if (backboneAddress) networks.push({ name: place.backbone, ipv4Address: backboneAddress, aliases: [host] });
  return networks;
}

function capabilities(adds: readonly string[]): ContainerPlan["capabilities"] {
  if (adds.length === 0) return { drops: ["ALL"] };
  return { drops: ["ALL"], adds: adds.map((name) => `CAP_${name}`).sort() };
}

/** `/tmp` and `/run` always, of 16 MiB each and private to the process's user; what the workload declares besides. */
function scratch(workload: Workload): Record<string, string> {
  const sizes: Record<string, number> = { "/run": 16 * MIB, "/tmp": 16 * MIB, ...workload.scratch };
  const options = (bytes: number) =>
    `rw,nosuid,nodev,size=${bytes},uid=${workload.user.uid},gid=${workload.user.gid},mode=0700`;
  return Object.fromEntries(
    Object.entries(sizes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, bytes]) => [path, options(bytes)]),
  );
}
