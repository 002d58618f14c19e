/** How large the database is that comes back: 2 GiB, or what is asked for (`LUMBUNG_BENCH_FAILBACK_MIB`): more where there is time, less to try the bench. */
import { mebibytesIn } from "../backup/size.ts";

const USUAL_MIB = 2048;

/** @throws where the variable is no number of at least 16. */
export const failbackMebibytes = (env: Readonly<Record<string, string | undefined>> = process.env): number =>
  mebibytesIn(env, "LUMBUNG_BENCH_FAILBACK_MIB", USUAL_MIB);

/** pgbench's scale for a database of so much, with a tenth of each block left free: 100,000 accounts with their index are 16.2 MiB. */
export const scaleFor = (mebibytes: number): number => Math.max(1, Math.round(mebibytes / 16.2));
