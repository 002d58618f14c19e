/** MariaDB's GTID positions: `<domain>-<server>-<number>` of each domain, in a list. */

export interface Gtid {
  readonly domain: number;
  readonly server: number;
  readonly number: bigint;
}

/** @throws RangeError where it is no position. An empty one is before everything. */
export function parsePosition(position: string): Gtid[] {
  return position
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((one) => {
      const parts = /^(\d+)-(\d+)-(\d+)$/.exec(one);
      if (!parts)
        throw new RangeError(`GTID position: expected <domain>-<server>-<number>, received ${JSON.stringify(one)}`);
      return { domain: Number(parts[1]), server: Number(parts[2]), number: BigInt(parts[3] ?? 0) };
    });
}

/** The furthest of each domain, in order of domains. Numbers of a domain only grow (`gtid_strict_mode`). */
export function furthest(...positions: readonly string[]): string {
  const found = new Map<number, Gtid>();
  for (const gtid of positions.flatMap(parsePosition)) {
    const known = found.get(gtid.domain);
    if (!known || known.number < gtid.number) found.set(gtid.domain, gtid);
  }
  return [...found.values()]
    .sort((a, b) => a.domain - b.domain)
    .map(({ domain, server, number }) => `${domain}-${server}-${number}`)
    .join(",");
}

/** Whether both are the same state, in whatever order they are written. */
export const samePosition = (one: string, other: string): boolean => furthest(one) === furthest(other);

/** Whether `one` has something that `other` has not. */
export function liesBeyond(one: string, other: string): boolean {
  const there = new Map(parsePosition(other).map(({ domain, number }) => [domain, number]));
  return parsePosition(one).some(({ domain, number }) => number > (there.get(domain) ?? 0n));
}

/**
 * From where to where a log is read, for `mariadb-binlog`: a domain in which nothing is to come is in neither list, as the program looks for what it
 * is told to begin behind and fails where it need not read so far.
 */
export function span(from: string, to: string): { readonly start: string; readonly stop: string } {
  const starts = new Map(parsePosition(from).map((gtid) => [gtid.domain, gtid]));
  const moving = parsePosition(to).filter(({ domain, number }) => number > (starts.get(domain)?.number ?? 0n));
  const written = ({ domain, server, number }: Gtid): string => `${domain}-${server}-${number}`;
  return {
    start: moving
      .flatMap(({ domain }) => starts.get(domain) ?? [])
      .map(written)
      .join(","),
    stop: moving.map(written).join(","),
  };
}
