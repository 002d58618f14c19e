import type { Model } from "../model/types.ts";

/** Host names of whoever may give orders to guards and copiers: `ops` of every site, where runbooks run. */
export function callers(model: Model): string[] {
  return model.sites.flatMap((site) =>
    site.workloads.filter(({ kind }) => kind === "ops").map(({ hostName }) => hostName),
  );
}
