/** What a run is handed: its order, how to tell how far it is, and when it was told to stop. */
import type { Text } from "../../model/types.ts";
import type { RunOrder } from "./wire.ts";

export interface Work {
  readonly order: RunOrder;
  /** Aborts when the run is stopped: every process of it must end then. */
  readonly signal: AbortSignal;
  /** Whether a restore, for which a person waits, waits for this one's place. */
  readonly awaited: () => boolean;
  readonly now: () => Date;
  /** Seconds on the monotonic clock; of a drill without those in which it stood still for others. */
  readonly seconds: () => number;
  /** What is being done now, and how far it is where that is known. */
  readonly phase: (phase: Text, doneBytes?: number, totalBytes?: number) => void;
}

/** What went wrong and what to do, in words for an operator: the message is the English one. */
export class WorkFault extends Error {
  override readonly name = "WorkFault";
  readonly text: Text;

  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}
