/** Bounds in time that hold. */

/**
 * Does the work with a signal that surely comes, after so long or with the caller's own. `AbortSignal.any` with `AbortSignal.timeout` does not: nothing
 * holds the timeout but the signal made of it, weakly, and what the garbage collector takes never fires (nodejs/node#57736).
 * @throws a TimeoutError (DOMException) or the caller's reason, where the work passes its signal's reason on
 */
export async function within<T>(
  milliseconds: number,
  ending: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  ending?.throwIfAborted();
  const own = new AbortController();
  const late = (): void => own.abort(new DOMException(`not within ${milliseconds} ms`, "TimeoutError"));
  const timer = setTimeout(late, milliseconds);
  const stop = (): void => own.abort(ending?.reason);
  ending?.addEventListener("abort", stop, { once: true });
  try {
    return await work(own.signal);
  } finally {
    clearTimeout(timer);
    ending?.removeEventListener("abort", stop);
  }
}
