import { type Figure, figureOf } from "../figure.ts";
import { median, percentile } from "../statistics.ts";

/** All in seconds. A round trip and a flush of the same place in their lists were taken right after each other. */
export interface Samples {
  readonly latencies: readonly number[];
  readonly roundTrips: readonly number[];
  readonly flushes: readonly number[];
}

/**
 * Ten times for both.  TODO
 */
const BOUND = { median: 10, p99: 10 };

/** Median against median, and 99th percentile against 99th percentile: a disk that stalls now and then stalls the floor as well. */
export function replicationFigures({ latencies, roundTrips, flushes }: Samples): Figure[] {
  if (latencies.some((latency) => !(latency > 0)))
    throw new Error(`replication: expected positive times, received ${latencies.find((latency) => !(latency > 0))}`);
  const floors = roundTrips.map((roundTrip, index) => roundTrip + (flushes[index] ?? Number.NaN));
  const detail = {
    commits: latencies.length,
    floors: floors.length,
    roundTrip: spread(roundTrips),
    flush: spread(flushes),
    latency: spread(latencies),
  };
  const one = (name: keyof typeof BOUND, of: (values: readonly number[]) => number) =>
    figureOf({
      name: `replication.${name}`,
      value: of(latencies),
      unit: "s",
      floor: of(floors),
      against: `one round trip + one flush of 8 KiB (${name})`,
      bound: BOUND[name],
      detail,
    });
  return [one("median", median), one("p99", (values) => percentile(values, 0.99))];
}

function spread(values: readonly number[]): Record<string, number> {
  return {
    least: Math.min(...values),
    median: median(values),
    p99: percentile(values, 0.99),
    most: Math.max(...values),
  };
}
