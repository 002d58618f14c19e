/**
 * A signal that is aborted when the user wants to stop. On a terminal Ctrl-C reaches Pulumi as well as us, and a second one would
 * kill it, so there we only note it; a SIGINT or SIGTERM sent to us alone is passed on.
 */
export function interruption(): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return {
    signal: controller.signal,
    end: () => {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
    },
  };
}
