/** `GET /probes`, and what `node ops.mjs probe` prints of it. Times are ISO 8601. */

export interface RoundsView {
  readonly region: string;
  readonly site: string;
  readonly at: string;
  /** When the next round is due. */
  readonly next: string;
  /** Id of the round that goes on. */
  readonly underWay: string | null;
  /** The last round that came to its end; null: none since `ops` started. */
  readonly last: RoundView | null;
  /** Why the round after that did not come to its end. */
  readonly fault: string | null;
}

export interface RoundView {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** How many things were looked at. */
  readonly items: number;
  /** What is not as it should be, in lines. */
  readonly remarks: readonly string[];
  /** Names of the signed records. */
  readonly records: readonly string[];
  /** How many statements of it wait for the signer. */
  readonly waiting: number;
  /** What the signer said to those that it would not have. */
  readonly refused: readonly string[];
}
