/** What the engine says of a container and of an image (Docker Engine API 1.41), as far as we read it. */

export interface Health {
  readonly Status: "none" | "starting" | "healthy" | "unhealthy";
  readonly FailingStreak: number;
  readonly Log: readonly { readonly ExitCode: number; readonly Output: string }[] | null;
}

export interface Endpoint {
  readonly IPAMConfig: { readonly IPv4Address?: string; readonly IPv6Address?: string } | null;
  readonly NetworkID: string;
  readonly Aliases: readonly string[] | null;
  readonly Gateway: string;
  readonly IPAddress: string;
  readonly IPPrefixLen: number;
  readonly IPv6Gateway: string;
  readonly GlobalIPv6Address: string;
  readonly GlobalIPv6PrefixLen: number;
  readonly MacAddress: string;
}

export interface HealthConfig {
  readonly Test?: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly Retries?: number;
}

export type TextMap = Readonly<Record<string, string>>;
export type Bindings = Readonly<
  Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
>;

export interface ContainerInspect {
  readonly Id: string;
  readonly Name: string;
  readonly Created: string;
  /** Id of the image, `sha256:…`. */
  readonly Image: string;
  readonly Platform: string;
  readonly State: {
    readonly Status: "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";
    readonly Running: boolean;
    readonly Paused: boolean;
    readonly ExitCode: number;
    readonly Error: string;
    readonly OOMKilled: boolean;
    readonly Health?: Health;
  };
  readonly Config: {
    /** Name by which the image was given. */
    readonly Image: string;
    readonly Hostname: string;
    readonly Domainname: string;
    readonly User: string;
    readonly Env: readonly string[] | null;
    readonly Cmd: readonly string[] | null;
    readonly Entrypoint: readonly string[] | null;
    readonly WorkingDir: string;
    readonly Labels: TextMap | null;
    readonly Tty: boolean;
    readonly OpenStdin: boolean;
    readonly StopSignal?: string;
    readonly StopTimeout?: number | null;
    readonly Healthcheck?: HealthConfig | null;
  };
  readonly HostConfig: {
    readonly Binds: readonly string[] | null;
    readonly Mounts?:
      | readonly {
          readonly Type: string;
          readonly Source?: string;
          readonly Target: string;
          readonly ReadOnly?: boolean;
        }[]
      | null;
    readonly NetworkMode: string;
    readonly PortBindings: Bindings | null;
    readonly PublishAllPorts: boolean;
    readonly RestartPolicy: { readonly Name: string; readonly MaximumRetryCount: number };
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly CgroupnsMode?: string;
    readonly Dns: readonly string[] | null;
    readonly DnsOptions: readonly string[] | null;
    readonly DnsSearch: readonly string[] | null;
    readonly ExtraHosts: readonly string[] | null;
    readonly GroupAdd: readonly string[] | null;
    readonly IpcMode: string;
    readonly PidMode: string;
    readonly UsernsMode: string;
    readonly Privileged: boolean;
    readonly ReadonlyRootfs: boolean;
    readonly SecurityOpt: readonly string[] | null;
    readonly ShmSize: number;
    readonly Sysctls?: TextMap | null;
    readonly Tmpfs?: TextMap | null;
    readonly Ulimits: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[] | null;
    readonly LogConfig: { readonly Type: string; readonly Config: TextMap | null };
    readonly Init?: boolean | null;
    readonly Runtime: string;
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly MemoryReservation: number;
    readonly NanoCpus: number;
    readonly CpuShares: number;
    readonly CpusetCpus: string;
    readonly CpuPeriod: number;
    readonly CpuQuota: number;
  };
  readonly NetworkSettings: {
    readonly Bridge: string;
    readonly Ports: Bindings | null;
    readonly Networks: Readonly<Record<string, Endpoint>> | null;
  };
}

export interface ImageInspect {
  readonly Id: string;
  readonly Config: {
    readonly Env: readonly string[] | null;
    readonly Labels: TextMap | null;
    readonly Cmd: readonly string[] | null;
    readonly Entrypoint: readonly string[] | null;
    readonly User: string;
    readonly WorkingDir: string;
    readonly Healthcheck?: HealthConfig | null;
    readonly StopSignal?: string;
  } | null;
}
