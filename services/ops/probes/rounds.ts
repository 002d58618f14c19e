/**
 * Rounds of probes: looked, put into a spool of their own on the volume, `probes/`, and signed. One at a time. A round that is broken off
 * leaves nothing: what was not seen to the end is looked at again.
 */
import { join } from "node:path";
import type { SecureContextOptions } from "node:tls";
import type { Peer } from "../config.ts";
import { Spool } from "../jobs/spool.ts";
import type { Named } from "../jobs/statements.ts";
import { type Items, remarksOn } from "./round.ts";
import { probeStatements } from "./statements.ts";
import type { RoundView } from "./views.ts";

export interface RoundsOptions {
  /** The volume. */
  readonly folder: string;
  readonly named: () => Named;
  readonly signer: () => { readonly peer: Peer; readonly tls: SecureContextOptions };
  readonly look: () => Promise<Items>;
  readonly now: () => Date;
  readonly warn: (message: string) => void;
}

/** The last round, with what it saw. */
export interface LastRound {
  readonly view: RoundView;
  readonly items: Items;
}

export class Rounds {
  readonly #options: RoundsOptions;
  #spool: Spool | undefined;
  #underWay: { readonly id: string; readonly done: Promise<void> } | undefined;
  #last: { readonly view: Omit<RoundView, "records" | "waiting" | "refused">; readonly items: Items } | undefined;
  /** Of the last round's statements, by their names in the spool; undefined: it waits. */
  #signed = new Map<string, { readonly record: string } | { readonly refused: string } | undefined>();
  #fault: string | undefined;

  private constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** @throws the disk's error where the volume cannot be read or written. */
  static async open(options: RoundsOptions): Promise<Rounds> {
    const rounds = new Rounds(options);
    const note = (name: string, outcome: { record: string } | { refused: string }): void => {
      if (rounds.#signed.has(name)) rounds.#signed.set(name, outcome);
    };
    rounds.#spool = await Spool.open({
      folder: join(options.folder, "probes"),
      signer: options.signer,
      isEnded: () => true,
      isDone: () => false,
      onSigned: async (name, { id }) => note(name, { record: id }),
      onRefused: async (name, why) => {
        options.warn(`the signer refuses the statement of ${name}: ${why}`);
        note(name, { refused: why.split("\n")[0] ?? "" });
      },
    });
    return rounds;
  }

  /** Begins a round, or joins the one that goes on. @returns its id */
  begin(): string {
    if (this.#underWay !== undefined) return this.#underWay.id;
    const startedAt = this.#options.now();
    const id = `probe-${startedAt.toISOString().replace(/[-:.]/g, "")}`;
    const done = this.#round(id, startedAt)
      .catch((error: unknown) => {
        this.#fault = error instanceof Error ? error.message : String(error);
        this.#options.warn(`a round did not come to its end: ${this.#fault}`);
      })
      .finally(() => {
        this.#underWay = undefined;
      });
    this.#underWay = { id, done };
    return id;
  }

  async #round(id: string, startedAt: Date): Promise<void> {
    const { look, named, now } = this.#options;
    const items = await look();
    const statements = probeStatements(items, named(), startedAt).map(
      (statement, index) => [`${id}-${index + 1}`, statement] as const,
    );
    this.#signed = new Map(statements.map(([name]) => [name, undefined]));
    for (const [name, statement] of statements) await this.#spool?.put(name, statement);
    const view = { id, startedAt: startedAt.toISOString(), endedAt: now().toISOString(), items: items.size };
    this.#last = { view: { ...view, remarks: remarksOn(items) }, items };
    this.#fault = undefined;
    await this.#spool?.send();
  }

  get underWay(): string | undefined {
    return this.#underWay?.id;
  }

  get last(): LastRound | undefined {
    if (this.#last === undefined) return undefined;
    const outcomes = [...this.#signed.values()];
    const view = {
      ...this.#last.view,
      records: outcomes.flatMap((one) => (one && "record" in one ? [one.record] : [])),
      waiting: outcomes.filter((one) => one === undefined).length,
      refused: outcomes.flatMap((one) => (one && "refused" in one ? [one.refused] : [])),
    };
    return { view, items: this.#last.items };
  }

  get fault(): string | undefined {
    return this.#fault;
  }

  /** Statements that wait, of all rounds. */
  get waiting(): number {
    return this.#spool?.length ?? 0;
  }

  /** What has to be known of it; undefined: nothing. */
  remark(): string | undefined {
    const why = this.#spool?.fault;
    const parts = [
      ...(this.#fault === undefined ? [] : [`the last round of probes did not come to its end: ${this.#fault}`]),
      // One that was just made is on its way.
      ...(this.waiting === 0 || why === undefined
        ? []
        : [`${this.waiting} rounds of probes wait for the signer (${why})`]),
      ...(this.last?.view.refused.length ? ["the signer refused the last round of probes"] : []),
      ...(this.#last?.view.remarks ?? []),
    ];
    return parts.length === 0 ? undefined : parts.join("; ");
  }

  /** Has what waits signed. */
  async send(): Promise<void> {
    await this.#spool?.send();
  }

  /** The round that goes on has been told to end. */
  async close(): Promise<void> {
    await this.#underWay?.done;
    await this.#spool?.close();
  }
}
