import { z } from "zod";
import type { LeaseState } from "../../model/lease.ts";

/** What of a guard's state the command line uses; more fields come (model/lease.ts). */
const schema = z.looseObject({
  region: z.string(),
  site: z.string(),
  workload: z.string(),
  witness: z.boolean(),
  state: z.enum(["open", "closed"]),
  code: z.string(),
  message: z.string(),
  epoch: z.number(),
  epochSite: z.string(),
  leftSeconds: z.number(),
  engine: z.enum(["armed", "exempt"]),
  closing: z.number().nullable(),
  store: z
    .looseObject({
      epoch: z.number(),
      site: z.string(),
      holder: z.object({ epoch: z.number(), site: z.string() }).nullable(),
      revision: z.number(),
      agoSeconds: z.number(),
    })
    .nullable(),
});

/**
 * What a guard printed.
 * @throws ZodError or SyntaxError where it is of another shape: that is a bug of ours, not an unknown.
 */
export function parseLease(text: string): LeaseState {
  return schema.parse(JSON.parse(text)) as unknown as LeaseState;
}
