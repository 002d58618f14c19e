/** A certificate that an auditor was given, as it is signed. Pure. */
import { isDigest } from "../../../evidence/fields.ts";
import { type Observed, observedSubject } from "../../../evidence/statement.ts";
import { TOOL } from "../jobs/statements.ts";
import { plain } from "../plain.ts";
import { fits, isText, isTime, parseBy, type Rule } from "../told/rules.ts";

/** What the command line tells of it. Times in ISO 8601, digests SHA-256 in hex. */
export interface ToldAccess {
  readonly region: string;
  /** Id of the auditor in the inventory, and name of the body. */
  readonly auditor: string;
  readonly body: string;
  /** Common name in the certificate. */
  readonly name: string;
  /** Of the certificate in DER, and of its public key (SPKI, DER). */
  readonly certificate: string;
  readonly publicKey: string;
  /** When it ends. */
  readonly until: string;
  /** Site whose authority issued it. */
  readonly issuer: string;
  /** Role that granted it. Nobody proved it. */
  readonly by: string;
  readonly at: string;
  /** As evidence names them. */
  readonly commit: string | null;
  readonly inventory: string;
}

/** The statement that is made of what was told in a text, or all that is wrong with it. @param region that this site belongs to */
export function accessStatement(content: string, region: string): Observed | readonly string[] {
  const told = parseBy<ToldAccess>(content, [["region", region, (value) => value === region], ...RULES]);
  if (!("auditor" in told)) return told;
  const { auditor, body, name, certificate, publicKey, until, issuer, by, at, commit, inventory } = told;
  const observed = plain({ region, auditor, body, name, certificate, publicKey, until, issuer, by });
  return {
    kind: "access",
    subject: [
      observedSubject(`${region}/auditor/${auditor}`, observed),
      { name: "certificate", digest: { sha256: certificate } },
    ],
    ...{ observed, observedAt: at, commit, inventory, tool: TOOL },
  };
}

const isSlug = fits(/^[a-z0-9-]{1,80}$/);

/** The signer says what is wrong with commit and inventory. */
const RULES: readonly Rule[] = [
  ["auditor", "the id of an auditor", isSlug],
  ["body", "a text", isText],
  ["name", "a name", fits(/^[a-z0-9.-]{1,64}$/)],
  ["certificate", "a SHA-256 in hex", isDigest],
  ["publicKey", "a SHA-256 in hex", isDigest],
  ["until", "a time", isTime],
  ["issuer", "the id of a site", isSlug],
  ["by", "the id of a role", isSlug],
  ["at", "a time", isTime],
];
