/** Which cuts there are and when each comes, from a seed: the same seed gives the same plan. Pure. */
import { seeded } from "../../seeded.ts";
import { ACTIVE_WITNESS, type Edge, type Link, OTHER_WITNESS, SITES, someWay } from "../region/edges.ts";

/**
 * active-alone           the active site hears neither of the others, or they not it: the other site is promoted during the cut
 * active-alone-briefly   the same, and the link comes back around the moment when the lease ends: whoever wins, in the end the other site is promoted
 * sites-then-active-alone  first the sites from each other, when nothing may be promoted, then the active site from the witness as well
 * all-alone              nobody has a majority: everything closes, and the active site opens again by itself
 * the rest               the active site keeps a majority and goes on
 */
export type Kind =
  | "active-alone"
  | "sites-then-active-alone"
  | "active-alone-briefly"
  | "all-alone"
  | "sites"
  | "other-alone"
  | "witness-alone"
  | "one-from-witness";

/** In this order, again and again: half of the cuts change the active site. */
export const CYCLE: readonly Kind[] = [
  "active-alone",
  "sites-then-active-alone",
  "active-alone-briefly",
  "all-alone",
  "sites",
  "active-alone",
  "other-alone",
  "active-alone-briefly",
  "witness-alone",
  "one-from-witness",
];

/** Where the other site is promoted. */
export const HANDS_OVER: ReadonlySet<Kind> = new Set([
  "active-alone",
  "sites-then-active-alone",
  "active-alone-briefly",
] as const);

export interface PlannedCut {
  readonly kind: Kind;
  /** One after the other, each in the place of the one before. */
  readonly stages: readonly (readonly Edge[])[];
  /** How long the first of two stages lasts. */
  readonly beforeMs: number;
  /** How long the cut lasts, where its end does not wait for a promotion. */
  readonly lastsMs: number;
  /** How long the load goes on before it. */
  readonly calmMs: number;
}

/** @param lease its seconds, and its margin's. */
export function planCuts(
  seed: number,
  count: number,
  lease: { readonly ttl: number; readonly margin: number },
): PlannedCut[] {
  const random = seeded(seed);
  const between = (from: number, to: number): number => Math.round(from + random() * (to - from));
  const all = (...links: readonly Link[]): Edge[] => someWay(links, random);
  const [ttlMs, marginMs] = [lease.ttl * 1000, lease.margin * 1000];
  const stagesOf = (kind: Kind): (readonly Edge[])[] => {
    switch (kind) {
      case "active-alone":
      case "active-alone-briefly":
        return [all(SITES, ACTIVE_WITNESS)];
      case "sites-then-active-alone": {
        const sites = all(SITES);
        return [sites, [...sites, ...all(ACTIVE_WITNESS)]];
      }
      case "all-alone":
        return [all(SITES, ACTIVE_WITNESS, OTHER_WITNESS)];
      case "sites":
        return [all(SITES)];
      case "other-alone":
        return [all(SITES, OTHER_WITNESS)];
      case "witness-alone":
        return [all(ACTIVE_WITNESS, OTHER_WITNESS)];
      case "one-from-witness":
        return [all(random() < 0.5 ? ACTIVE_WITNESS : OTHER_WITNESS)];
    }
  };
  return Array.from({ length: count }, (_, index): PlannedCut => {
    const kind = CYCLE[index % CYCLE.length] ?? "active-alone";
    const lastsMs =
      kind === "active-alone-briefly"
        ? between(ttlMs - 3 * marginMs, ttlMs + 2 * marginMs)
        : between(ttlMs + marginMs, ttlMs + 4 * marginMs);
    return { kind, stages: stagesOf(kind), beforeMs: between(2000, ttlMs), lastsMs, calmMs: between(500, 2500) };
  });
}

/** `LUMBUNG_CUTS`. Default 5. */
export const cutsOf = (env: NodeJS.ProcessEnv): number => Number(env.LUMBUNG_CUTS ?? 5);
