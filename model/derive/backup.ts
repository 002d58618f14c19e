/** What is backed up at each site, and what is not and why: all of it follows from the inventory, so that nothing is forgotten. */
import type { BackupPolicy } from "../schema/backup.ts";
import type { Inventory } from "../schema/index.ts";
import { text } from "../text.ts";
import type { BackupKind, BackupPlan, BackupPolicyModel, BackupTarget, Model, NoBackup, Text } from "../types.ts";
import { wholeApplications } from "./backup-applications.ts";
import { isRunningApplication, isRunningServer } from "./placement.ts";
import { secondsOfDay } from "./time-of-day.ts";

/** Something declared that may hold data: what backs it up, or why nothing does. */
interface Candidate {
  readonly id: string;
  readonly kind: BackupKind;
  readonly policy: string | undefined;
  readonly engine: BackupTarget["engine"];
  /** Present: there is nothing of ours to back up, whatever the policy. */
  readonly nothing?: Text;
}

type Declared = Pick<
  Inventory,
  | "sites"
  | "databaseServers"
  | "databases"
  | "applications"
  | "codeRepository"
  | "objectStore"
  | "backup"
  | "backupPolicies"
>;

/** Every target at every site, and everything that has no backup with its reason. Linear in the inventory. */
export function backupPlan(inventory: Declared): BackupPlan {
  const rpo = new Map(inventory.backupPolicies.map(({ id, rpoSeconds }) => [id, rpoSeconds]));
  const targets: BackupTarget[] = [];
  const without: NoBackup[] = [];
  for (const { id, kind, policy, engine, nothing } of candidates(inventory)) {
    const rpoSeconds = policy === undefined ? undefined : rpo.get(policy);
    if (nothing !== undefined) without.push({ id, kind, holdsData: false, reason: nothing });
    else if (policy === undefined || rpoSeconds === undefined)
      without.push({ id, kind, holdsData: true, reason: NO_POLICY });
    else for (const site of inventory.sites) targets.push({ id, kind, site: site.id, policy, rpoSeconds, engine });
  }
  return { targets, without };
}

/** Of a region whose backups run. */
export function backupModel(inventory: Inventory): Pick<Model, "backup"> {
  const { backup, objectStore } = inventory;
  if (backup?.status !== "running") return {};
  const { bucket, evidenceBucket, drillEverySeconds, readDataSlices } = backup;
  const plan = backupPlan(inventory);
  const applications = wholeApplications(inventory, plan.targets);
  return {
    backup: {
      workload: "backup",
      bucket,
      ...(evidenceBucket === undefined ? {} : { evidenceBucket }),
      lockDays: objectStore?.buckets.find(({ id }) => id === bucket)?.lockDays ?? 0,
      policies: inventory.backupPolicies.map(policyModel),
      drillEverySeconds,
      readDataSlices,
      ...(applications.length === 0 ? {} : { applications }),
      ...plan,
    },
  };
}

function policyModel(policy: BackupPolicy): BackupPolicyModel {
  const { id, fullEverySeconds, differentialEverySeconds, incrementalEverySeconds } = policy;
  const { continuous, startsAt, rpoSeconds, retention } = policy;
  return {
    id,
    fullEverySeconds,
    ...(differentialEverySeconds === undefined ? {} : { differentialEverySeconds }),
    ...(incrementalEverySeconds === undefined ? {} : { incrementalEverySeconds }),
    continuous,
    startsAtSeconds: secondsOfDay(startsAt),
    rpoSeconds,
    retention,
  };
}

/** One line for each kind of thing that is declared. */
function* candidates(inventory: Declared): Generator<Candidate> {
  yield* servers(inventory);
  yield* applications(inventory);
  yield* repositories(inventory);
  yield* buckets(inventory);
  yield* ofTheRegion(inventory);
}

function* servers({ databaseServers }: Declared): Generator<Candidate> {
  for (const server of databaseServers) {
    const { id, engine, backup: policy } = server;
    if (engine === "external") {
      yield { id: `application:server/${id}`, kind: "application", policy, engine: "foreign" };
      continue;
    }
    yield {
      id: `${engine}:${id}`,
      kind: engine,
      policy,
      engine: engine === "postgresql" ? "pgbackrest" : "mariadb-backup",
      ...(isRunningServer(server) ? {} : { nothing: PLANNED }),
    };
  }
}

function* applications({ applications: declared, databases, databaseServers }: Declared): Generator<Candidate> {
  const server = new Map(databases.map((database) => [database.id, database.server]));
  const external = new Set(databaseServers.filter(({ engine }) => engine === "external").map(({ id }) => id));
  for (const application of declared) {
    const { id, hostedBy, status, database, backup: policy, run } = application;
    const uploads = isRunningApplication(application) && run?.uploads !== undefined;
    const on = database === undefined ? undefined : server.get(database);
    if (uploads) yield { id: `files:${id}`, kind: "files", policy, engine: "restic" };
    else {
      const nothing = whyNothing(status, hostedBy, database, on !== undefined && external.has(on));
      yield {
        id: `application:${id}`,
        kind: "application",
        policy,
        engine: "foreign",
        ...(nothing ? { nothing } : {}),
      };
    }
  }
}

/** Why an application without uploads of ours has nothing to back up; undefined where an agency runs it with data of its own. */
function whyNothing(
  status: string,
  hostedBy: string,
  database: string | undefined,
  onExternalServer: boolean,
): Text | undefined {
  if (status === "retired") return RETIRED;
  if (hostedBy === "central") return CENTRAL;
  if (status === "planned") return PLANNED;
  if (hostedBy === "region") return database === undefined ? STATELESS : inDatabase(database);
  return onExternalServer && database !== undefined ? inDatabase(database) : undefined;
}

function* repositories({ codeRepository }: Declared): Generator<Candidate> {
  if (!codeRepository) return;
  yield {
    id: "repositories",
    kind: "repositories",
    policy: codeRepository.backup,
    engine: "restic",
    ...(codeRepository.status === "running" ? {} : { nothing: PLANNED }),
  };
}

function* buckets({ objectStore, backup }: Declared): Generator<Candidate> {
  for (const { id, backup: policy } of objectStore?.buckets ?? []) {
    const nothing =
      objectStore?.status !== "running"
        ? PLANNED
        : id === backup?.bucket
          ? IS_THE_BACKUP
          : id === backup?.evidenceBucket
            ? AS_EVIDENCE
            : undefined;
    yield { id: `objects:${id}`, kind: "objects", policy, engine: "restic", ...(nothing ? { nothing } : {}) };
  }
}

function* ofTheRegion({ backup }: Declared): Generator<Candidate> {
  for (const kind of ["zones", "state", "inventory", "evidence"] as const) {
    const nothing = kind === "evidence" && backup?.evidenceBucket === undefined ? NO_EVIDENCE : undefined;
    yield { id: kind, kind, policy: backup?.policies[kind], engine: "restic", ...(nothing ? { nothing } : {}) };
  }
}

const NO_POLICY = text("kebijakan cadangannya tidak dideklarasikan", "no backup policy is declared for it");
const PLANNED = text("baru direncanakan: belum ada data", "planned: it has no data yet");
const RETIRED = text("sudah dihentikan", "retired");
const CENTRAL = text(
  "dijalankan pemerintah pusat, yang mencadangkannya",
  "run by the central government, which backs it up",
);
const STATELESS = text("tidak menyimpan data sendiri", "keeps no data of its own");
const IS_THE_BACKUP = text(
  "berisi cadangan itu sendiri; lokasi lain punya cadangannya sendiri",
  "holds the backups themselves; the other site has its own",
);
const AS_EVIDENCE = text("dicadangkan sebagai bukti", "backed up as evidence");
const NO_EVIDENCE = text("bucket bukti tidak dideklarasikan", "no bucket of evidence is declared");
const inDatabase = (database: string): Text =>
  text(
    `tidak menyimpan data selain basis data "${database}", yang dicadangkan bersama servernya`,
    `keeps no data but database "${database}", which is backed up with its server`,
  );
