/** A table whose rows could not be read, and why the server says so: its error is the cause. */
export class TableUnread extends Error {
  override readonly name = "TableUnread";

  constructor(table: string, cause: unknown) {
    super(`${table}: ${(cause as Error).message}`, { cause });
  }
}

/** What the server said, of whatever table. */
export const saidOf = (error: unknown): unknown => (error instanceof TableUnread ? error.cause : error);

/** The table's name with what went wrong; whoever stopped the work hears their own reason. */
export const unread = (table: string, error: unknown, signal?: AbortSignal): unknown =>
  signal?.aborted ? signal.reason : new TableUnread(table, error);

/** What comes of the work, or the signal's reason as soon as it is stopped: a server that sorts says nothing for minutes. Who began the work ends it. */
export async function unlessStopped<Value>(work: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  let stop = (): void => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
    // What was stopped fails when its connection ends, which adds nothing.
    work.catch(() => undefined);
  }
}
