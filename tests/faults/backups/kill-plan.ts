/** Which kills there are and when each comes, from a seed: the same seed gives the same plan. */
import { seeded } from "../../seeded.ts";

/** What is killed -9, and in the middle of which work at the recovery site. */
export const VICTIMS = [
  { victim: "engine", during: "restore" },
  { victim: "room", during: "restore" },
  { victim: "host", during: "backup" },
  { victim: "store", during: "backup" },
  { victim: "store", during: "restore" },
  { victim: "primary", during: "backup" },
] as const;

export type Kill = (typeof VICTIMS)[number] & {
  /** Of a restore: once so much of the copy is there, from 0 to 1; 1 is while its log is replayed. Its engine is killed once it runs. */
  readonly part: number;
  /** So many milliseconds after that; of a backup, after it was begun. */
  readonly afterMs: number;
};

/** Shorter than either goes on, so that most kills come in its middle. */
const AFTER_MS = { restore: 1000, backup: 4000 } as const;

/** Every victim comes before one comes again. @param kills how many. */
export function planKills(seed: number, kills: number): Kill[] {
  const random = seeded(seed);
  const plan: Kill[] = [];
  let round: (typeof VICTIMS)[number][] = [];
  while (plan.length < kills) {
    if (round.length === 0) round = [...VICTIMS];
    const [one] = round.splice(Math.floor(random() * round.length), 1);
    if (!one) throw new Error("no victim");
    const part = Math.round(random() * 20) / 20;
    plan.push({ ...one, part, afterMs: Math.floor(random() * AFTER_MS[one.during]) });
  }
  return plan;
}

/** `LUMBUNG_KILLS`. Default 5. */
export const killsOf = (env: NodeJS.ProcessEnv): number => Number(env.LUMBUNG_KILLS ?? 5);
