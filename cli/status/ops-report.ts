import { z } from "zod";
import type { OpsReport } from "./assemble.ts";

/** What of `ops`'s own status the command line uses; more fields may come. */
const schema = z.object({
  state: z.enum(["active", "standby", "closed", "rebuilding", "unknown"]),
  workloads: z.array(
    z.object({
      name: z.string(),
      health: z.enum(["ok", "failing", "unknown"]),
      detail: z.object({ id: z.string(), en: z.string() }),
      lagBytes: z.number().optional(),
      version: z.string().optional(),
      certificateExpires: z.string().optional(),
    }),
  ),
});

/**
 * The report of a site's `ops`, from the JSON that it prints.
 * @throws ZodError or SyntaxError where it is of another shape: that is a bug of ours, not an unknown.
 */
export function parseOpsReport(text: string): OpsReport {
  const { state, workloads } = schema.parse(JSON.parse(text));
  const lags = workloads.flatMap(({ lagBytes }) => (lagBytes === undefined ? [] : [lagBytes]));
  return {
    state,
    lagBytes: lags.length === 0 ? null : Math.max(...lags),
    workloads: Object.fromEntries(
      workloads.map(({ name, health, detail, version, certificateExpires }) => [
        name,
        { health, detail, version: version ?? null, certificateExpires: certificateExpires ?? null },
      ]),
    ),
  };
}
