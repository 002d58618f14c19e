/**
 * A workload described once (D4): what runs, what it is told, what it keeps, who may reach it.
 * Nothing here belongs to one runtime; `components/runtime/<kind>` renders it.
 */
import type { WorkloadKind } from "../model/types.ts";

export interface Workload {
  /** Unique in the site, for example `postgres-utama`. */
  readonly name: string;
  readonly kind: WorkloadKind;
  /** Folder below `images/` whose content names the image, or a full image reference with digest. */
  readonly image: string;
  /** Numeric user and group of the process; never 0. */
  readonly user: { readonly uid: number; readonly gid: number };
  /** Settings that are no secret. A secret is always a file. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * What the workload is told, by path below `/config/current`. A changed file reaches the running workload, which reloads:
   * nothing is replaced. All of a workload's files change together (one link is switched).
   */
  readonly files: readonly WorkloadFile[];
  /** What must outlive the workload. */
  readonly volumes: readonly WorkloadVolume[];
  /** Writable, lost at restart. Path to size in bytes. */
  readonly scratch?: Readonly<Record<string, number>>;
  readonly reached: {
    /** Address on the site's network; absent: no network at all. */
    readonly address?: string;
    readonly backboneAddress?: string;
    /** Names by which other workloads reach it, besides its own host name. */
    readonly aliases?: readonly string[];
    /** Ports that the site publishes on its public address. */
    readonly published?: readonly PublishedPort[];
  };
  readonly limits: {
    readonly memoryBytes: number;
    readonly cpus?: number;
    /** Of the processors where all are busy, in parts of what any other workload has. Default 1. */
    readonly cpuShare?: number;
  };
  /** Linux capabilities; none by default. Names without `CAP_`. */
  readonly capabilities?: readonly string[];
  /** How long the workload may take to stop before it is killed. Default 10. */
  readonly stopSeconds?: number;
  /** How often the image's own health command is asked. Default 30: `lumbung status` asks anew, and `ops` watches in between. */
  readonly healthIntervalSeconds?: number;
  /** How long the first start may take before failing counts. Default 60. */
  readonly healthStartSeconds?: number;
}

export interface WorkloadFile {
  /** Relative to `/config/current`, for example `tls/server.key`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** A secret is encrypted in the state, hidden in previews, and of mode 0600; anything else is of mode 0644. */
  readonly secret?: boolean;
}

export interface WorkloadVolume {
  /** Name below the workload, for example `data`; the volume is `<region>-<site>-<workload>-<name>`. */
  readonly name: string;
  readonly path: string;
  /** `data` is protected and retained: `down` alone removes it. `cache` may be lost. */
  readonly keeps: "data" | "cache";
}

export interface PublishedPort {
  readonly port: number;
  readonly published: number;
  readonly protocol: "tcp" | "udp";
}
