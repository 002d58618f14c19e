/** From the decision to fail over to the first verified write through the public name, against the least that a person could type (issue 6: at most 1.5 times). */
import { ADDRESS_TTL_SECONDS } from "../../../components/dns/zone-json.ts";
import type { Bench } from "../bench.ts";
import { ASKS_NOBODY, type ByHand, byHand, restOf } from "./by-hand.ts";
import { conduct } from "./conduct.ts";
import { type Failover, failoverFigure, failoverOf } from "./figures.ts";
import { POSTGRES, type TakeoverStand, takeoverStand } from "./stand.ts";
import { Users } from "./users.ts";

const ROUNDS = 3;

export const failoverBench: Bench = {
  makes: ["failover.first-write"],
  measure: async (note) => {
    const stand = await takeoverStand(note);
    const users = new Users(stand);
    users.prepare((await stand.standing()).active);
    const [failovers, hands]: [Failover[], ByHand[]] = [[], []];
    // By turns in the order there and back, back and there: each kind is made to each site.
    for (let round = 1; round <= ROUNDS; round += 1) {
      const parts = [
        async () => {
          note(`round ${round} of ${ROUNDS}: by the runbook`);
          failovers.push(await byRunbook(stand, users));
        },
        async () => {
          note(`round ${round} of ${ROUNDS}: by hand`);
          hands.push(await byHandOnce(stand, users));
        },
      ];
      for (const part of round % 2 === 1 ? parts : parts.reverse()) await part();
    }
    return [failoverFigure(failovers, hands, ADDRESS_TTL_SECONDS)];
  },
};

/** The active site is lost whole, and somebody decides at once: all of the lease is still to be waited for. */
async function byRunbook(stand: TakeoverStand, users: Users): Promise<Failover> {
  const { active, other } = await stand.standing();
  stand.lose(active);
  const { planSeconds, decidedAt, events } = await conduct(stand, users, { runbook: "failover", to: other });
  await stand.returns(active);
  return failoverOf(planSeconds, decidedAt, events);
}

/** The same loss; the lease, which the gateway and the name server obey, is taken beforehand, so that nothing is waited for or asked. */
async function byHandOnce(stand: TakeoverStand, users: Users): Promise<ByHand> {
  const { active, other, epoch } = await stand.standing();
  stand.restart(other, ASKS_NOBODY);
  await stand.standing();
  stand.lose(active);
  await stand.take(other, epoch + 1);
  const seconds = await byHand(stand, users, other);
  await restOf(stand, other, epoch + 1);
  // With its own files again; it stays the primary.
  stand.restart(other, {});
  await stand.guards.writes(other, POSTGRES, true, 120);
  return seconds;
}
