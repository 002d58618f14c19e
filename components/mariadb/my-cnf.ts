/** MariaDB's settings (my.cnf) that follow from a workload's memory, a site's storage and the declared replication. */
import type { DatabaseServerModel, SiteModel } from "../../model/types.ts";
import { domainId, placementAt, serverId } from "./names.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** The longest that MariaDB can wait, in milliseconds (2^64 - 1): for ever. */
const FOR_EVER = "18446744073709551615";

export type Settings = Readonly<Record<string, string | number>>;

/** The file. One section: clients inside the workload find the socket where Debian's expect it. */
export function myCnf(site: SiteModel, server: DatabaseServerModel): string {
  const settings: Settings = {
    ...own,
    ...memorySettings(placementAt(site, server).memoryBytes),
    ...replicationSettings(site, server),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return ["[mariadbd]", ...lines.sort(), ""].join("\n");
}

const own: Settings = {
  bind_address: "0.0.0.0",
  character_set_server: "utf8mb4",
  collation_server: "utf8mb4_unicode_ci",
  datadir: "/var/lib/mysql/data",
  event_scheduler: "OFF",
  innodb_log_file_size: "64M",
  local_infile: "OFF",
  performance_schema: "OFF",
  pid_file: "/run/mysqld/mysqld.pid",
  port: 3306,
  require_secure_transport: "ON",
  skip_name_resolve: "ON",
  socket: "/run/mysqld/mysqld.sock",
  ssl_ca: "/config/current/tls/ca.crt",
  ssl_cert: "/config/current/tls/server.crt",
  ssl_key: "/config/current/tls/server.key",
  tls_version: "TLSv1.2,TLSv1.3",
  tmpdir: "/var/lib/mysql/tmp",
};

/** A third for InnoDB's pages; what other engines reserve by default is made small, as no application of ours uses them. */
export function memorySettings(memoryBytes: number): Settings {
  return {
    aria_pagecache_buffer_size: "8M",
    innodb_buffer_pool_size: megabytes(Math.max(32 * MIB, memoryBytes / 3)),
    innodb_log_buffer_size: "4M",
    key_buffer_size: "1M",
    max_connections: Math.min(500, Math.max(40, Math.floor(memoryBytes / (5 * MIB)))),
    table_definition_cache: 400,
    table_open_cache: 400,
    table_open_cache_instances: 1,
    thread_cache_size: 8,
    tmp_table_size: "8M",
  };
}

/**
 * Nothing that was acknowledged is lost by a crash of this site; with `sync`, nor by its loss: a commit is acknowledged when the
 * other site has it on disk, and waits for that as long as it takes, also when no standby is connected (semi-synchronous, AFTER_SYNC).
 */
export function replicationSettings(
  site: Pick<SiteModel, "capacity" | "designation">,
  server: Pick<DatabaseServerModel, "number" | "replication">,
): Settings {
  const sync = server.replication.mode === "sync";
  return {
    binlog_expire_logs_seconds: 604_800,
    binlog_format: "ROW",
    gtid_domain_id: domainId(server),
    gtid_strict_mode: "ON",
    innodb_flush_log_at_trx_commit: 1,
    log_bin: "binlog",
    log_slave_updates: "ON",
    // A standby asks again every two seconds for as long as it takes; the default ends after two days.
    master_retry_count: 4_294_967_295,
    max_binlog_size: "64M",
    max_binlog_total_size: logBytes(site.capacity.storageBytes),
    relay_log: "relay",
    // The agent switches it on where this server is the primary, before it opens it: on a standby, applying would wait for nobody's answer.
    rpl_semi_sync_master_enabled: "OFF",
    rpl_semi_sync_master_timeout: FOR_EVER,
    rpl_semi_sync_master_wait_no_slave: "ON",
    rpl_semi_sync_master_wait_point: "AFTER_SYNC",
    rpl_semi_sync_slave_enabled: sync ? "ON" : "OFF",
    server_id: serverId(server, site),
    // A dead link is noticed in as many seconds; the default is 60.
    slave_net_timeout: 10,
    // Without this a standby that is away keeps every log for ever, until the primary's disk is full.
    slave_connections_needed_for_purge: 0,
    sync_binlog: 1,
    sync_relay_log: sync ? 1 : 10_000,
  };
}

/** How much is logged for a standby that is away: a tenth of the site's storage, between 1 and 64 GiB. */
export function logBytes(storageBytes: number): number {
  return Math.floor(Math.min(64 * GIB, Math.max(GIB, storageBytes / 10)));
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / MIB)}M`;
}
