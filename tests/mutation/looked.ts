/** Which probes rounds of a region make, by asking a round whose eyes see that all is well. */
import { opsConfig } from "../../components/ops/workload.ts";
import type { Model } from "../../model/types.ts";
import type { RoundsConfig } from "../../services/ops/config.ts";
import type { Eyes } from "../../services/ops/probes/eyes.ts";
import { lookRound } from "../../services/ops/probes/round.ts";

/** Names of what was looked at, at any site. @throws where a site makes no rounds. */
export async function lookedAt(model: Model): Promise<ReadonlySet<string>> {
  const names = await Promise.all(
    model.sites.map(async (site) => {
      const config = opsConfig(model, site, { commit: "5f5b72f" });
      if (config.rounds === undefined) throw new Error(`${site.id}: expected rounds of probes, received none`);
      const items = await lookRound({
        config: { ...config, rounds: config.rounds },
        eyes: eyesOf(config.rounds),
        workloads: () =>
          site.workloads.map(({ name, kind }) => ({ name, kind, health: "ok", detail: { id: "baik", en: "well" } })),
        held: async () => ({ databases: [], grants: [] }),
        now: () => new Date("2026-07-01T02:00:00Z"),
        pause: async () => undefined,
      });
      return [...items.keys()];
    }),
  );
  return new Set(names.flat());
}

function eyesOf({ gateways }: RoundsConfig): Eyes {
  return {
    addresses: async () => [gateways[0]?.publicAddresses ?? []],
    restrictsIssuers: async () => true,
    fetch: async () => ({ status: 200, html: "<p>x", hsts: true, certificateExpires: "2027-01-01T00:00:00.000Z" }),
    leadsToHttps: async () => true,
    refusesOldTls: async () => true,
  };
}
