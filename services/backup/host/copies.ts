/** What copies there are, asked of both engines; kept until something was done, as each question costs a second of work. */
import { copiesIn, restic, snapshotsWords } from "../engines/restic.ts";
import type { BackupFiles } from "../files.ts";
import type { Copy, CopyList } from "../wire.ts";
import { postgresCopies } from "./postgres.ts";

/** Never throws: a repository that cannot be read is told as unknown. */
export async function copiesHere({ config }: BackupFiles, now: () => Date): Promise<CopyList> {
  const unknown: Record<string, string> = {};
  const copies: Copy[] = [];
  for (const stanza of config.stanzas) {
    try {
      copies.push(...(await postgresCopies(stanza)));
    } catch (error) {
      unknown[stanza.target] = (error as Error).message;
    }
  }
  const others = config.targets.filter(({ engine }) => engine === "restic" || engine === "mariadb-backup");
  try {
    if (others.length > 0) copies.push(...copiesIn((await restic(snapshotsWords(true))).stdout));
  } catch (error) {
    for (const { id } of others) unknown[id] = (error as Error).message;
  }
  return { site: config.site, at: now().toISOString(), copies, unknown };
}

/** Asks at most once for all who ask at the same time, and again when `changed` was called or the answer is too old. */
export class CopyBoard {
  readonly #read: () => Promise<CopyList>;
  readonly #now: () => Date;
  #held: Promise<CopyList> | undefined;
  #at = 0;

  constructor(read: () => Promise<CopyList>, now: () => Date) {
    this.#read = read;
    this.#now = now;
  }

  list(): Promise<CopyList> {
    const now = this.#now().getTime();
    if (this.#held === undefined || now - this.#at > KEEP_MS) {
      this.#at = now;
      this.#held = this.#read();
    }
    return this.#held;
  }

  changed(): void {
    this.#held = undefined;
  }
}

const KEEP_MS = 240_000;
