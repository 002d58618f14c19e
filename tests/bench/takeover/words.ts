/** Commands and statements of these benches. Pure. */
import type { TsigKey } from "../../../custody/types.ts";

export interface NameUpdate {
  readonly zone: string;
  /** Without final dot. */
  readonly name: string;
  readonly ttlSeconds: number;
  readonly address: string;
  readonly key: TsigKey;
}

/** What knsupdate reads: one update, from the only place that the name server takes one from. */
export function nameUpdate({ zone, name, ttlSeconds, address, key }: NameUpdate): string {
  const lines = [
    "server 127.0.0.1 5353",
    `key ${key.algorithm}:${key.name} ${key.secret}`,
    `zone ${zone}.`,
    `update delete ${name}. A`,
    `update add ${name}. ${ttlSeconds} A ${address}`,
    "send",
  ];
  return `${lines.join("\n")}\n`;
}

const PGBENCH = ["--host=/run/postgresql", "--username=postgres"];

/** Rows are changed in place: room for that in every block. */
export const loadWords = (scale: number, database: string): readonly string[] => [
  ...["pgbench", "--initialize", "--quiet", `--scale=${scale}`, "--fillfactor=90", ...PGBENCH, database],
];

/** Clients enough that processor and disk have work all the time. */
export const pgbenchWords = (seconds: number, database: string): readonly string[] => [
  ...["pgbench", "--client=4", "--jobs=2", `--time=${seconds}`, "--no-vacuum", ...PGBENCH, database],
];

const BELOW_GUARDS = /^exec python3 .*lease_keeper\.py .*$/m;

/**
 * The image's own `start` with Patroni in the place of the keeper of the lease, below which are its watch, the founding guard and Patroni. What it
 * begins beside them stays. @throws where the image begins its guards in another way than this knows.
 */
export function unguardedStart(own: string): string {
  if (!BELOW_GUARDS.test(own))
    throw new Error(`bench: expected the keeper in the last line of start, received\n${own}`);
  return own.replace(
    BELOW_GUARDS,
    `mkdir -p /run/lumbung/patroni
ln -sf /config/current/patroni.yml /run/lumbung/patroni/10-delivered.yml
echo '{}' >/run/lumbung/patroni/20-role.yml
exec patroni /run/lumbung/patroni`,
  );
}

export interface Change {
  /** Which row of each block: a row that was changed lies at another place in its block from then on. */
  readonly row: number;
  readonly by: number;
}

/**
 * Changes one row in so many blocks that they are a hundredth of the database, evenly over the accounts; the answer is how many, and of how many.
 * With room in each block no index is touched (HOT), so these are all blocks that are changed.
 */
export const changeHundredth = ({ row, by }: Change): string => `
with size as (
  select pg_relation_size('pgbench_accounts') / 8192 as accounts, pg_database_size(current_database()) / 8192 as blocks
), changed as (
  update pgbench_accounts set abalance = abalance + (${by}) where ctid = any (array(
    select format('(%s,%s)', block, ${row})::tid
    from size, generate_series(0, accounts - 1, greatest(1, accounts * 100 / blocks)) as block
  )) returning 1
)
select (select count(*) from changed) || ' ' || blocks from size`;

/** @throws unless it is a hundredth, within a fifth. */
export function changedShare(said: string): { readonly changed: number; readonly blocks: number } {
  const [changed = Number.NaN, blocks = Number.NaN] = said.trim().split(" ").map(Number);
  const share = changed / blocks;
  if (share >= 0.008 && share <= 0.012) return { changed, blocks };
  throw new Error(`bench: expected a hundredth of the blocks changed, received ${JSON.stringify(said)}`);
}

/** Whether a standby streams and has applied everything up to a position. */
export const followsUpTo = (position: string): string =>
  `select pg_is_in_recovery() and pg_last_wal_replay_lsn() >= '${position}' and exists (select from pg_stat_wal_receiver where status = 'streaming')`;

const MOMENT = String.raw`(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) \w+ patroni: `;
const BEGUN = new RegExp(`^${MOMENT}running pg_rewind`, "m");
const ENDED = new RegExp(`^${MOMENT}pg_rewind exit code=0`, "m");

/** From Patroni's log: for how long pg_rewind ran. @throws where it did not, or failed. */
export function rewindSeconds(log: string): number {
  const [begun, ended] = [BEGUN, ENDED].map((line) => {
    const [, second = "", thousandths = ""] = line.exec(log) ?? [];
    return Date.parse(`${second.replace(" ", "T")}.${thousandths}Z`);
  }) as [number, number];
  if (ended >= begun) return (ended - begun) / 1000;
  throw new Error(`bench: expected a rewind in Patroni's log, received\n${log.slice(-2000)}`);
}
