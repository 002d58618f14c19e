/** Names that follow from ids: one place for each pattern. */

export const stackName = (region: string, site: string): string => `${region}-${site}`;
export const backboneName = (region: string): string => `${region}-backbone`;
export const regionInternalDomain = (region: string): string => `${region}.internal`;
export const siteInternalDomain = (region: string, site: string): string => `${site}.${region}.internal`;
export const workloadHostName = (region: string, site: string, workload: string): string =>
  `${workload}.${siteInternalDomain(region, site)}`;
/** The place that is no site; no site may be called so. */
export const witnessId = "witness" as const;
/** Name that the certificate of every member of the epoch store carries, and no other. */
export const memberName = (region: string): string => `epoch-member.${regionInternalDomain(region)}`;
export const databaseWorkload = (server: { readonly id: string; readonly engine: string }): string =>
  `${server.engine === "mariadb" ? "mariadb" : "postgres"}-${server.id}`;
/** Roles of a MariaDB server itself that need a password beside their certificate: who streams from it, who watches it, who reads it for digest checkpoints. */
export const mariadbRoles = ["lumbung_replicator", "lumbung_ops", "checkpointer"] as const;
export const applicationWorkload = (application: string): string => `app-${application}`;
export const serviceName = (region: string, workload: string): string => `${workload}.${regionInternalDomain(region)}`;
/** Common name of an auditor's certificate: below no site, as either site may issue it, and of no workload. */
export const auditorName = (region: string, auditor: string): string =>
  `auditor-${auditor}.${regionInternalDomain(region)}`;
/** PostgreSQL identifiers without quotes: `-` becomes `_`. */
export const databaseRole = (database: string): string => database.replaceAll("-", "_");
export const gatewayName = (label: string, domain: string): string => `${label}.${domain}`;
export const nameServerName = (label: string, domain: string): string => `${label}.${domain}`;

/** Final dot added: a name as zone files write it. */
export const absolute = (name: string): string => `${name}.`;

/** Whether a name is the domain or below it. */
export const isWithin = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`);
