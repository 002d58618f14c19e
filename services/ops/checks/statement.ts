/** An assessment of duties that the command line made, as it is signed. Pure. */
import type { Json } from "../../../evidence/canonical.ts";
import { isDigest } from "../../../evidence/fields.ts";
import { type Observed, observedSubject } from "../../../evidence/statement.ts";
import { TOOL } from "../jobs/statements.ts";
import { plain } from "../plain.ts";

/** The statement that is made of what was told in a text, or all that is wrong with it. @param region that this site belongs to */
export function checkStatement(text: string, region: string): Observed | readonly string[] {
  const told = parse(text);
  if (told === undefined) return ["expected an assessment in JSON, received something else"];
  const [of, whole] = [fields(told.region).id, fields(told.assessment).digest];
  const problems = [
    ...(of === region ? [] : [`region.id: expected ${region}, received ${JSON.stringify(of) ?? "nothing"}`]),
    ...["duties", "findings"].flatMap((field) => (Array.isArray(told[field]) ? [] : [`${field}: expected a list`])),
    ...(isDigest(whole) ? [] : ["assessment.digest: expected a SHA-256 in hex"]),
  ];
  if (problems.length > 0) return problems;
  const observed: Json = plain(told);
  // What is wrong with these the signer says.
  const [observedAt, commit, inventory] = [told.at, told.commit, told.inventory] as [string, string, string];
  return {
    kind: "check",
    subject: [
      observedSubject(`${region}/duties`, observed),
      { name: "assessment.json", digest: { sha256: String(whole) } },
    ],
    observed,
    ...{ observedAt, commit, inventory, tool: TOOL },
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return fields(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
