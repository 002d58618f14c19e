/** The course of a drill, whatever the engine: the room is emptied before and after, and what was found becomes a report. */
import type { Text } from "../../../model/types.ts";
import type { Compared, Copy, DrillReport } from "../wire.ts";
import { type Work, WorkFault } from "../work.ts";
import { outcomeOf } from "./outcome.ts";
import type { Room } from "./room.ts";

/** The copy does not restore, or not to what was wanted: no fault of the drill's, but its result. */
export class NotRestored extends Error {
  override readonly name = "NotRestored";
  readonly text: Text;

  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}

type Stage = keyof DrillReport["seconds"];

/** What a drill has found so far. */
export class Findings {
  readonly seconds: Record<Stage, number> = { find: 0, fetch: 0, restore: 0, replay: 0, prove: 0 };
  readonly copy: Copy;
  proven: DrillReport["proven"] = "nothing";
  restoredTo: string;
  bytes = 0;
  rtoSeconds = 0;
  compared: readonly Compared[] = [];
  checks: DrillReport["checks"][number][] = [];
  why: Text | undefined;
  readonly #work: Work;
  readonly #begun: number;

  constructor(work: Work, copy: Copy) {
    this.#work = work;
    this.#begun = work.seconds();
    this.copy = copy;
    this.restoredTo = copy.at;
  }

  /** Does a part of the work, and counts how long it took. */
  async during<Value>(stage: Stage, part: () => Promise<Value>): Promise<Value> {
    const begun = this.#work.seconds();
    try {
      return await part();
    } finally {
      this.seconds[stage] += this.#work.seconds() - begun;
    }
  }

  /** The engine takes questions on the restored data. */
  takesQuestions(): void {
    this.rtoSeconds = this.#work.seconds() - this.#begun;
  }

  check(name: string, ok: boolean, detail: string): void {
    this.checks.push({ name, ok, detail });
  }

  report(left: readonly string[]): DrillReport {
    const { proven, compared, checks, restoredTo, seconds, bytes, rtoSeconds, copy } = this;
    const { choice } = this.#work.order;
    const { passed, why } = outcomeOf({ proven, compared, checks, left, ...(this.why ? { why: this.why } : {}) });
    return {
      report: "drill",
      copy,
      ...(choice ? { choice } : {}),
      proven,
      passed,
      restoredTo,
      seconds,
      bytes,
      rtoSeconds,
      compared,
      checks,
      left,
      ...(why ? { why } : {}),
    };
  }
}

/**
 * Conducts a drill. What does not restore is a report that did not pass.
 * @throws WorkFault where the drill could not be made, the signal's reason where it was stopped; the room is empty then too.
 */
export async function conduct(
  work: Work,
  room: Room,
  perform: (findings: Findings, copy: Copy) => Promise<void>,
): Promise<DrillReport> {
  const { copy } = work.order;
  if (!copy)
    throw new WorkFault({
      id: `${work.order.target}: perintah latihan tidak menyebut salinan mana yang dipulihkan`,
      en: `${work.order.target}: the drill's order names no copy to restore`,
    });
  const findings = new Findings(work, copy);
  try {
    await findings.during("find", async () => {
      await room.empty();
      await room.requireSpace(copy.bytes);
    });
    await perform(findings, copy);
  } catch (error) {
    if (work.signal.aborted || !(error instanceof NotRestored)) {
      await emptyAfter(room, error);
      throw work.signal.aborted ? work.signal.reason : error;
    }
    findings.why = error.text;
  }
  work.phase({ id: "mengosongkan tempat latihan", en: "emptying the drill room" });
  const stays = await room.empty().then(
    () => [],
    (error: Error) => [error.message],
  );
  return findings.report([...stays, ...(await room.left())]);
}

/** Empties the room after something went wrong, and forgets neither. */
async function emptyAfter(room: Room, error: unknown): Promise<void> {
  try {
    await room.empty();
  } catch (cause) {
    throw new AggregateError(
      [error, cause],
      `${(error as Error).message}; and the drill room could not be emptied: ${(cause as Error).message}`,
    );
  }
}
