/** How much is backed up and restored: 1 GiB each, or less to try the benches (`LUMBUNG_BENCH_MIB`). */

const MIB = 2 ** 20;

/** @throws where the variable is no number of at least 16. */
export function benchMebibytes(env: Readonly<Record<string, string | undefined>> = process.env): number {
  return mebibytesIn(env, "LUMBUNG_BENCH_MIB", 1024);
}

/** What a variable says; `usual` where it is not set. @throws where it is no number of at least 16. */
export function mebibytesIn(
  env: Readonly<Record<string, string | undefined>>,
  variable: string,
  usual: number,
): number {
  const said = env[variable] ?? String(usual);
  const mebibytes = Number(said);
  if (Number.isInteger(mebibytes) && mebibytes >= 16) return mebibytes;
  throw new Error(`${variable}: expected a whole number from 16, received "${said}"`);
}

/** pgbench's scale for a database of so much: each has 100,000 accounts, with their index 15 MiB. */
export const pgbenchScale = (mebibytes: number): number => Math.max(1, Math.round(mebibytes / 15));

/** From a note to a scanned document, in turns. */
const SIZES: readonly number[] = [1024, 16 * 1024, 64 * 1024, 256 * 1024, MIB];
const FOLDER_FILES = 100;

/** Sizes of files that make up so much, bytes by path: 3,900 files for 1 GiB. */
export function mixedFiles(mebibytes: number): Map<string, number> {
  const files = new Map<string, number>();
  let left = mebibytes * MIB;
  for (let number = 0; left > 0; number += 1) {
    const size = Math.min(left, SIZES[number % SIZES.length] ?? MIB);
    files.set(`${Math.floor(number / FOLDER_FILES)}/${number}.bin`, size);
    left -= size;
  }
  return files;
}
