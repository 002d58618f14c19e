/** A part of `ops` that its configuration may want or not: begun, changed and ended as that says. */
import type { Logger } from "../../io/log.ts";

export interface Part<Service> {
  running(): Service | undefined;
  /** Why it does not run although it is wanted; what else `ops` does goes on, as a volume that cannot be used must not take the eyes away. */
  fault(): string | undefined;
  /** As the configuration has it now. Never throws: what fails is the part's fault until it is arranged again. */
  arrange(): Promise<void>;
  close(): Promise<void>;
}

export interface PartArgs<Service> {
  /** What is said of it where it fails, as `jobs do not run`. */
  readonly failing: string;
  readonly log: Logger;
  readonly wanted: () => boolean;
  readonly start: () => Promise<Service>;
  /** Told to one that runs when the configuration changed. Default: it reads that by itself. */
  readonly reload?: (service: Service) => void;
}

export function part<Service extends { close(): Promise<unknown> }>({
  failing,
  log,
  wanted,
  start,
  reload,
}: PartArgs<Service>): Part<Service> {
  let service: Service | undefined;
  let fault: string | undefined;

  async function end(): Promise<void> {
    await service?.close();
    service = undefined;
  }

  return {
    running: () => service,
    fault: () => fault,
    arrange: async () => {
      try {
        if (!wanted()) await end();
        else if (service) reload?.(service);
        else service = await start();
        fault = undefined;
      } catch (err) {
        fault = `${failing}: ${err instanceof Error ? err.message : String(err)}`;
        log.error({ err }, failing);
      }
    },
    close: end,
  };
}
