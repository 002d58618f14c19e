/** What can be said in a statement: one line a kind. A kind is never changed; one that says something else gets a new version. */
import { text } from "../model/text.ts";
import type { Text } from "../model/types.ts";

export const KINDS = {
  /** The first record of a chain: why it begins, and where the one before ended. */
  "chain-start": text("rantai dimulai", "chain begins"),
  /** The head of the other site's chain, seen and counter-signed. */
  head: text("kepala rantai lain", "head of another chain"),
  state: text("keadaan yang terlihat", "state seen"),
  /** One round of the probes that `ops` runs on schedule (evidence/probes.ts). */
  probe: text("pemeriksaan berkala", "probe"),
  backup: text("cadangan", "backup"),
  drill: text("latihan pemulihan", "restore drill"),
  /** Ordered by a person: its beginning and its end are a statement each. */
  restore: text("pemulihan", "restore"),
  run: text("pelaksanaan prosedur", "runbook run"),
  check: text("pemeriksaan kewajiban", "check of duties"),
  /** What an auditor was given: digests of the bundle's manifest and of the assessment. */
  bundle: text("bundel auditor", "auditor's bundle"),
  /** A certificate by which an auditor may read (docs/adr/0019-auditors.md). */
  access: text("akses auditor", "auditor's access"),
  attestation: text("pernyataan tertulis", "attestation"),
  /** What somebody says became of a finding (compliance/findings/updates.ts). */
  "follow-up": text("tindak lanjut temuan", "follow-up of a finding"),
} as const satisfies Readonly<Record<string, Text>>;

export type Kind = keyof typeof KINDS;

/** Kinds that only the signer itself writes. */
export const OWN_KINDS: readonly Kind[] = ["chain-start", "head"];

/** The in-toto predicate type of a kind. */
export function predicateTypeOf(kind: Kind): string {
  return `https://lumbung.example/evidence/${kind}/v1`;
}

/** The kind of a predicate type, or undefined where it is none of ours. */
export function kindOf(predicateType: string): Kind | undefined {
  return (Object.keys(KINDS) as Kind[]).find((kind) => predicateTypeOf(kind) === predicateType);
}
