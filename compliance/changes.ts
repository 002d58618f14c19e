/** What became different since an assessment before. Pure. */
import { ASSESSMENT_SCHEMA, type Assessment, type Changes, type DutyResult } from "./assessment.ts";
import type { Seen } from "./seen.ts";

/** What is asked of the assessment before; a whole one has it all. */
export interface Previous extends Pick<Assessment, "schema" | "at" | "inventory" | "commit" | "findings"> {
  readonly region: Pick<Assessment["region"], "id">;
  readonly duties: readonly Pick<DutyResult, "id" | "status">[];
}

/** Whether a value that came from outside is an assessment of this region. */
export function isPrevious(value: unknown, region: string): value is Previous {
  const { schema, region: of } = (value ?? {}) as Partial<Previous>;
  return schema === ASSESSMENT_SCHEMA && of?.id === region;
}

/** The newest assessment of this region that evidence holds. */
export function previousIn(seen: readonly Seen[], region: string): Previous | undefined {
  const kept = seen.filter(({ kind, observed }) => kind === "check" && isPrevious(observed, region));
  const [newest] = [...kept].sort((a, b) => Date.parse(b.observedAt) - Date.parse(a.observedAt));
  return newest?.observed as unknown as Previous | undefined;
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
