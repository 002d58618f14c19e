/** Guards of both sites, as model/lease.ts says how they are asked and told. */
import type { SecureContextOptions } from "node:tls";
import type { LeaseBegan, LeaseData, LeaseOrder, LeaseState } from "../../../model/lease.ts";
import type { Guard } from "../config.ts";
import { Away, call } from "../jobs/call.ts";
import { Refused } from "../jobs/host.ts";

export interface Guards {
  readonly all: readonly Guard[];
  /** State of every guard that answers. */
  states(): Promise<ReadonlyMap<Guard, LeaseState>>;
  /** Of one. @throws Away, Refused. */
  state(guard: Guard): Promise<LeaseState>;
  /** @throws Away; Refused where it may not be. */
  order(guard: Guard, order: LeaseOrder): Promise<void>;
  /** What lies in a PostgreSQL server's data folder. @throws Away, Refused. */
  data(guard: Guard): Promise<LeaseData>;
  /** Timelines that a PostgreSQL server began. @throws Away, Refused. */
  begun(guard: Guard): Promise<readonly LeaseBegan[]>;
}

type Told = Omit<LeaseData, "begun"> & Partial<Pick<LeaseData, "begun">>;

const ASK_SECONDS = 3;
/** What a name server is told to change is changed before it answers. */
const ORDER_SECONDS = 15;
const DATA_SECONDS = 60;

/**
 * A guard that did not answer is not waited for again: it is asked in the background, and counts as silent until it answers. A takeover asks some twenty times,
 * and half of the guards may be gone.
 * @param ask for tests. Default: over the network.
 */
export function guardsOf(all: readonly Guard[], tls: SecureContextOptions, ask: typeof call = call): Guards {
  /** Those that did not answer last, and whether one is being asked. */
  const silent = new Map<Guard, { asking: boolean }>();
  const heard = async <T>(guard: Guard, asked: Promise<T>): Promise<T> => {
    try {
      const said = await asked;
      silent.delete(guard);
      return said;
    } catch (error) {
      if (error instanceof Away && !silent.has(guard)) silent.set(guard, { asking: false });
      throw error;
    }
  };
  const get = async <T>(guard: Guard, path: string, timeoutSeconds: number, absent?: T): Promise<T> => {
    const answer = await heard(guard, ask(guard, tls, { method: "GET", path, timeoutSeconds }));
    if (answer.status === 404 && absent !== undefined) return absent;
    if (answer.status !== 200) throw new Refused(guard.host, answer);
    return JSON.parse(answer.text) as T;
  };
  const state = (guard: Guard): Promise<LeaseState> => get(guard, "/lease", ASK_SECONDS);
  /** Throws at once for one that is silent, and asks it meanwhile. */
  const unlessSilent = async <T>(guard: Guard, asking: () => Promise<T>): Promise<T> => {
    const known = silent.get(guard);
    if (known === undefined) return asking();
    if (!known.asking) {
      known.asking = true;
      void state(guard)
        .catch(() => {})
        .finally(() => {
          known.asking = false;
        });
    }
    throw new Away(guard, { id: "tadi tidak menjawab", en: "did not answer a moment ago" });
  };
  return {
    all,
    state: (guard) => unlessSilent(guard, () => state(guard)),
    states: async () => {
      const asked = await Promise.allSettled(all.map((guard) => unlessSilent(guard, () => state(guard))));
      return new Map(
        all.flatMap((guard, index) => {
          const one = asked[index];
          return one?.status === "fulfilled" ? [[guard, one.value] as const] : [];
        }),
      );
    },
    order: (guard, order) =>
      unlessSilent(guard, async () => {
        const body = JSON.stringify(order);
        const question = { method: "POST", path: "/lease", body, timeoutSeconds: ORDER_SECONDS } as const;
        const answer = await heard(guard, ask(guard, tls, question));
        if (answer.status !== 202) throw new Refused(guard.host, answer);
      }),
    // One from before timelines were named knows of none.
    data: async (guard) => ({ begun: [], ...(await get<Told>(guard, "/data", DATA_SECONDS)) }),
    begun: (guard) => get(guard, "/begun", ASK_SECONDS, []),
  };
}

/** Every one of a site, told one after the other; the first that fails is thrown when all were told. */
export async function tellAll(guards: Guards, site: string, order: LeaseOrder): Promise<void> {
  const told = await Promise.allSettled(
    guards.all.filter((one) => one.site === site).map((one) => guards.order(one, order)),
  );
  const failed = told.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
}
