/**
 * What may be asked of the store through its one port, as a table: everything else is refused (design D9).
 * SeaweedFS checks signatures, buckets and locks; what its own rights are too coarse for is decided here (decision 7).
 */

/** One shape of request. */
export interface Shape {
  /** Name of HAProxy's ACL. */
  readonly name: string;
  /** What it is for. */
  readonly what: string;
  readonly methods: readonly string[];
  /** On the bucket itself, or on an object in it. */
  readonly on: "bucket" | "object";
  /** Query parameters that may come; none of these names needs encoding, so that an encoded one is refused. */
  readonly query: readonly string[];
  /** Of those, which must come. */
  readonly needs?: string;
}

const READ = ["GET", "HEAD"] as const;

/** What an identity that reads may ask. */
export const READS: readonly Shape[] = [
  {
    name: "read_object",
    what: "content, metadata and lock of a version",
    methods: READ,
    on: "object",
    query: [
      "versionId",
      "partNumber",
      "retention",
      "legal-hold",
      "attributes",
      "response-cache-control",
      "response-content-disposition",
      "response-content-encoding",
      "response-content-language",
      "response-content-type",
      "response-expires",
    ],
  },
  {
    name: "read_bucket",
    what: "lists of objects and versions, and how the bucket is kept",
    methods: READ,
    on: "bucket",
    query: [
      "continuation-token",
      "delimiter",
      "encoding-type",
      "fetch-owner",
      "key-marker",
      "list-type",
      "location",
      "marker",
      "max-keys",
      "metadata",
      "object-lock",
      "prefix",
      "start-after",
      "version-id-marker",
      "versioning",
      "versions",
    ],
  },
];

/** What an identity that writes may ask besides. No `versionId` with DELETE: a plain delete adds a marker, and no version goes. */
export const WRITES: readonly Shape[] = [
  { name: "put", what: "a new version", methods: ["PUT"], on: "object", query: [] },
  { name: "delete", what: "a delete marker", methods: ["DELETE"], on: "object", query: [] },
  {
    name: "retain",
    what: "a later end of a version's lock (an earlier one is refused by the engine)",
    methods: ["PUT"],
    on: "object",
    query: ["retention", "versionId"],
    needs: "retention",
  },
  {
    name: "begin",
    what: "begin of an upload in parts",
    methods: ["POST"],
    on: "object",
    query: ["uploads"],
    needs: "uploads",
  },
  {
    name: "part",
    what: "a part",
    methods: ["PUT"],
    on: "object",
    query: ["partNumber", "uploadId"],
    needs: "uploadId",
  },
  {
    name: "end",
    what: "end of an upload in parts, and giving it up",
    methods: ["POST", "DELETE"],
    on: "object",
    query: ["uploadId"],
    needs: "uploadId",
  },
  {
    name: "parts",
    what: "parts that have come",
    methods: ["GET"],
    on: "object",
    query: ["uploadId", "max-parts", "part-number-marker"],
    needs: "uploadId",
  },
  {
    name: "uploads",
    what: "uploads that have begun",
    methods: ["GET"],
    on: "bucket",
    query: ["uploads", "prefix", "delimiter", "key-marker", "upload-id-marker", "max-uploads", "encoding-type"],
    needs: "uploads",
  },
  {
    name: "delete_many",
    what: "delete markers for many objects; its body is looked at",
    methods: ["POST"],
    on: "bucket",
    query: ["delete"],
    needs: "delete",
  },
];

/** What an identity that prunes may ask besides reading: nothing new, and no version whose lock holds (the engine refuses that). */
export const PRUNES: readonly Shape[] = [
  {
    name: "delete_version",
    what: "one version, whose lock has ended",
    methods: ["DELETE"],
    on: "object",
    query: ["versionId"],
    needs: "versionId",
  },
];

/** Any request may be signed in its address (a presigned URL), and Amazon's own client names its operation. */
const SIGNED = [
  "X-Amz-Algorithm",
  "X-Amz-Content-Sha256",
  "X-Amz-Credential",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
  "x-id",
];

/** The expression that the whole query must match. */
export function queryPattern({ query }: Shape): string {
  return `^((${[...query, ...SIGNED].join("|")})(=[^&;]*)?(&|$))*$`;
}

/** Lines that recognise the shape and put its name into `txn.shape`. They want `txn.query`, and the ACL `whole` for the bucket itself. `only`: further conditions. */
export function shapeAcls(shape: Shape, only = ""): string[] {
  const { name, methods, on, needs } = shape;
  return [
    `# ${shape.what}`,
    `acl ${name}_method method ${methods.join(" ")}`,
    `acl ${name}_query var(txn.query) -m reg ${queryPattern(shape)}`,
    ...(needs === undefined ? [] : [`acl ${name}_needs var(txn.query) -m reg (^|&)${needs}(=|&|$)`]),
    `http-request set-var(txn.shape) str(${name}) if ${on === "bucket" ? "whole" : "!whole"} ${name}_method ${name}_query${needs === undefined ? "" : ` ${name}_needs`}${only === "" ? "" : ` ${only}`}`,
  ];
}

/** Headers by which a writer would get around what its bucket declares; each with why. */
export const REFUSED_HEADERS: readonly { readonly header: string; readonly why: string }[] = [
  { header: "x-amz-bypass-governance-retention", why: "a lock is not bypassed" },
  { header: "x-amz-object-lock-mode", why: "the bucket's own lock applies; extend it afterwards with PUT ?retention" },
  {
    header: "x-amz-object-lock-retain-until-date",
    why: "the bucket's own lock applies; extend it afterwards with PUT ?retention",
  },
  { header: "x-amz-object-lock-legal-hold", why: "the bucket's own lock applies" },
  { header: "x-amz-acl", why: "rights come from the inventory" },
  { header: "x-amz-tagging", why: "tags are not copied to the other site" },
  { header: "x-amz-meta-lumbung-origin", why: "the copies between the sites keep it" },
];
