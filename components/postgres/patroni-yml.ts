/** Patroni's settings (patroni.readthedocs.io, 4.1): no secret in them, certificates by path. */
import { stringify } from "yaml";
import type { SiteSecrets } from "../../custody/types.ts";
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import { archiveParameters, pgbackrestServerConf } from "../backup/pgbackrest-server-conf.ts";
import { etcdHost } from "./guard-env.ts";
import { hbaLines, identLines } from "./hba.ts";
import { internalRoles, peerOf, placementAt, scopeOf, slotOf } from "./names.ts";
import { localParameters, sharedParameters } from "./parameters.ts";

const tls = {
  ca: "/config/current/tls/ca.crt",
  cert: "/config/current/tls/server.crt",
  key: "/config/current/tls/server.key",
};
const library = "/usr/local/lib/lumbung";

/** patroni.yml of a server at a site. Which site is active is not in it (D3): the guard and Patroni's store know. */
export function patroniYml(model: Model, site: SiteModel, server: DatabaseServerModel, secrets: SiteSecrets): string {
  const settings = {
    scope: scopeOf(model, server),
    name: site.id,
    log: { level: "INFO", deduplicate_heartbeat_logs: true, format: "%(asctime)s %(levelname)s patroni: %(message)s" },
    tags: { lumbung_region: secrets.regionIdentity },
    restapi: restApi(placementAt(site, server).hostName),
    ctl: { cacert: tls.ca, certfile: tls.cert, keyfile: tls.key },
    etcd3: { hosts: `${etcdHost(site)}:2379`, protocol: "https", cacert: tls.ca, cert: tls.cert, key: tls.key },
    bootstrap: bootstrap(model, site, server),
    postgresql: postgresql(model, site, server),
  };
  // Patroni reads YAML 1.1, where a bare `on` is no text.
  return stringify(settings, { lineWidth: 0, version: "1.1" });
}

/** Every answer needs a certificate of the region; what changes the server is taken from this container only. */
function restApi(hostName: string) {
  return {
    listen: "0.0.0.0:8008",
    connect_address: `${hostName}:8008`,
    cafile: tls.ca,
    certfile: tls.cert,
    keyfile: tls.key,
    verify_client: "required",
    allowlist: ["127.0.0.1"],
    allowlist_include_members: true,
  };
}

/** Counts once, when a server is made. `standby_cluster` is not here: the guard adds it to one that is copied. */
function bootstrap(model: Model, site: SiteModel, server: DatabaseServerModel) {
  const peer = peerOf(model, site, server);
  return {
    dcs: {
      loop_wait: 2,
      retry_timeout: 5,
      // At least loop_wait + 2 * retry_timeout, and not below Patroni's own minimum.
      ttl: 20,
      // One member per site: an etcd that is away must not stop writes.
      failsafe_mode: true,
      // Kept while this site is the primary: a standby with a slot for its own source would keep WAL for ever.
      ...(peer ? { slots: { [slotOf(peer)]: { type: "physical", cluster_type: "primary" } } } : {}),
      postgresql: { use_pg_rewind: true, use_slots: true, parameters: sharedParameters },
    },
    initdb: ["data-checksums", { encoding: "UTF8" }, { "locale-provider": "builtin" }, { locale: "C.UTF-8" }],
    post_bootstrap: `${library}/on-founded`,
  };
}

function postgresql(model: Model, site: SiteModel, server: DatabaseServerModel) {
  const placement = placementAt(site, server);
  const proof = {
    sslmode: "verify-full",
    sslrootcert: tls.ca,
    sslcert: tls.cert,
    sslkey: tls.key,
    gssencmode: "disable",
  };
  const onChange = `${library}/on-change`;
  return {
    listen: "0.0.0.0:5432",
    connect_address: `${placement.hostName}:5432`,
    data_dir: "/var/lib/postgresql/data",
    bin_dir: `/usr/lib/postgresql/${server.version}/bin`,
    pgpass: "/run/postgresql/pgpass",
    use_unix_socket: true,
    use_unix_socket_repl: true,
    authentication: {
      superuser: { username: internalRoles.superuser, ...proof },
      replication: { username: internalRoles.replication, ...proof },
      rewind: { username: internalRoles.rewind, ...proof },
    },
    parameters: {
      ...localParameters(server, placement.memoryBytes, site.capacity.storageBytes, peerOf(model, site, server)?.id),
      ...(pgbackrestServerConf(model, site, server) === undefined ? {} : archiveParameters(server)),
    },
    pg_hba: hbaLines(model, site, server),
    pg_ident: identLines(model, server),
    basebackup: [{ checkpoint: "fast" }],
    // Under the lease alone (D7): Patroni knows nothing of the other site.
    pre_promote: `${library}/pre-promote`,
    callbacks: { on_start: onChange, on_role_change: onChange },
    // A returning server is rewound or copied by a runbook, never thrown away by itself.
    remove_data_directory_on_rewind_failure: false,
    remove_data_directory_on_diverged_timelines: false,
  };
}
