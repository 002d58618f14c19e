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
  /** File or folder that is written. */
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
  readonly lang?: string | undefined;
  readonly help?: boolean | undefined;
  /** What stands after the verb. */
  readonly words: readonly string[];
}
