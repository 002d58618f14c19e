/** One assessment on schedule, from what the site knows; or the name of the one that is there already. Pure. */
import { assess } from "../../compliance/assess.ts";
import { previousIn } from "../../compliance/changes.ts";
import { keptOf } from "../../compliance/kept.ts";
import type { ReadEvidence } from "../../compliance/read-evidence.ts";
import { fieldsOf, type Seen } from "../../compliance/seen.ts";
import { deriveModel } from "../../model/derive.ts";
import { MAX_OBSERVED_BYTES } from "../ops/jobs/statements.ts";
import type { Answer, Material, Question } from "./material.ts";

/**
 * Stacks are not there (their state lies with whoever deploys), so what is shown by them alone is unknown here.
 * @param evidence of the site's own signer, which has the other's records too
 */
export function assessNow(
  { catalogue, inventory, documents }: Omit<Material, "keys">,
  evidence: ReadEvidence,
  { kind, due, from, commit }: Question,
  now: Date,
): Answer {
  const there = evidence.seen.find((one) => isOf(one, due));
  if (there !== undefined) return { found: there.id };
  const previous = previousIn(evidence.seen, inventory.region.id);
  const assessment = assess({
    ...{ catalogue, inventory, evidence, now, from, commit },
    model: deriveModel(inventory),
    files: new Map(Object.entries(documents)),
    ...(previous === undefined ? {} : { previous }),
  });
  return { kept: keptOf(assessment, MAX_OBSERVED_BYTES, { kind, due }) };
}

const isOf = ({ kind, observed }: Seen, due: string): boolean =>
  kind === "check" && fieldsOf(fieldsOf(observed).scheduled).due === due;
