/** Which faults there are, alone and in pairs, and when each comes, from a seed: the same seed gives the same plan, and a round of it the same faults however many follow. Pure. */
import { seeded } from "../../seeded.ts";
import { ACTIVE_WITNESS, SITES } from "../region/edges.ts";
import { Chance } from "./chance.ts";
import { type Drawn, FAULTS, type Make } from "./deck.ts";
import { type Fault, told } from "./fault.ts";

export interface PlannedFault {
  readonly fault: Fault;
  /** When it begins, after the first of the round. */
  readonly afterMs: number;
  /** Of a kill: how long what was killed is taken to need. */
  readonly lastsMs: number;
  /** It lasts until the other site was promoted, and no less than `lastsMs`. */
  readonly untilPromoted: boolean;
}

export interface PlannedRound {
  /** One, or two of which the second begins while the first lasts. */
  readonly faults: readonly PlannedFault[];
  /** When the next epoch is asked for at the other site, after the first fault began; null: the active site is to stay. */
  readonly asksAfterMs: number | null;
  /** How long the load goes on before and after. */
  readonly calmMs: number;
}

/** Every eighth round has one fault alone. */
const ALONE_EVERY = 8;
/** Of the rounds whose faults leave the active site its lease, so many have the other one promoted all the same. */
const HANDS_OVER_SHARE = 0.4;

/** @param lease its seconds, and its margin's. */
export function planPairs(
  seed: number,
  count: number,
  lease: { readonly ttl: number; readonly margin: number },
): PlannedRound[] {
  const chance = new Chance(seeded(seed), lease.ttl * 1000, lease.margin * 1000);
  let deck: Make[] = [];
  const draw = (): Drawn => {
    if (deck.length === 0) deck = [...FAULTS];
    const [make] = deck.splice(chance.below(deck.length), 1);
    if (!make) throw new Error("no fault");
    return make(chance);
  };
  return Array.from({ length: count }, (_, index): PlannedRound => {
    const calmMs = chance.between(1000, 2500);
    if (index % 2 === 1) return givenUp(chance, draw, calmMs);
    const first = begun(draw());
    const faults = index % ALONE_EVERY === 0 ? [first] : [first, within(chance, first, draw())];
    const asks = chance.next() < HANDS_OVER_SHARE;
    return { faults, asksAfterMs: asks ? chance.between(0, first.lastsMs) : null, calmMs };
  });
}

/** A round in which the active site loses its lease, or nearly does: alone in a cut, or without power. */
function givenUp(chance: Chance, draw: () => Drawn, calmMs: number): PlannedRound {
  const power = chance.next() < 0.25;
  const untilPromoted = chance.next() < 0.7;
  const lastsMs = untilPromoted ? chance.ttlMs : chance.aroundLease();
  const fault: Fault = power ? { kind: "power" } : { kind: "cut", edges: chance.someWay(SITES, ACTIVE_WITNESS) };
  const isolating = { fault, lastsMs };
  const partner: Drawn =
    chance.next() < 0.15 ? { fault: { kind: "promotion-callback" }, lastsMs: 4 * chance.ttlMs } : draw();
  // Nothing is killed or stopped where nothing runs any more.
  const isolatesFirst = !power && chance.next() < 0.5;
  const [one, two] = isolatesFirst ? [isolating, partner] : [partner, isolating];
  const first = { ...begun(one), untilPromoted: untilPromoted && isolatesFirst };
  const second = { ...within(chance, first, two), untilPromoted: untilPromoted && !isolatesFirst };
  return { faults: [first, second], asksAfterMs: chance.between(0, chance.ttlMs), calmMs };
}

const begun = ({ fault, lastsMs }: Drawn): PlannedFault => ({ fault, lastsMs, afterMs: 0, untilPromoted: false });
const within = (chance: Chance, first: PlannedFault, { fault, lastsMs }: Drawn): PlannedFault => ({
  fault,
  lastsMs,
  afterMs: chance.between(0, first.lastsMs),
  untilPromoted: false,
});

/** Whether the active site reaches nobody while it lasts: its lease is renewed no more. */
export const isolates = ({ fault }: PlannedFault): boolean =>
  fault.kind === "power" ||
  (fault.kind === "cut" &&
    [SITES, ACTIVE_WITNESS].every((link) =>
      fault.edges.some((edge) => link.includes(edge.from) && link.includes(edge.to)),
    ));

/** Those in which the active site is cut off until the other one is promoted; with something stopped beside it first. */
export function splitting(plan: readonly PlannedRound[]): PlannedRound[] {
  const alone = plan.filter(({ faults }) => faults.some((one) => one.untilPromoted && one.fault.kind === "cut"));
  const stops = ({ faults }: PlannedRound) => faults.some(({ fault }) => fault.kind === "stop");
  return [...alone.filter(stops), ...alone.filter((round) => !stops(round))];
}

/** With its times, in milliseconds after the first fault began. */
export function toldRound({ faults, asksAfterMs }: PlannedRound): string {
  const each = faults.map(({ fault, afterMs, lastsMs, untilPromoted }) => {
    const until = untilPromoted ? "until the promotion" : `for ${lastsMs} ms`;
    return `${told(fault)} (at ${afterMs}, ${until})`;
  });
  return [...each, ...(asksAfterMs === null ? [] : [`the other site is asked to take over (at ${asksAfterMs})`])].join(
    "; ",
  );
}

/** `LUMBUNG_PAIRS`: how many rounds. Default 5. */
export const pairsOf = (env: NodeJS.ProcessEnv): number => Number(env.LUMBUNG_PAIRS ?? 5);

/** `LUMBUNG_ROUND`: the one that is run, counted from 1. Null: all. */
export function roundOf(env: NodeJS.ProcessEnv): number | null {
  return env.LUMBUNG_ROUND === undefined ? null : Number(env.LUMBUNG_ROUND);
}
