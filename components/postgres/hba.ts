/** Who may connect to PostgreSQL, from where, proven how (pg_hba.conf, pg_ident.conf). Whoever is not listed is refused. */
import type { DatabaseServerModel, Model, SiteModel } from "../../model/types.ts";
import { checkpointersOf, internalRoles, placementAt } from "./names.ts";

const operatingSystemUser = "postgres";
const localMap = "local";
const siteMap = "sites";

/**
 * Lines of pg_hba.conf, first match wins. Local: the server's own user, by the kernel's word. From other workloads: TLS only,
 * with a certificate of the region for the server's own roles, a password (SCRAM) for an application's role on its own database.
 */
export function hbaLines(model: Model, site: SiteModel, server: DatabaseServerModel): readonly string[] {
  const { superuser, replication, rewind, monitor, checkpointer } = internalRoles;
  // A database that nobody declared is backed up with its server, and has a digest like the others.
  const checkpointed = checkpointersOf(model).length > 0 ? ["all"] : [];
  const backbone = subnetsOf(model.backbone);
  const everywhere = [...subnetsOf(site.network), ...backbone];
  return [
    `local all ${superuser} peer map=${localMap}`,
    `local replication ${replication} peer map=${localMap}`,
    ...backbone.map((subnet) => `hostssl replication ${replication} ${subnet} cert map=${siteMap}`),
    ...backbone.map((subnet) => `hostssl postgres ${rewind} ${subnet} cert map=${siteMap}`),
    ...everywhere.map((subnet) => `hostssl postgres ${monitor} ${subnet} cert map=${siteMap}`),
    ...checkpointed.flatMap((database) =>
      everywhere.map((subnet) => `hostssl ${database} ${checkpointer} ${subnet} cert map=${siteMap}`),
    ),
    ...server.databases.flatMap(({ name, role }) =>
      everywhere.map((subnet) => `hostssl ${quote(name)} ${quote(role)} ${subnet} scram-sha-256`),
    ),
  ];
}

/** Lines of pg_ident.conf: which certificate's name, or which user of the operating system, may be which role. */
export function identLines(model: Model, server: DatabaseServerModel): readonly string[] {
  const { superuser, replication, rewind, monitor, checkpointer } = internalRoles;
  const servers = model.sites.flatMap((site) =>
    site.workloads.some(({ kind, of }) => kind === "postgresql" && of === server.id) ? [placementAt(site, server)] : [],
  );
  const probes = model.sites.flatMap(({ workloads }) => workloads.filter(({ kind }) => kind === "ops"));
  return [
    ...[superuser, replication].map((role) => `${localMap} ${operatingSystemUser} ${role}`),
    ...servers.flatMap(({ hostName }) => [replication, rewind].map((role) => `${siteMap} ${hostName} ${role}`)),
    ...probes.map(({ hostName }) => `${siteMap} ${hostName} ${monitor}`),
    ...checkpointersOf(model).map(({ hostName }) => `${siteMap} ${hostName} ${checkpointer}`),
  ];
}

function subnetsOf({ subnet, subnet6 }: Model["backbone"]): readonly string[] {
  return subnet6 ? [subnet, subnet6] : [subnet];
}

/** Quoted: a keyword (`all`, `replication`) loses its meaning, and case is kept. Throws on what no line can hold. */
function quote(name: string): string {
  if (/["\r\n\0]/.test(name))
    throw new Error(`pg_hba: expected a name without quotes, received ${JSON.stringify(name)}`);
  return `"${name}"`;
}
