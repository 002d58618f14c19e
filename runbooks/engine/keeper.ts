/** The journal of the run that this process conducts: an event counts from the moment it is on disk. */
import type { Clock } from "../../io/clock.ts";
import type { Lines } from "../../io/lines.ts";
import type { RunEvent } from "./events.ts";
import { lineOf } from "./journal.ts";
import { type RunState, stateOf } from "./state.ts";

/** `Omit` would merge the members of the union. */
type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

export class Keeper {
  readonly #lines: Pick<Lines, "append">;
  readonly #clock: Pick<Clock, "now">;
  readonly #events: RunEvent[];
  #sum: string;

  /** @param sum of the last line; empty where there is none. */
  constructor(lines: Pick<Lines, "append">, clock: Pick<Clock, "now">, events: readonly RunEvent[], sum: string) {
    this.#lines = lines;
    this.#clock = clock;
    this.#events = [...events];
    this.#sum = sum;
  }

  get events(): readonly RunEvent[] {
    return this.#events;
  }

  /** @throws RangeError where there is no event yet. */
  get state(): RunState {
    return stateOf(this.#events);
  }

  /** On disk when it resolves. @throws the disk's error: then nothing may be done that rests on it. */
  async write(event: Untimed<RunEvent>): Promise<void> {
    const timed: RunEvent = { at: this.#clock.now().toISOString(), ...event };
    const { line, sum } = lineOf(timed, this.#sum);
    await this.#lines.append(line);
    this.#sum = sum;
    this.#events.push(timed);
  }
}
