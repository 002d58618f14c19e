/** What is sent to the engine to create or change a container. Pure. */
import { labelsToEngine } from "../labels.ts";
import { nanoseconds } from "../same.ts";
import { block, blocks, flag, isEmpty, number, text, textMap, texts, type Value, type ValueMap } from "../values.ts";

const MIB = 1024 * 1024;

export interface EndpointBody {
  readonly Aliases?: readonly string[];
  readonly IPAMConfig?: { readonly IPv4Address?: string; readonly IPv6Address?: string };
}

/** Body of POST /containers/create. The first network is given here; the others are connected before the start. */
export function createBody(inputs: ValueMap): Record<string, unknown> {
  const first = blocks(inputs.networksAdvanced)[0];
  return without({
    Image: text(inputs.image),
    Cmd: listOf(inputs.command),
    Entrypoint: listOf(inputs.entrypoints),
    Env: listOf(inputs.envs),
    User: textOf(inputs.user),
    WorkingDir: textOf(inputs.workingDir),
    Hostname: textOf(inputs.hostname),
    Domainname: textOf(inputs.domainname),
    Labels: labelsToEngine(inputs.labels),
    Tty: flag(inputs.tty),
    OpenStdin: flag(inputs.stdinOpen),
    StopSignal: textOf(inputs.stopSignal),
    StopTimeout: numberOf(inputs.stopTimeout),
    Healthcheck: healthcheckOf(inputs.healthcheck),
    ExposedPorts: Object.fromEntries(blocks(inputs.ports).map((port) => [portKey(port), {}])),
    HostConfig: hostConfig(inputs, first ? text(first.name) : undefined),
    NetworkingConfig: first ? { EndpointsConfig: { [text(first.name)]: endpointOf(first) } } : undefined,
  });
}

function hostConfig(inputs: ValueMap, network: string | undefined): Record<string, unknown> {
  const capabilities = block(inputs.capabilities);
  return without({
    ...resourcesOf(inputs),
    NetworkMode: network ?? text(inputs.networkMode),
    Binds: blocks(inputs.volumes).map(bindOf),
    Mounts: blocks(inputs.mounts).map(mountOf),
    Tmpfs: isEmpty(inputs.tmpfs) ? undefined : textMap(inputs.tmpfs),
    PortBindings: portBindings(inputs.ports),
    PublishAllPorts: flag(inputs.publishAllPorts),
    RestartPolicy: restartPolicy(inputs),
    CapAdd: listOf(capabilities.adds),
    CapDrop: listOf(capabilities.drops),
    CgroupnsMode: textOf(inputs.cgroupnsMode),
    Dns: listOf(inputs.dns),
    DnsOptions: listOf(inputs.dnsOpts),
    DnsSearch: listOf(inputs.dnsSearches),
    ExtraHosts: blocks(inputs.hosts).map((host) => `${text(host.host)}:${text(host.ip)}`),
    GroupAdd: listOf(inputs.groupAdds),
    IpcMode: textOf(inputs.ipcMode),
    PidMode: textOf(inputs.pidMode),
    Privileged: flag(inputs.privileged),
    ReadonlyRootfs: flag(inputs.readOnly),
    SecurityOpt: listOf(inputs.securityOpts),
    ShmSize: isEmpty(inputs.shmSize) ? undefined : number(inputs.shmSize) * MIB,
    Sysctls: isEmpty(inputs.sysctls) ? undefined : textMap(inputs.sysctls),
    Ulimits: blocks(inputs.ulimits).map((limit) => ({
      Name: text(limit.name),
      Soft: number(limit.soft),
      Hard: number(limit.hard),
    })),
    LogConfig:
      isEmpty(inputs.logDriver) && isEmpty(inputs.logOpts)
        ? undefined
        : { Type: text(inputs.logDriver), Config: textMap(inputs.logOpts) },
    Init: typeof inputs.init === "boolean" ? inputs.init : undefined,
  });
}

/** Body of POST /containers/{id}/update. To Docker zero means "as it is" there: a limit that was withdrawn needs a new container. */
export function updateBody(inputs: ValueMap): Record<string, unknown> {
  return { ...resourcesOf(inputs), RestartPolicy: restartPolicy(inputs) };
}

function resourcesOf(inputs: ValueMap): Record<string, unknown> {
  const memory = number(inputs.memory) * MIB;
  return {
    Memory: memory,
    MemorySwap: memorySwapOf(inputs, memory),
    MemoryReservation: number(inputs.memoryReservation) * MIB,
    NanoCpus: Math.round(Number(text(inputs.cpus) || "0") * 1e9),
    CpuShares: number(inputs.cpuShares),
    CpusetCpus: text(inputs.cpuSet),
  };
}

/** Without a declared value twice the memory, as Docker does on create; said again on update, or a raised memory would pass it. */
function memorySwapOf(inputs: ValueMap, memory: number): number {
  const swap = inputs.memorySwap;
  if (typeof swap !== "number" || swap === 0) return 2 * memory;
  return swap < 0 ? -1 : swap * MIB;
}

function restartPolicy(inputs: ValueMap): Record<string, unknown> {
  const policy = text(inputs.restart) || "no";
  return { Name: policy, MaximumRetryCount: policy === "on-failure" ? number(inputs.maxRetryCount) : 0 };
}

/** Body of an endpoint: `NetworkingConfig` on create, `EndpointConfig` on connect. */
export function endpointOf(network: ValueMap): EndpointBody {
  const address = {
    ...(isEmpty(network.ipv4Address) ? {} : { IPv4Address: text(network.ipv4Address) }),
    ...(isEmpty(network.ipv6Address) ? {} : { IPv6Address: text(network.ipv6Address) }),
  };
  return {
    ...(isEmpty(network.aliases) ? {} : { Aliases: texts(network.aliases) }),
    ...(Object.keys(address).length > 0 ? { IPAMConfig: address } : {}),
  };
}

function healthcheckOf(value: Value | undefined): Record<string, unknown> | undefined {
  if (isEmpty(value)) return undefined;
  const check = block(value);
  return {
    Test: texts(check.tests),
    Interval: nanoseconds(text(check.interval)),
    Timeout: nanoseconds(text(check.timeout)),
    StartPeriod: nanoseconds(text(check.startPeriod)),
    Retries: number(check.retries),
  };
}

/** `80/tcp` */
export function portKey(port: ValueMap): string {
  return `${number(port.internal)}/${text(port.protocol) || "tcp"}`;
}

function portBindings(ports: Value | undefined): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of blocks(ports)) {
    const key = portKey(port);
    bindings[key] ??= [];
    bindings[key].push({
      HostIp: text(port.ip),
      HostPort: isEmpty(port.external) ? "" : String(number(port.external)),
    });
  }
  return bindings;
}

function bindOf(volume: ValueMap): string {
  const source = text(volume.volumeName) || text(volume.hostPath);
  return `${source}:${text(volume.containerPath)}${flag(volume.readOnly) ? ":ro" : ""}`;
}

function mountOf(mount: ValueMap): Record<string, unknown> {
  return without({
    Type: text(mount.type),
    Source: textOf(mount.source),
    Target: text(mount.target),
    ReadOnly: flag(mount.readOnly),
  });
}

function listOf(value: Value | undefined): string[] | undefined {
  return isEmpty(value) ? undefined : texts(value);
}

function textOf(value: Value | undefined): string | undefined {
  return isEmpty(value) ? undefined : text(value);
}

function numberOf(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function without(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
