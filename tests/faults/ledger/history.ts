/**
 * What clients asked a system to keep, and what it answered: the history that a fault test is judged by. All times come from one monotonic
 * clock, in milliseconds, so that no clock that was set anywhere can change the verdict.
 */

/**
 * `acknowledged`: the system said that it is kept. `refused`: it said that it is not. `unknown`: no answer came, or one that says
 * neither; the row may be there or not.
 */
export type Outcome = "acknowledged" | "refused" | "unknown";

export interface Attempt {
  readonly id: number;
  /** What was to be kept. */
  readonly value: string;
  readonly askedAt: number;
  /** When the answer came, or the client gave up. */
  readonly endedAt: number;
  readonly outcome: Outcome;
  /** Why it was not acknowledged, in the system's or the client's words. */
  readonly reason?: string;
  /** Which part of the system it was asked of, where that is known: a site. */
  readonly by?: string;
}

export interface History {
  /** When the load began and ended: a stop may lie at either end. */
  readonly from: number;
  readonly to: number;
  readonly attempts: readonly Attempt[];
}

/** Keeps attempts while they are made, by any number of clients. */
export class Recorder {
  readonly #now: () => number;
  readonly #from: number;
  readonly #attempts: Attempt[] = [];
  #next = 1;

  constructor(now: () => number) {
    this.#now = now;
    this.#from = now();
  }

  /**
   * Makes one attempt with a number of its own. `write` returns when the system acknowledged; it throws a `Refused` where the system
   * said no, and anything else where nobody knows. It may tell `asks` which part of the system it asks.
   */
  async attempt(write: (id: number, value: string, asks: (part: string) => void) => Promise<void>): Promise<Outcome> {
    const id = this.#next++;
    const value = `row ${id}`;
    const askedAt = this.#now();
    let by: string | undefined;
    const end = (outcome: Outcome, reason?: string): Outcome => {
      const attempt = { id, value, askedAt, endedAt: this.#now(), outcome };
      this.#attempts.push({
        ...attempt,
        ...(reason === undefined ? {} : { reason }),
        ...(by === undefined ? {} : { by }),
      });
      return outcome;
    };
    try {
      await write(id, value, (part) => {
        by = part;
      });
      return end("acknowledged");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return end(error instanceof Refused ? "refused" : "unknown", reason);
    }
  }

  history(): History {
    return { from: this.#from, to: this.#now(), attempts: [...this.#attempts] };
  }
}

/** The system answered that it did not keep what it was asked to. */
export class Refused extends Error {
  override readonly name = "Refused";
}
