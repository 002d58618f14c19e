/** How a region stands between two faults: who is active, who got the lease, and how far the other site's copy is. */
import { expect } from "vitest";
import { eventually } from "../../lab/support/eventually.ts";
import type { Engine } from "../../lab/support/guards.ts";
import { ENGINES } from "../../lab/support/lease-cases.ts";
import { now } from "./client.ts";
import type { Edge, Part } from "./edges.ts";
import { otherOf, PATIENCE, SITES, type SiteId } from "./sites.ts";
import { type RegionTrial, TABLE } from "./trial.ts";
import type { Wire } from "./wires.ts";

export interface Standing {
  readonly active: SiteId;
  readonly epoch: number;
}

/** Who is active now, in which epoch. @throws unless it is one site, and the other stands by. */
export function standing(trial: RegionTrial): Standing {
  const { epoch, site } = trial.epoch("dc");
  const active = SITES.find((one) => one === site);
  if (active === undefined) throw new Error(`no site is active: epoch ${epoch} of ${site}`);
  expect(trial.epoch(otherOf(active)), "both sites know the same epoch").toEqual({ epoch, site: active });
  return { active, epoch };
}

export const wiresOf = (edges: readonly Edge[], active: SiteId): Wire[] => {
  const place = (part: Part) => ({ active, other: otherOf(active), witness: "witness" })[part];
  return edges.map(({ from, to }) => ({ from: place(from), to: place(to) }));
};

/**
 * After all is mended: the other site got the epoch that was asked for, or the old one has proven since that it holds its lease still.
 * @param mended on the clients' clock
 */
export function holder(trial: RegionTrial, { active, epoch }: Standing, mended: number, seconds: number) {
  const next = otherOf(active);
  return eventually("somebody holds the lease", seconds, async () => {
    if ((trial.guards.state(next, "gateway").store?.epoch ?? 0) > epoch) return next;
    const asked = now();
    const { code, store } = trial.guards.state(active, "gateway");
    const proven = code === "leased" && store !== null && asked - store.agoSeconds * 1000 > mended;
    return proven ? active : undefined;
  });
}

/** The active site, which holds its lease still, is closed as whoever switches over does it, and the other one opens in the next epoch. */
export async function handOverInGoodOrder(trial: RegionTrial, { active, epoch }: Standing): Promise<void> {
  // Each guard has a deadline of its own: a server that closed at its own is there again before anybody closes the site in good order.
  await trial.isOpen(active, epoch);
  await trial.takesWrites(active);
  await caughtUp(trial, active);
  await trial.close(active, epoch);
  await trial.open(otherOf(active), epoch + 1);
}

/** Nothing is closed before the other site has what there is: a connection may hang for a while after a cut. */
async function caughtUp(trial: RegionTrial, active: SiteId): Promise<void> {
  const wanted = highestRow(trial, active);
  await eventually("the other site has caught up", PATIENCE, async () => {
    const there = highestRow(trial, otherOf(active));
    return ENGINES.every((engine) => there[engine] >= wanted[engine]) ? true : undefined;
  });
}

/** The highest row of each engine: what comes after is the next round's. */
export function highestRow(trial: RegionTrial, active: SiteId): Record<Engine, number> {
  const highest = (engine: Engine) =>
    Number(trial.sql(active, engine, `select coalesce(max(id), 0) from ${TABLE};`).split("\n").at(-1));
  return { "postgres-utama": highest("postgres-utama"), "mariadb-php": highest("mariadb-php") };
}
