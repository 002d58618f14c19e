/** What became different since an assessment before. Pure. */
import type { Assessment, Changes, DutyResult } from "./assessment.ts";

/** What is asked of the assessment before; a whole one has it all. */
export interface Previous extends Pick<Assessment, "schema" | "at" | "inventory" | "commit" | "findings"> {
  readonly region: Pick<Assessment["region"], "id">;
  readonly duties: readonly Pick<DutyResult, "id" | "status">[];
}

export function changesSince(before: Previous, after: Pick<Assessment, "duties" | "findings">): Changes {
  const was = new Map(before.duties.map(({ id, status }) => [id, status]));
  const old = new Map(before.findings.map((finding) => [finding.id, finding]));
  const open = after.findings.filter(({ closedAt }) => closedAt === null);
  return {
    since: before.at,
    inventory: before.inventory,
    commit: before.commit,
    duties: after.duties.flatMap(({ id, status }) => {
      const then = was.get(id);
      return then === undefined || then === status ? [] : [{ id, before: then, after: status }];
    }),
    opened: open.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    reopened: open.filter(({ id }) => old.get(id)?.closedAt != null).map(({ id }) => id),
    closed: after.findings
      .filter(({ id, closedAt }) => closedAt !== null && old.get(id)?.closedAt === null)
      .map(({ id }) => id),
  };
}
