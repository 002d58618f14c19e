/** A container's outputs from what the engine says of it. Pure. */
import { labelsFromEngine } from "../labels.ts";
import { duration } from "../same.ts";
import { flag, type MutableMap, text, type Value, type ValueMap } from "../values.ts";
import type { Bindings, ContainerInspect, HealthConfig, ImageInspect, TextMap } from "./inspect.ts";
import { networkDatas, networksAdvanced } from "./networks.ts";

const MIB = 1024 * 1024;

export interface Observed {
  readonly container: ContainerInspect;
  /** The image that the container was made of; undefined when it is no longer there. */
  readonly image: ImageInspect | undefined;
  /** Id of the image that the declared name means today; undefined when it means none. */
  readonly declaredImageId: string | undefined;
}

/** Every output; those that the engine does not know (uploads, knobs of ours) come from `earlier`, the outputs or inputs before. */
export function outputsOf({ container, image, declaredImageId }: Observed, earlier: ValueMap): ValueMap {
  const { Config: config, HostConfig: host, State: state } = container;
  const idle = earlier.mustRun === false || earlier.start === false;
  const mustRun = idle ? earlier.mustRun !== false : state.Running && !state.Paused;
  return {
    ...constants(container),
    ...carried(earlier),
    capabilities:
      host.CapAdd?.length || host.CapDrop?.length
        ? { adds: [...(host.CapAdd ?? [])], drops: [...(host.CapDrop ?? [])] }
        : null,
    cgroupnsMode:
      earlier.cgroupnsMode === undefined || earlier.cgroupnsMode === null ? null : (host.CgroupnsMode ?? null),
    command: list(config.Cmd),
    cpuSet: host.CpusetCpus,
    cpuShares: host.CpuShares,
    cpus: host.NanoCpus > 0 ? String(host.NanoCpus / 1e9) : null,
    dns: listOrNull(host.Dns),
    dnsOpts: listOrNull(host.DnsOptions),
    dnsSearches: listOrNull(host.DnsSearch),
    domainname: config.Domainname,
    entrypoints: list(config.Entrypoint),
    envs: (config.Env ?? []).filter((item) => !ofImage(item, image, earlier)),
    exitCode: state.Running || state.Status === "created" ? null : state.ExitCode,
    groupAdds: listOrNull(host.GroupAdd),
    healthcheck: healthcheckOf(config.Healthcheck),
    hostname: config.Hostname,
    hosts: (host.ExtraHosts ?? []).map(hostOf),
    id: container.Id,
    image: imageOf(container, declaredImageId, earlier),
    init: host.Init ?? false,
    ipcMode: host.IpcMode,
    labels: labelsFromEngine(config.Labels, image?.Config?.Labels ?? {}),
    logDriver: host.LogConfig.Type,
    logOpts: mapOrNull(host.LogConfig.Config),
    maxRetryCount: host.RestartPolicy.MaximumRetryCount,
    memory: host.Memory / MIB,
    memoryReservation: host.MemoryReservation / MIB,
    memorySwap: host.MemorySwap < 0 ? -1 : host.MemorySwap / MIB,
    mounts: (host.Mounts ?? []).map((mount) => ({
      readOnly: mount.ReadOnly ?? null,
      source: mount.Source ?? "",
      target: mount.Target,
      type: mount.Type,
    })),
    mustRun,
    name: container.Name.replace(/^\//, ""),
    networkDatas: networkDatas(container),
    networkMode:
      text(earlier.networkMode) || (["none", "host"].includes(host.NetworkMode) ? host.NetworkMode : "bridge"),
    networksAdvanced: networksAdvanced(container, earlier.networksAdvanced),
    pidMode: host.PidMode || null,
    ports: ports(container, idle || state.Running),
    privileged: host.Privileged,
    publishAllPorts: host.PublishAllPorts,
    readOnly: host.ReadonlyRootfs,
    restart: host.RestartPolicy.Name || "no",
    securityOpts: list(host.SecurityOpt),
    shmSize: host.ShmSize / MIB,
    stdinOpen: config.OpenStdin,
    stopSignal: config.StopSignal ?? "",
    stopTimeout: config.StopTimeout ?? null,
    sysctls: mapOrNull(host.Sysctls),
    tmpfs: mapOrNull(host.Tmpfs),
    tty: config.Tty,
    ulimits: (host.Ulimits ?? []).map((limit) => ({ hard: limit.Hard, name: limit.Name, soft: limit.Soft })),
    user: config.User,
    volumes: (host.Binds ?? []).map(volumeOf),
    workingDir: config.WorkingDir,
  };
}

function constants(container: ContainerInspect): ValueMap {
  return {
    __meta: '{"schema_version":"2"}',
    attach: false,
    bridge: container.NetworkSettings.Bridge,
    cgroupParent: null,
    containerLogs: null,
    cpuPeriod: null,
    cpuQuota: null,
    deviceReadBps: [],
    deviceReadIops: [],
    deviceRequests: [],
    deviceWriteBps: [],
    deviceWriteIops: [],
    devices: [],
    gpus: null,
    logs: false,
    platform: container.Platform,
    runtime: container.HostConfig.Runtime,
    storageOpts: null,
    usernsMode: container.HostConfig.UsernsMode,
  };
}

/** What only the state remembers. */
function carried(earlier: ValueMap): MutableMap {
  return {
    containerReadRefreshTimeoutMilliseconds: earlier.containerReadRefreshTimeoutMilliseconds ?? 15_000,
    destroyGraceSeconds: earlier.destroyGraceSeconds ?? null,
    removeVolumes: earlier.removeVolumes ?? true,
    rm: flag(earlier.rm),
    start: earlier.start ?? true,
    uploads: earlier.uploads ?? [],
    wait: flag(earlier.wait),
    waitTimeout: earlier.waitTimeout ?? 60,
  };
}

/** An environment value that the image brings and the program did not declare. */
function ofImage(item: string, image: ImageInspect | undefined, earlier: ValueMap): boolean {
  const declared = Array.isArray(earlier.envs) && earlier.envs.includes(item);
  return !declared && (image?.Config?.Env ?? []).includes(item);
}

/** The declared name, unless it has come to mean another image than the container's. */
function imageOf(container: ContainerInspect, declaredImageId: string | undefined, earlier: ValueMap): string {
  const declared = text(earlier.image);
  if (declared === "") return container.Image;
  return declaredImageId === undefined || declaredImageId === container.Image ? declared : container.Image;
}

function healthcheckOf(check: HealthConfig | null | undefined): Value {
  if (!check?.Test?.length) return null;
  return {
    interval: duration(check.Interval ?? 0),
    retries: check.Retries ?? 0,
    startInterval: "0s",
    startPeriod: duration(check.StartPeriod ?? 0),
    tests: [...check.Test],
    timeout: duration(check.Timeout ?? 0),
  };
}

/** `name:address`, in which the address may be IPv6. */
function hostOf(line: string): ValueMap {
  const cut = line.indexOf(":");
  return { host: line.slice(0, cut), ip: line.slice(cut + 1) };
}

/** Published ports with the numbers that the engine chose; none of a container that should run and does not, as the official plugin says it. */
function ports(container: ContainerInspect, shown: boolean): ValueMap[] {
  if (!shown) return [];
  const declared = container.HostConfig.PortBindings ?? {};
  const actual = container.NetworkSettings.Ports ?? {};
  const source: Bindings = container.HostConfig.PublishAllPorts ? { ...actual, ...declared } : declared;
  return Object.entries(source).flatMap(([key, bindings]) => {
    const [internal = "", protocol = "tcp"] = key.split("/");
    return (bindings ?? [])
      .filter((binding) => binding.HostIp !== "::" || key in declared)
      .map((binding) => {
        const ip = binding.HostIp || "0.0.0.0";
        const chosen = binding.HostPort || actual[key]?.find((other) => (other.HostIp || "0.0.0.0") === ip)?.HostPort;
        return { external: chosen ? Number(chosen) : null, internal: Number(internal), ip, protocol };
      });
  });
}

/** `source:target[:options]` */
function volumeOf(bind: string): ValueMap {
  const [source = "", containerPath = "", options = ""] = bind.split(":");
  const host = source.startsWith("/");
  return {
    containerPath,
    fromContainer: "",
    hostPath: host ? source : "",
    readOnly: options.split(",").includes("ro") ? true : null,
    selinuxRelabel: "",
    volumeName: host ? "" : source,
  };
}

function list(values: readonly string[] | null): Value {
  return [...(values ?? [])];
}

function listOrNull(values: readonly string[] | null): Value {
  return values && values.length > 0 ? [...values] : null;
}

function mapOrNull(map: TextMap | null | undefined): Value {
  return map && Object.keys(map).length > 0 ? { ...map } : null;
}
