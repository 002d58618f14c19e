/** PostgreSQL's settings that follow from a workload's memory, a site's storage and the declared replication. */
import type { DatabaseServerModel } from "../../model/types.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** Switches are written `on` and `off`, as PostgreSQL shows them: Patroni compares texts and would see a change. */
export type Parameters = Readonly<Record<string, string | number>>;

/**
 * Settings that a standby must not have lower than its primary (PostgreSQL 26.4.6): the same at both sites.
 * Patroni takes them from its store only.
 */
export const sharedParameters: Parameters = {
  hot_standby: "on",
  max_connections: 60,
  max_locks_per_transaction: 64,
  max_prepared_transactions: 0,
  max_replication_slots: 5,
  max_wal_senders: 5,
  max_worker_processes: 4,
  track_commit_timestamp: "on",
  wal_level: "replica",
  wal_log_hints: "on",
};

/**
 * Settings of one site: memory for its limit, loss for the declared replication mode.
 * @param standby the other site's id, by which its standby is known here; undefined: there is none.
 */
export function localParameters(
  server: Pick<DatabaseServerModel, "replication">,
  memoryBytes: number,
  storageBytes: number,
  standby?: string,
): Parameters {
  return {
    ...memoryParameters(memoryBytes),
    ...waitParameters(server, standby),
    checkpoint_completion_target: 0.9,
    jit: "off",
    listen_addresses: "0.0.0.0",
    log_destination: "stderr",
    log_line_prefix: "%m [%p] %q%u@%d ",
    logging_collector: "off",
    max_slot_wal_keep_size: megabytes(slotKeepBytes(storageBytes)),
    max_wal_size: "256MB",
    min_wal_size: "80MB",
    password_encryption: "scram-sha-256",
    ssl: "on",
    ssl_ca_file: "/config/current/tls/ca.crt",
    ssl_cert_file: "/config/current/tls/server.crt",
    ssl_key_file: "/config/current/tls/server.key",
    ssl_min_protocol_version: "TLSv1.2",
    synchronous_commit: synchronousCommit(server.replication.mode),
    unix_socket_directories: "/run/postgresql",
    wal_compression: "lz4",
    wal_keep_size: "64MB",
    wal_receiver_status_interval: "1s",
  };
}

/**
 * When a commit is acknowledged. `async`: when it is on this site's disk, and nothing can make it wait for another site.
 * `sync`: also when the standbys that `synchronous_standby_names` lists have it on theirs.
 */
export function synchronousCommit(mode: DatabaseServerModel["replication"]["mode"]): "local" | "on" {
  return mode === "async" ? "local" : "on";
}

/**
 * Whom a commit waits for (D8). Patroni gives its member's name, which is the site's id, as `application_name` of the stream to the other site. It stands here
 * from the start, so that no commit of a new primary goes ahead of it; a standby heeds it only once it is promoted. People relax it at the
 * guard's door, which puts an empty list above this one (images/postgres, sync_state.py).
 * One that falls silent is noticed after ten seconds instead of a minute: nothing is lost by that, as what is not confirmed is not acknowledged anyway.
 */
function waitParameters({ replication }: Pick<DatabaseServerModel, "replication">, standby?: string): Parameters {
  if (replication.mode === "async" || standby === undefined) return {};
  return { synchronous_standby_names: synchronousStandbyNames(standby), wal_sender_timeout: "10s" };
}

/** As PostgreSQL reads a list of one (manual, 19.6.2): quoted, as a hyphen or a digit at its beginning would end a bare name. */
export function synchronousStandbyNames(site: string): string {
  return `"${site.replaceAll('"', '""')}"`;
}

/** A fifth for shared buffers, the rest for connections, Patroni and the kernel's cache. */
function memoryParameters(memoryBytes: number): Parameters {
  return {
    autovacuum_max_workers: 2,
    effective_cache_size: megabytes(memoryBytes / 2),
    maintenance_work_mem: megabytes(Math.max(16 * MIB, memoryBytes / 16)),
    max_parallel_maintenance_workers: 0,
    max_parallel_workers: 2,
    max_parallel_workers_per_gather: memoryBytes >= 2 * GIB ? 2 : 0,
    shared_buffers: megabytes(memoryBytes / 5),
    temp_buffers: "2MB",
    wal_buffers: "2MB",
    work_mem: megabytes(Math.max(2 * MIB, memoryBytes / 256)),
  };
}

/** How much WAL is kept for a standby that is away: a tenth of the site's storage, between 1 and 64 GiB. */
export function slotKeepBytes(storageBytes: number): number {
  return Math.min(64 * GIB, Math.max(GIB, storageBytes / 10));
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / MIB)}MB`;
}
