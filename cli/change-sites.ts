/** Changes the sites of a region one after the other, so that the active one is touched only when the others are well with the change. */
import type { Model, SiteModel } from "../model/types.ts";
import { notReady, type Rollout, StandbyNotWell } from "./rollout.ts";
import type { Status } from "./status/types.ts";

/** What it asks and does; handed in, so that the order can be tested without an engine. */
export interface SiteChanges {
  /** Names of the workloads whose containers the change replaces at a site. */
  readonly replaced: (site: SiteModel) => Promise<readonly string[]>;
  readonly deploy: (site: SiteModel) => Promise<void>;
  /** Just before a site's containers are replaced. */
  readonly beforeStop: (site: SiteModel, replaced: readonly string[]) => Promise<void>;
  /** Waits until the site is ready to take over, as long as it may take, and returns the last status. */
  readonly awaitReady: (site: SiteModel) => Promise<Status>;
}

/**
 * Deploys every site in the rollout's order. Before containers of the active site are replaced, each site that stands by must be ready.
 * @throws StandbyNotWell where one is not; the active site was not touched then.
 */
export async function changeSites(
  model: Model,
  { order, active, fresh }: Rollout,
  changes: SiteChanges,
): Promise<void> {
  const done: SiteModel[] = [];
  for (const id of order) {
    const site = siteOf(model, id);
    if (id === active) await clearTheWay(model, site, done, fresh, changes);
    await changes.deploy(site);
    done.push(site);
  }
}

async function clearTheWay(
  model: Model,
  active: SiteModel,
  standbys: readonly SiteModel[],
  fresh: Rollout["fresh"],
  changes: SiteChanges,
): Promise<void> {
  const replaced = await changes.replaced(active);
  if (replaced.length === 0) return;
  for (const standby of standbys) {
    const reasons = reasonsAgainst(standby, await changes.awaitReady(standby), fresh);
    if (reasons.length > 0) throw new StandbyNotWell(model.region.id, standby.id, active.id, reasons);
  }
  await changes.beforeStop(active, replaced);
}

/** Why a site of this status could not take over. */
export function reasonsAgainst(site: SiteModel, status: Status, fresh: Rollout["fresh"]): ReturnType<typeof notReady> {
  const seen = status.sites.find(({ id }) => id === site.id);
  if (!seen) throw new Error(`status of ${status.region}: expected the site ${site.id}, received none`);
  return notReady(site, seen, fresh);
}

function siteOf(model: Model, id: string): SiteModel {
  const site = model.sites.find((one) => one.id === id);
  if (!site) throw new Error(`site ${id} is not in the model of ${model.region.id}`);
  return site;
}
