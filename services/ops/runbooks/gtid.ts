/** MariaDB's GTID positions (`domain-server-sequence`, one a domain; MariaDB documentation, "GTID"). Pure. */

/**
 * Whether a server at `position` has everything up to `wanted`: in every domain at least that sequence number; and, where the numbers are equal, by the same
 * server, as two that parted count on alike. Anything that cannot be read is not covered.
 */
export function gtidCovers(position: string, wanted: string): boolean {
  const [have, want] = [parse(position), parse(wanted)];
  if (have === undefined || want === undefined) return false;
  return [...want].every(([domain, one]) => {
    const own = have.get(domain);
    if (own === undefined) return false;
    return own.sequence > one.sequence || (own.sequence === one.sequence && own.server === one.server);
  });
}

/** What of a position another server's `gtid_binlog_state` lacks. */
export interface Parted {
  /** Of each domain in which it lacks something: the last transaction by that server that it has; null: none that it knows. */
  readonly since: readonly (string | null)[];
  /** How many it lacks, as sequence numbers count on in a domain; null: nobody can tell. */
  readonly count: bigint | null;
}

/**
 * By the server that made each transaction, never by number alone: after two sites parted both count on. An empty list in `since`: nothing is lacking.
 * @param state the last transaction of each server in each domain. undefined: what cannot be read.
 */
export function lackedBy(state: string, position: string): Parted | undefined {
  const [known, wanted] = [everyOne(state), everyOne(position)];
  if (known === undefined || wanted === undefined) return undefined;
  const lacking = wanted.flatMap((one) => {
    const there = known.find(({ domain, server }) => domain === one.domain && server === one.server);
    return there !== undefined && there.sequence >= one.sequence ? [] : [{ one, there }];
  });
  const counts = lacking.map(({ one, there }) => (there === undefined ? null : one.sequence - there.sequence));
  return {
    since: lacking.map(({ there }) =>
      there === undefined ? null : `${there.domain}-${there.server}-${there.sequence}`,
    ),
    count: counts.reduce<bigint | null>((sum, n) => (sum === null || n === null ? null : sum + n), 0n),
  };
}

interface Place {
  readonly domain: string;
  readonly server: string;
  readonly sequence: bigint;
}

/** The last of each domain: a position has one. */
function parse(position: string): ReadonlyMap<string, Place> | undefined {
  const all = everyOne(position);
  return all && new Map(all.map((place) => [place.domain, place]));
}

function everyOne(gtids: string): readonly Place[] | undefined {
  const places: Place[] = [];
  for (const one of gtids.split(",").filter((part) => part.trim() !== "")) {
    const found = /^(\d{1,10})-(\d{1,10})-(\d{1,20})$/.exec(one.trim());
    if (found === null) return undefined;
    const [, domain = "", server = "", sequence = "0"] = found;
    places.push({ domain, server, sequence: BigInt(sequence) });
  }
  return places;
}
