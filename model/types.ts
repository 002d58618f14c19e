/**
 * The model: everything that follows from an inventory, derived by pure functions (same inventory, same model).
 * Components, custody, web pages, probes and compliance read the model; nobody but `model/` reads the YAML.
 * Addresses are text (`10.91.0.10`, `10.91.0.0/24`), sizes bytes, durations seconds, dates ISO 8601.
 */

import type { Leave } from "./grants.ts";

export type SiteId = string;
export type Designation = "primary" | "recovery";
export type RegulationId = "empat-lawang-30-2019" | "lamandau-37-2018" | "langsa-34-2020" | "serdang-bedagai-8-2017";

export interface Model {
  readonly region: RegionModel;
  readonly sites: readonly SiteModel[];
  /** The third place that holds the epoch; absent: there is none, and nothing closes by itself on a cut (D7). */
  readonly witness?: WitnessModel;
  readonly backbone: NetworkModel;
  readonly opds: readonly OpdModel[];
  readonly databaseServers: readonly DatabaseServerModel[];
  readonly applications: readonly ApplicationModel[];
  /** The object store that runs at both sites; absent where none is declared running. */
  readonly objects?: ObjectStoreModel;
  /** The code repository that runs at both sites; absent where none is declared running. */
  readonly code?: CodeRepositoryModel;
  /** The backups that each site takes; absent where none is declared running. */
  readonly backup?: BackupModel;
  /** Who may read reports and evidence for a time; absent where nobody is declared. */
  readonly auditors?: readonly AuditorModel[];
  readonly zones: readonly ZoneModel[];
  /** Every host name that the gateway serves, in order of name. Names of planned applications are not here. */
  readonly hosts: readonly HostModel[];
  /** What is not wrong but should be known, for example two sites that share a power grid. */
  readonly warnings: readonly Warning[];
}

export interface Warning {
  readonly path: string;
  /** Name of the rule, stable, for example `shared-hazard`. */
  readonly code: string;
  readonly message: Text;
}

/** A text that users read, in both languages. */
export interface Text {
  readonly id: string;
  readonly en: string;
}

export interface RegionModel {
  /** Directory name of the inventory and first part of every stack's name, for example `lab`. */
  readonly id: string;
  readonly name: string;
  readonly government: string;
  /** Apex of the region's go.id domain, without final dot. */
  readonly domain: string;
  readonly timezone: "Asia/Jakarta" | "Asia/Makassar" | "Asia/Jayapura";
  readonly regulations: readonly RegulationId[];
  /** A lab may be destroyed by `down`; any other region needs a second, explicit flag. */
  readonly lab: boolean;
  /** Domain of the names between workloads, `<region>.internal`. */
  readonly internalDomain: string;
  /** Who together open a lost site's escrow: one of each. Absent: the region has not named them. */
  readonly escrow?: { readonly operators: readonly KeyHolder[]; readonly approvers: readonly KeyHolder[] };
  /** Who may approve runbooks, a line a key. */
  readonly approvers: readonly ApproverModel[];
  /** The region's one gateway name, to which every declared name is a CNAME (D3), for example `gerbang.<domain>`. */
  readonly gatewayName: string;
  /** When `ops` assesses the duties by itself. */
  readonly assessments: AssessmentsModel;
  /** By folder of `images/`: the image that takes its place, as `name@sha256:…` or by its id (D5). Absent: all are built from their folders. */
  readonly images?: Readonly<Record<string, string>>;
}

/** On the first day of a month, local time. */
export interface AssessmentsModel {
  /** Months, from 1, whose assessment is that of the periodic report. */
  readonly reportMonths: readonly number[];
  /** Whether one is made in the other months as well. */
  readonly monthly: boolean;
  /** From local midnight. */
  readonly atSeconds: number;
}

/** A key by which a role approves runbooks. */
export interface ApproverModel {
  readonly role: string;
  /** Post that holds the role, without a person's name. */
  readonly post: string;
  /** SPKI PEM, Ed25519. Absent in a lab alone: its keys are made on the machine that runs it. */
  readonly publicKey?: string;
  /** `approve`: planned work. `override`: together with another role, a takeover against the rules. */
  readonly may: readonly ("approve" | "override")[];
}

/** A body that may read reports and evidence from one moment until another, both in ISO 8601; the second is the first at which it may not. */
export interface AuditorModel {
  readonly id: string;
  /** Name of the body. */
  readonly body: string;
  /** Common name of its certificates. */
  readonly name: string;
  readonly from: string;
  readonly until: string;
}

/** Where workloads run: a site, or the witness. */
export interface PlaceModel {
  readonly id: string;
  /** `<region>-<id>` */
  readonly stack: string;
  readonly name: string;
  readonly place: { readonly city: string; readonly latitude: number; readonly longitude: number };
  readonly hazards: {
    readonly riverBasin: string;
    readonly powerGrid: string;
    readonly uplink: string;
    readonly seismicZone: string;
  };
  readonly runtime:
    | { readonly kind: "docker"; readonly host?: string }
    | { readonly kind: "kubernetes"; readonly context: string };
  /** The address on which it publishes what it publishes. In a lab, a loopback address. */
  readonly publicAddress: string;
  /** Absent: its workloads are on the backbone alone. */
  readonly network?: NetworkModel;
  /** `<id>.<region>.internal` */
  readonly internalDomain: string;
  /** In order of start. */
  readonly workloads: readonly WorkloadPlacement[];
}

/** The witness: one member of the epoch store, and nothing else. */
export interface WitnessModel extends PlaceModel {
  readonly id: "witness";
  /** How long the active site may still take writes after it was cut off. */
  readonly leaseSeconds: number;
}

export interface SiteModel extends PlaceModel {
  readonly id: SiteId;
  readonly network: NetworkModel;
  readonly designation: Designation;
  readonly capacity: { readonly cpus: number; readonly memoryBytes: number; readonly storageBytes: number };
  readonly publicAddress6?: string;
  /** Host name of the site's name server below the region's domain, for example `ns1.<domain>`. */
  readonly nameServer: string;
  /** Who holds the site's secrets, and with which public age keys a handover is sealed to them. */
  readonly custodians: readonly KeyHolder[];
}

/** A role and the public age keys (`age1…`) of its holder. */
export interface KeyHolder {
  readonly role: string;
  readonly recipients: readonly string[];
}

export interface NetworkModel {
  /** Name of the runtime's network, for example `lab-dc` or `lab-backbone`. */
  readonly name: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly subnet6?: string;
}

export type WorkloadKind =
  | "config"
  | "etcd"
  | "epoch"
  | "postgresql"
  | "mariadb"
  | "objects"
  | "code"
  | "backup"
  | "drill"
  | "dns"
  | "gateway"
  | "web"
  | "application"
  | "signer"
  | "ops";

/** One workload at one site: what it is called and where it is reached. */
export interface WorkloadPlacement {
  /** Unique in the site and the same at both sites: `etcd`, `epoch`, `postgres-utama`, `mariadb-php`, `objects`, `code`, `backup`, `drill`, `dns`, `gateway`, `web`, `app-pengaduan`, `signer`, `ops`, `config`. */
  readonly name: string;
  readonly kind: WorkloadKind;
  /** Id of the database server or application that this runs, for kinds that have many. */
  readonly of?: string;
  /** Address on the site's network. Absent for `config`, which has no network, and for `epoch`, which is on the backbone alone. */
  readonly address?: string;
  /** Address on the backbone: only for what talks to the other places (epoch, gateway, postgresql, mariadb, objects, code, backup, dns, signer, ops). */
  readonly backboneAddress?: string;
  /** `<name>.<site>.<region>.internal` */
  readonly hostName: string;
  readonly memoryBytes: number;
}

export interface OpdModel {
  readonly id: string;
  /** Stable number, from which addresses follow; never reused. */
  readonly number: number;
  readonly name: string;
  readonly shortName: string;
  readonly kind: "sekretariat" | "dinas" | "badan" | "inspektorat" | "kecamatan" | "rsud" | "puskesmas" | "lainnya";
  readonly aliases: readonly string[];
  readonly mergedInto?: { readonly opd: string; readonly on: string };
  readonly network: { readonly subnet: string; readonly gateway: string; readonly subnet6?: string };
  readonly bandwidth: { readonly guaranteedMbps: number; readonly maximumMbps: number };
  /** Host name of its site, if it has one of its own. */
  readonly host?: string;
  readonly contents: OpdContents;
}

/** What an OPD's site must carry (EL 15(3)(4), 29(5)); what is missing is shown as missing, never invented. */
export interface OpdContents {
  readonly profile?: string;
  readonly duties?: readonly string[];
  readonly structure?: readonly string[];
  readonly programmes?: readonly string[];
  readonly services?: readonly {
    readonly name: string;
    readonly requirements?: string;
    readonly fee?: string;
    readonly duration?: string;
  }[];
  readonly news?: readonly { readonly date: string; readonly title: string; readonly body: string }[];
  readonly regulations?: readonly { readonly title: string; readonly number: string }[];
  readonly policies?: readonly string[];
  readonly contact?: { readonly address: string; readonly email: string; readonly phone?: string };
  readonly updated?: string;
}

export interface DatabaseServerModel {
  readonly id: string;
  readonly number: number;
  readonly engine: "postgresql" | "mariadb" | "external";
  readonly version: string;
  /** Loss that is accepted when a site is lost: `sync` none, `async` at most `rpoSeconds`. */
  readonly replication: { readonly mode: "sync" | "async"; readonly rpoSeconds: number };
  readonly rtoSeconds: number;
  /** `postgres-<id>` or `mariadb-<id>` */
  readonly workload: string;
  /** Region-wide service name, answered by the gateway of either site: `<workload>.<region>.internal`. */
  readonly serviceName: string;
  readonly running: boolean;
  readonly databases: readonly DatabaseModel[];
}

export interface DatabaseModel {
  readonly id: string;
  readonly server: string;
  readonly owner: string;
  /** Login role that owns the database: same as the id, with `-` turned into `_`. */
  readonly role: string;
  readonly name: string;
  readonly group: string;
  readonly classification: "public" | "limited" | "secret";
  readonly administrator?: string;
  /** Leave for others than the database's own role. Absent: none is on record. */
  readonly leaves?: readonly DatabaseLeave[];
}

export interface DatabaseLeave {
  /** Login role on the server, without host. */
  readonly role: string;
  readonly may: Leave;
  /** Local date; the last day counts. */
  readonly until?: string;
}

export interface ApplicationModel {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly owner: string;
  readonly status: "running" | "planned" | "retired";
  readonly hostedBy: "region" | "opd" | "central";
  readonly class: string;
  /** How it is run by us; absent unless `status` is `running` and `hostedBy` is `region`. */
  readonly run?: {
    /** `app-<id>` */
    readonly workload: string;
    /** Folder below `images/`, or an image by name and digest. */
    readonly image: string;
    /** `service`: one of ours, in the `node` image. `php`: nginx with the core rules, PHP-FPM and the application, in an image of its own. */
    readonly runtime: "service" | "php";
    readonly database?: string;
    readonly cpus: number;
    readonly memoryBytes: number;
    /** What users upload: kept in a volume at both sites, copied from the active one to the other. Absent: it keeps none. */
    readonly uploads?: { readonly rpoSeconds: number; readonly quotaBytes: number };
    /** Commit or signed tag of its repository that the image was made of, as declared. */
    readonly revision?: string;
  };
  readonly hosts: readonly string[];
}

export interface ObjectStoreModel {
  /** `objects` */
  readonly workload: string;
  readonly buckets: readonly BucketModel[];
}

export interface BucketModel {
  readonly id: string;
  readonly owner: string;
  readonly classification: "public" | "limited" | "secret";
  readonly versioning: boolean;
  /** How long each version is locked (COMPLIANCE); 0: no lock. */
  readonly lockDays: number;
  /** How old the copy at the other site may be. */
  readonly rpoSeconds: number;
  /** False: each site keeps content of its own, which no other reads. Absent: copied from the active site. */
  readonly copied?: false;
}

export interface CodeRepositoryModel {
  /** `code` */
  readonly workload: string;
  /** Host name by which people reach it, if it has one that is published. */
  readonly host?: string;
  /** Port on the site's public address for git over SSH. */
  readonly sshPort: number;
  /** How old the copy at the other site may be. */
  readonly rpoSeconds: number;
  readonly repositories: readonly RepositoryModel[];
  /** Roles that may reach a repository, with the public keys of their holders. */
  readonly people: readonly { readonly role: string; readonly opd: string; readonly sshKeys: readonly string[] }[];
}

export interface RepositoryModel {
  readonly id: string;
  readonly owner: string;
  readonly application?: string;
  /** Roles that may push. Every role of the owner's OPD may read. */
  readonly maintainers: readonly string[];
  /** A push that would make it larger is refused. */
  readonly quotaBytes: number;
}

export interface BackupModel extends BackupPlan {
  /** `backup` */
  readonly workload: string;
  /** The bucket of each site's own object store that holds its repositories, and how long it locks a new version. */
  readonly bucket: string;
  /** Locked bucket of signed evidence, which is copied to the other site; absent: none is declared. */
  readonly evidenceBucket?: string;
  readonly lockDays: number;
  readonly policies: readonly BackupPolicyModel[];
  readonly drillEverySeconds: number;
  readonly readDataSlices: number;
  /** What is drilled as a whole besides each target by itself. Absent: nothing is. */
  readonly applications?: readonly WholeApplication[];
}

/** An application whose database and files are restored together and that is started on them: a target of drills, and of no backup. */
export interface WholeApplication {
  /** `application:<id>` */
  readonly id: string;
  /** Id of the application. */
  readonly application: string;
  /** The backup target of its database server: `mariadb:php`. */
  readonly database: string;
  /** That of its uploads; absent: it takes none. */
  readonly files?: string;
}

export interface BackupPolicyModel {
  readonly id: string;
  readonly fullEverySeconds: number;
  readonly differentialEverySeconds?: number;
  readonly incrementalEverySeconds?: number;
  /** Changes are archived all the time (WAL, binary log). */
  readonly continuous: boolean;
  /** Seconds after local midnight. */
  readonly startsAtSeconds: number;
  readonly rpoSeconds: number;
  readonly retention: Retention;
}

/** How many backups of each class are kept. */
export interface Retention {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly yearly: number;
}

export type BackupKind =
  | "postgresql"
  | "mariadb"
  | "files"
  | "repositories"
  | "objects"
  | "zones"
  | "state"
  | "inventory"
  | "evidence"
  | "application";

/** What is backed up, and what is not. */
export interface BackupPlan {
  /** Each thing once for each site, as each site takes its own copies. */
  readonly targets: readonly BackupTarget[];
  readonly without: readonly NoBackup[];
}

export interface BackupTarget {
  /** The same at every site: `postgresql:utama`, `files:ppid`, `zones`. */
  readonly id: string;
  readonly kind: BackupKind;
  readonly site: SiteId;
  /** Id of its policy. */
  readonly policy: string;
  readonly rpoSeconds: number;
  /** `foreign`: run by others, with engines that are not ours; only a report of theirs shows a copy. */
  readonly engine: "pgbackrest" | "mariadb-backup" | "restic" | "foreign";
}

/** Something declared of which no backup is taken. */
export interface NoBackup {
  readonly id: string;
  readonly kind: BackupKind;
  /** Whether it holds data that a loss would take: it counts as declared, and as not covered. */
  readonly holdsData: boolean;
  readonly reason: Text;
}

export interface HostModel {
  /** Full host name, lower case, no final dot. */
  readonly host: string;
  readonly serves:
    | { readonly kind: "portal" }
    | { readonly kind: "opd"; readonly opd: string }
    | { readonly kind: "application"; readonly application: string; readonly workload: string }
    | { readonly kind: "code"; readonly workload: string };
  readonly owner: string;
  readonly decree: { readonly number: string; readonly date: string };
  readonly expires: string;
}

export interface ZoneModel {
  /** Apex, without final dot. */
  readonly name: string;
  readonly ttlSeconds: number;
  readonly soa: {
    readonly primary: string;
    readonly hostmaster: string;
    readonly refresh: number;
    readonly retry: number;
    readonly expire: number;
    readonly minimum: number;
  };
  /**
   * Records that the inventory owns, in canonical order, names relative to nothing (full, without final dot).
   * Never the address records of the gateway name or of the apex: those belong to the runbooks (D3).
   */
  readonly records: readonly RecordModel[];
  /** Names whose A and AAAA records the runbooks own. */
  readonly runbookNames: readonly string[];
}

export interface RecordModel {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly type: "NS" | "A" | "AAAA" | "CNAME" | "MX" | "TXT" | "CAA";
  /** Presentation format (RFC 1035 section 5), names with final dot. */
  readonly data: string;
}
