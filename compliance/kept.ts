/**
 * An assessment as evidence keeps it: what the next one is compared with, in plain JSON, and the whole document packed beside it, from which
 * every report can be made again. Pure.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import { canonicalJson } from "../evidence/canonical.ts";
import { sha256 } from "../evidence/dsse.ts";
import { isDigest } from "../evidence/fields.ts";
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";
import { ASSESSMENT_SCHEMA, type Assessment } from "./assessment.ts";
import type { Previous } from "./changes.ts";
import { fieldsOf } from "./seen.ts";

export interface Kept extends Previous {
  readonly assessment: PackedAssessment;
  /** Where `ops` made it by itself: which of the schedule's it is. */
  readonly scheduled?: Scheduled;
}

/** `report`: of the periodic report; `monthly`: between two of them. */
export interface Scheduled {
  readonly kind: "report" | "monthly";
  /** When it was due, ISO 8601. */
  readonly due: string;
}

export interface PackedAssessment {
  /** SHA-256 of the assessment in canonical JSON, in hex: of the file that `check --to` and `report --format json` write. */
  readonly digest: string;
  /** That file in gzip (RFC 1952) and base64; null where it is too large for one record. */
  readonly gzip: string | null;
}

/** The assessment as it is kept and signed: canonical JSON (RFC 8785), without a final newline. */
export function assessmentBytes(assessment: Assessment): Buffer {
  return Buffer.from(canonicalJson(assessment));
}

/** @param mostBytes of what is kept, in canonical JSON: a record takes no more. What does not fit is named by its digest alone. */
export function keptOf(assessment: Assessment, mostBytes: number, scheduled?: Scheduled): Kept {
  const { schema, at, inventory, commit, region, duties, findings } = assessment;
  const bytes = assessmentBytes(assessment);
  const kept = (gzip: string | null): Kept => ({
    ...{ schema, at, inventory, commit, findings },
    region: { id: region.id },
    duties: duties.map(({ id, status }) => ({ id, status })),
    assessment: { digest: sha256(bytes), gzip },
    ...(scheduled === undefined ? {} : { scheduled }),
  });
  const whole = kept(gzipSync(bytes, { level: 9 }).toString("base64"));
  return Buffer.byteLength(canonicalJson(whole)) <= mostBytes ? whole : kept(null);
}

/** No assessment is larger unpacked. */
const MOST_UNPACKED = 64 * 2 ** 20;

/** The whole assessment that a record of kind `check` holds, or why there is none. @param observed what the record says */
export function keptAssessment(observed: unknown): Assessment | Text {
  const { digest, gzip } = fieldsOf(fieldsOf(observed).assessment);
  if (typeof gzip !== "string") return NOT_WHOLE;
  try {
    const bytes = gunzipSync(Buffer.from(gzip, "base64"), { maxOutputLength: MOST_UNPACKED });
    if (!isDigest(digest) || sha256(bytes) !== digest) return NOT_AS_NAMED;
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return fieldsOf(value).schema === ASSESSMENT_SCHEMA ? (value as Assessment) : NOT_AS_NAMED;
  } catch {
    // Packed by nobody who keeps to this file.
    return NOT_AS_NAMED;
  }
}

const NOT_WHOLE = text("catatan ini tidak memuat penilaian utuh", "this record holds no whole assessment");
const NOT_AS_NAMED = text(
  "isi catatan ini bukan penilaian yang disebut sidiknya",
  "what this record holds is not the assessment that its digest names",
);
