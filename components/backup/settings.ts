/** What the image's programme is told (services/backup/config.ts): targets, where each is read, and who may order. Nothing in it is secret. */
import { classesOf, policyOf, repositoryNumber, uniqueTargets } from "../../model/derive/backup-repositories.ts";
import type { BackupModel, BackupTarget, Model, SiteModel, WorkloadPlacement } from "../../model/types.ts";
import type { BackupConfig, MariadbServer, Reached, Source, Stanza } from "../../services/backup/config.ts";
import { UPLOADS_PORT } from "../gateway/plan.ts";
import { placementNamed, placementOfKind } from "../placement.ts";
import { toldApplications } from "./applications.ts";
import { archivedServers, HEALTH_PORT, OBJECTS_PORT, serversOf, stanzaOf, targetOf } from "./names.ts";

const POSTGRES_PORT = 5432;
const MARIADB_PORT = 3306;
/** Of the agent beside MariaDB, and of git's copies. */
const AGENT_PORT = 8008;
const CODE_PORT = 8443;
const DNS_PORT = 5353;
const SIGNER_PORT = 9444;

export type Role = BackupConfig["role"];

/** Name of the workload and kind of its placement by role. */
export const kindOf = { host: "backup", room: "drill" } as const;

export function backupConfig(model: Model, site: SiteModel, backup: BackupModel, role: Role): BackupConfig {
  const targets = uniqueTargets(backup).filter(({ engine }) => engine !== "foreign");
  const applications = role === "room" ? toldApplications(model, backup) : [];
  return {
    version: 1,
    role,
    region: model.region.id,
    site: site.id,
    timezone: model.region.timezone,
    port: HEALTH_PORT,
    name: placementOfKind(site, kindOf[role]).hostName,
    ops: placementOfKind(site, "ops").hostName,
    monitors: model.sites.flatMap(({ workloads }) =>
      workloads.filter(({ kind }) => kind === "ops").map(({ hostName }) => hostName),
    ),
    store: {
      ...own(placementOfKind(site, "objects"), OBJECTS_PORT),
      bucket: backup.bucket,
      lockDays: backup.lockDays,
    },
    targets: targets.map((target) => ({
      id: target.id,
      engine: target.engine,
      retention: policyOf(backup, target).retention,
    })),
    stanzas: stanzas(model, site, backup),
    mariadb: mariadbServers(model, site, backup, targets),
    sources: targets.flatMap((target) => sourceOf(model, site, target) ?? []),
    ...(applications.length === 0 ? {} : { applications }),
  };
}

/** At its own site. @throws where the workload has no network. */
function own({ name, hostName, address }: WorkloadPlacement, port: number): Reached {
  if (address === undefined) throw new Error(`${name}: expected an address, received none`);
  return { host: hostName, address, port };
}

function stanzas(model: Model, site: SiteModel, backup: BackupModel): Stanza[] {
  return archivedServers(model).map((server) => {
    const target = backup.targets.find(({ id }) => id === targetOf(server));
    const classes = target === undefined ? [] : classesOf(policyOf(backup, target).retention);
    const [here, ...elsewhere] = serversOf(model, site, server);
    return {
      target: targetOf(server),
      name: stanzaOf(server),
      repositories: classes.map((name) => ({ class: name, number: repositoryNumber[name] })),
      servers: [
        ...(here === undefined ? [] : [own(here, POSTGRES_PORT)]),
        ...elsewhere.flatMap(({ hostName, backboneAddress }) =>
          backboneAddress === undefined ? [] : [{ host: hostName, address: backboneAddress, port: POSTGRES_PORT }],
        ),
      ],
    };
  });
}

function mariadbServers(
  model: Model,
  site: SiteModel,
  backup: BackupModel,
  targets: readonly BackupTarget[],
): MariadbServer[] {
  return targets
    .filter(({ engine }) => engine === "mariadb-backup")
    .flatMap((target) => {
      const server = model.databaseServers.find(({ id }) => target.id === `mariadb:${id}`);
      if (!server) return [];
      const placement = placementNamed(site, server.workload);
      const { daily, weekly } = policyOf(backup, target).retention;
      return [
        {
          target: target.id,
          id: server.id,
          agent: own(placement, AGENT_PORT),
          server: own(placement, MARIADB_PORT),
          logDays: Math.max(daily, weekly * 7) + 1,
        },
      ];
    });
}

/** From where a target of restic's is brought; undefined for what is no such target. */
function sourceOf(model: Model, site: SiteModel, { id, kind, engine }: BackupTarget): Source | undefined {
  if (engine !== "restic") return undefined;
  switch (kind) {
    case "files": {
      const application = model.applications.find((one) => id === `files:${one.id}`);
      const workload = application?.run?.workload;
      if (workload === undefined) return undefined;
      return { target: id, kind, from: own(placementNamed(site, workload), UPLOADS_PORT) };
    }
    case "repositories":
      return {
        target: id,
        kind,
        from: own(placementOfKind(site, "code"), CODE_PORT),
        ids: (model.code?.repositories ?? []).map((repository) => repository.id),
      };
    case "objects":
      return { target: id, kind, bucket: id.slice("objects:".length) };
    case "zones":
      return {
        target: id,
        kind,
        from: own(placementOfKind(site, "dns"), DNS_PORT),
        zones: model.zones.map(({ name }) => name),
      };
    case "evidence":
      return {
        target: id,
        kind,
        from: own(placementOfKind(site, "signer"), SIGNER_PORT),
        ...(model.backup?.evidenceBucket === undefined ? {} : { bucket: model.backup.evidenceBucket }),
      };
    case "state":
    case "inventory":
      return { target: id, kind: "deposit" };
    default:
      return undefined;
  }
}
