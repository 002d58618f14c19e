/**
 * The statements of the replication bench. Everything is in a schema of its own, made at the active site and dropped at the end.
 *
 * Both ends of a sample are the servers' own: the time that PostgreSQL gives a commit (`track_commit_timestamp`, taken just before its
 * record goes to the disk) and the clock at the standby in the instant in which a query first sees the row. No client is in between.
 */

const SCHEMA = "lumbung_bench";

export interface Pace {
  readonly commits: number;
  /** From one commit to the next. */
  readonly gapMs: number;
  /** How long before the next commit the standby begins to look; it looks without pause from then on. */
  readonly watchMs: number;
  /** After which a row that has not come is an error. */
  readonly patienceSeconds: number;
}

/** At the active site, once. The function is replicated; it is called at the standby. */
export function prepareSql({ gapMs, watchMs, patienceSeconds }: Pace): string {
  return `
drop schema if exists ${SCHEMA} cascade;
create schema ${SCHEMA};
create table ${SCHEMA}.commits (id integer primary key);
create function ${SCHEMA}.watch(first integer, last integer)
  returns table (id integer, committed_at timestamptz, seen_at timestamptz)
  language plpgsql volatile as $$
declare
  deadline timestamptz := clock_timestamp() + interval '${patienceSeconds} seconds';
begin
  for n in first..last loop
    loop
      select pg_xact_commit_timestamp(c.xmin) into committed_at from ${SCHEMA}.commits c where c.id = n;
      exit when found;
      if clock_timestamp() > deadline then
        raise exception 'commit % is not visible after ${patienceSeconds} seconds', n;
      end if;
    end loop;
    seen_at := clock_timestamp();
    id := n;
    return next;
    perform pg_sleep_until(committed_at + interval '${gapMs - watchMs} milliseconds');
  end loop;
end $$;
`;
}

/** What it answers with `t` at the standby: everything has come that a round needs. */
export const READY_SQL = `select to_regprocedure('${SCHEMA}.watch(integer, integer)') is not null;\n`;

/**
 * At the active site: so many commits of one row each, after one that nobody measures. It comes when the standby had time to begin
 * looking, and if it did not begin even then, only that one is late.
 */
export function commitSql(first: number, { commits, gapMs }: Pace): string {
  const insert = (id: number) => `insert into ${SCHEMA}.commits values (${id});`;
  const rest = Array.from({ length: commits }, (_, index) => [
    `select pg_sleep(${gapMs / 1000});`,
    insert(first + 1 + index),
  ]);
  return `${["\\o /dev/null", "select pg_sleep(1);", insert(first), ...rest.flat()].join("\n")}\n`;
}

/** At the standby: waits for those commits; each row is how many seconds one took. */
export function watchSql(first: number, { commits }: Pace): string {
  const last = first + commits;
  return `select extract(epoch from seen_at - committed_at) from ${SCHEMA}.watch(${first}, ${last}) where id > ${first};\n`;
}

/** At the active site, at the end. */
export const CLEAN_SQL = `drop schema if exists ${SCHEMA} cascade;\n`;

/** Whether this is the standby, and which running kernel's clock it has. */
export const PLACE_SQL =
  "select pg_is_in_recovery(), rtrim(pg_read_file('/proc/sys/kernel/random/boot_id'), E'\\n'), current_setting('track_commit_timestamp');\n";
