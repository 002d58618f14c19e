/** The options of all verbs, as node:util's parseArgs takes them. */
export const OPTIONS = {
  region: { type: "string" },
  site: { type: "string" },
  workload: { type: "string" },
  json: { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  confirm: { type: "string" },
  "not-a-lab": { type: "boolean", default: false },
  refresh: { type: "boolean", default: false },
  to: { type: "string" },
  from: { type: "string" },
  identity: { type: "string", multiple: true },
  finish: { type: "boolean", default: false },
  "ds-published": { type: "boolean", default: false },
  "ds-ttl": { type: "string" },
  within: { type: "string" },
  keys: { type: "string" },
  bucket: { type: "boolean", default: false },
  target: { type: "string" },
  type: { type: "string" },
  all: { type: "boolean", default: false },
  choice: { type: "string" },
  until: { type: "string" },
  copy: { type: "string" },
  "over-live": { type: "boolean", default: false },
  previous: { type: "string" },
  kind: { type: "string" },
  format: { type: "string" },
  out: { type: "string" },
  plan: { type: "boolean", default: false },
  key: { type: "string", multiple: true },
  approval: { type: "string", multiple: true },
  supersedes: { type: "string" },
  reason: { type: "string" },
  by: { type: "string" },
  detach: { type: "boolean", default: false },
  file: { type: "string" },
  csr: { type: "string" },
  status: { type: "string" },
  note: { type: "string" },
  justification: { type: "string" },
  approver: { type: "string" },
  expires: { type: "string" },
  which: { type: "string", multiple: true },
  record: { type: "boolean", default: false },
  lang: { type: "string" },
  help: { type: "boolean", default: false, short: "h" },
} as const;

export interface Options {
  readonly region?: string | undefined;
  readonly site?: string | undefined;
  readonly workload?: string | undefined;
  readonly json?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly confirm?: string | undefined;
  readonly "not-a-lab"?: boolean | undefined;
  readonly refresh?: boolean | undefined;
  /** File or folder that is written; of a runbook, the site that is to be active. */
  readonly to?: string | undefined;
  /** File or folder that is read. */
  readonly from?: string | undefined;
  /** Files with private age keys. */
  readonly identity?: readonly string[] | undefined;
  /** Ends an overlap of `secrets rotate`, or takes its next step. */
  readonly finish?: boolean | undefined;
  /** The parent zone shows the new DS record. */
  readonly "ds-published"?: boolean | undefined;
  /** Seconds. */
  readonly "ds-ttl"?: string | undefined;
  /** Seconds that a site may take until it is well. */
  readonly within?: string | undefined;
  /** Folder with public keys that evidence is checked by. */
  readonly keys?: string | undefined;
  /** Reads evidence from the locked bucket. */
  readonly bucket?: boolean | undefined;
  /** What is backed up or drilled, for example `postgresql:utama`. */
  readonly target?: string | undefined;
  /** Of a backup: `full`, `differential` or `incremental`. */
  readonly type?: string | undefined;
  /** Every target. */
  readonly all?: boolean | undefined;
  /** Which copy a drill restores: `newest`, `oldest` or `random`. */
  readonly choice?: string | undefined;
  /** The moment to which a drill restores, in ISO 8601; without offset, in the region's time. */
  readonly until?: string | undefined;
  /** Id of the backup that is restored. */
  readonly copy?: string | undefined;
  /** Puts what was restored over live data. */
  readonly "over-live"?: boolean | undefined;
  /** File with the assessment before. */
  readonly previous?: string | undefined;
  /** Which report: `audit`, `half-yearly`, `standard`, `bupati`, `letters` or `bundle`. */
  readonly kind?: string | undefined;
  /** Of a report: `html`, `pdf`, `csv`, `oscal` or `json`. */
  readonly format?: string | undefined;
  /** Folder that reports, or what an auditor is given, are written into. */
  readonly out?: string | undefined;
  /** Shows a runbook's plan and does nothing. */
  readonly plan?: boolean | undefined;
  /** Files with private keys by which a role approves. */
  readonly key?: readonly string[] | undefined;
  /** Files with signed approvals. */
  readonly approval?: readonly string[] | undefined;
  /** Run that is stuck and whose place another takes. */
  readonly supersedes?: string | undefined;
  /** Why a run is aborted or a step skipped. */
  readonly reason?: string | undefined;
  /** Role that decides or says so; of `approve` in a lab, the role whose key is used. */
  readonly by?: string | undefined;
  /** Begins a run and does not follow it. */
  readonly detach?: boolean | undefined;
  /** File of a certification request. */
  readonly csr?: string | undefined;
  /** File of a document. */
  readonly file?: string | undefined;
  /** Word of follow-up. */
  readonly status?: string | undefined;
  readonly note?: string | undefined;
  /** Of a waiver. */
  readonly justification?: string | undefined;
  /** Role that approves a waiver. */
  readonly approver?: string | undefined;
  /** Last day of a waiver. */
  readonly expires?: string | undefined;
  /** Things that a waiver holds for. */
  readonly which?: readonly string[] | undefined;
  /** Has the assessment signed and kept as evidence. */
  readonly record?: boolean | undefined;
  readonly lang?: string | undefined;
  readonly help?: boolean | undefined;
  /** What stands after the verb. */
  readonly words: readonly string[];
}
