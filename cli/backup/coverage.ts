/** Coverage of the whole region from what each site says of its own copies. Pure. */
import { type BackupCoverage, coverage } from "../../model/derive/backup-coverage.ts";
import type { BackupModel, Model } from "../../model/types.ts";
import type { CoverageView } from "../../services/ops/jobs/views.ts";

/** Of these sites together. One that was not heard has reported nothing: every target of it is unknown. */
export function regionCoverage(
  { region, sites }: Pick<Model, "region" | "sites">,
  backup: BackupModel,
  heard: readonly Pick<CoverageView, "facts">[],
  now: Date,
): BackupCoverage {
  const ids = sites.map(({ id }) => id);
  const plan = { targets: backup.targets.filter(({ site }) => ids.includes(site)), without: backup.without };
  const facts = heard.flatMap((one) => one.facts);
  return coverage(region.id, plan, ids, facts, now);
}

/** 0: everything that was heard of counts as covered; 1: something does not, or nothing is declared; 3: all that is wrong is that a site was not heard. */
export function coverageExit(
  { items, declared }: BackupCoverage,
  heard: ReadonlySet<string>,
  silent: number,
): 0 | 1 | 3 {
  if (declared === 0 || items.some(({ site, state }) => heard.has(site) && state !== "ok")) return 1;
  return silent > 0 ? 3 : 0;
}
