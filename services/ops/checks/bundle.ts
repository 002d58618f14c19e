/** An auditor's bundle that the command line made, as it is signed. Pure. */
import { isDigest } from "../../../evidence/fields.ts";
import { type Observed, observedSubject } from "../../../evidence/statement.ts";
import { TOOL } from "../jobs/statements.ts";
import { plain } from "../plain.ts";
import { fits, isText, parseBy, type Rule } from "../told/rules.ts";

/** What the command line tells of it. */
export interface ToldBundle {
  readonly region: string;
  /** Name of the archive, without its ending: `auditor.lab.2026-07-01`. */
  readonly name: string;
  /** When it was made, and when the assessment in it was. ISO 8601. */
  readonly at: string;
  readonly assessedAt: string;
  /** As evidence names them. */
  readonly commit: string | null;
  readonly inventory: string;
  /** SHA-256 in hex, by name of the file: the manifest and the assessment, in this order. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** How many files the manifest names, and how many things are cited that are not among them. */
  readonly count: number;
  readonly absent: number;
}

/** The statement that is made of what was told in a text, or all that is wrong with it. @param region that this site belongs to */
export function bundleStatement(text: string, region: string): Observed | readonly string[] {
  const told = parseBy<ToldBundle>(text, [["region", region, (value) => value === region], ...RULES]);
  if (!("name" in told)) return told;
  const { name, at, assessedAt, commit, inventory, files, count, absent } = told;
  const observed = plain({ region, name, assessedAt, files, count, absent });
  return {
    kind: "bundle",
    // The shell of whoever checks the bundle looks for the files' subjects as they stand here.
    subject: [
      observedSubject(`${region}/${name}`, observed),
      ...files.map((file) => ({ name: file.name, digest: { sha256: file.sha256 } })),
    ],
    ...{ observed, observedAt: at, commit, inventory, tool: TOOL },
  };
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

const isFile = (value: unknown): boolean => {
  const { name, sha256 } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return isText(name) && isDigest(sha256);
};

/** The signer says what is wrong with time, commit and inventory. */
const RULES: readonly Rule[] = [
  ["name", "letters, digits, dots and hyphens, 120 at most", fits(/^[A-Za-z0-9.-]{1,120}$/)],
  ["files", "a list of { name, sha256 }", (value) => Array.isArray(value) && value.length > 0 && value.every(isFile)],
  ["count", "a whole number", isCount],
  ["absent", "a whole number", isCount],
];
