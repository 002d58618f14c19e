/** One figure of the `bench` shape (design.md section 6): a measure as a multiple of a named floor measured in the same run. */

/** What a bench says of one figure. */
export interface Measure {
  /** `<bench>.<case>`, for example `preview.1000`. */
  readonly name: string;
  readonly value: number;
  /** `s` or `bytes`. */
  readonly unit: string;
  /** In the unit of the value. */
  readonly floor: number;
  /** What the floor is, in words. */
  readonly against: string;
  /** The most that value / floor may be. */
  readonly bound: number;
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
  return { ...measure, ratio, ok: measure.value > 0 && measure.floor > 0 && ratio <= measure.bound };
}
