/** A transaction that is open while its server sleeps, and is asked to commit meanwhile. */
import { setTimeout as pause } from "node:timers/promises";
import { PATIENCE_MS } from "../ledger/connections.ts";
import { now } from "../region/client.ts";
import { PATIENCE, type SiteId } from "../region/sites.ts";
import { type Open, openPostgres } from "../region/transactions.ts";
import { ASLEEP, type RegionTrial } from "../region/trial.ts";

const ENGINE = "postgres-utama";

export class Sleeper {
  readonly #trial: RegionTrial;
  readonly #site: SiteId;
  /** Unlike any before: what is there of an older one proves nothing. */
  readonly id = Math.round(now());
  #open: Open | undefined;
  #committed: Promise<number | null> = Promise.resolve(null);

  constructor(trial: RegionTrial, site: SiteId) {
    this.#trial = trial;
    this.#site = site;
  }

  /** @throws where the server takes no writes now. */
  async begins(): Promise<void> {
    const insert = `insert into ${ASLEEP} values (${this.id}, 'asleep')`;
    const opened = openPostgres(this.#trial.directly(this.#site, ENGINE), insert);
    this.#open = await within(PATIENCE_MS, opened, `${this.#site}: no transaction could be opened`);
  }

  commits(): void {
    if (this.#open) this.#committed = this.#open.commit();
  }

  /** When it was acknowledged, on the clients' clock; null: it was not. @throws where the server neither answers nor ends. */
  async acknowledgedAt(): Promise<number | null> {
    const answer = within(
      PATIENCE * 1000,
      this.#committed,
      `${this.#site}: a commit was neither acknowledged nor refused`,
    );
    return await answer.finally(() => this.#open?.end());
  }

  isThere(at: SiteId): boolean {
    return this.#trial.rows(at, ENGINE, this.id - 1, ASLEEP).some(({ id }) => id === this.id);
  }
}

/** @throws after so many milliseconds. */
async function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  const ended = new AbortController();
  const late = pause(ms, undefined, { signal: ended.signal }).then(() => {
    throw new Error(`${what} in ${ms / 1000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => {}); // it is waited for no more
    ended.abort();
  }
}
