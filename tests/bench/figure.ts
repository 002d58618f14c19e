/** One figure of the `bench` shape (design.md section 6): a measure as a multiple of a named floor measured in the same run. */

/** What a bench says of one figure. */
export interface Measure {
  /** `<bench>.<case>`, for example `preview.1000`. */
  readonly name: string;
  readonly value: number;
  /** `s`, `bytes`, `bytes/s`, … */
  readonly unit: string;
  /** In the unit of the value. */
  readonly floor: number;
  /** What the floor is, in words. */
  readonly against: string;
  /** The most that value / floor may be, or the least (see `least`); null: it is stated, and nobody has set a bound. */
  readonly bound: number | null;
  /** Of what should be large, a rate for example: the bound is the least. */
  readonly least?: true;
  /** Parts of the value and of the floor, and what else a reader wants to know. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface Figure extends Measure {
  /** value / floor */
  readonly ratio: number;
  readonly ok: boolean;
}

/** Ratio and verdict. What could not be measured (a zero, a NaN) is never ok. */
export function figureOf(measure: Measure): Figure {
  const ratio = measure.value / measure.floor;
  return { ...measure, ratio, ok: measure.value > 0 && measure.floor > 0 && keeps(measure, ratio) };
}

function keeps({ bound, least }: Measure, ratio: number): boolean {
  if (bound === null) return Number.isFinite(ratio);
  return least ? ratio >= bound : ratio <= bound;
}
