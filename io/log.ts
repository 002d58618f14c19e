import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger };

export interface LogOptions {
  /** Which program speaks. */
  readonly name: string;
  /** Default `info`. */
  readonly level?: "debug" | "info" | "warn" | "error";
  /** Takes secrets out of what is logged; `redact` of custody. */
  readonly redact: (value: unknown) => unknown;
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** A logger that writes one JSON object a line, with times in ISO 8601, and lets no field pass that looks secret. */
export function createLogger({ name, level = "info", redact, destination }: LogOptions): Logger {
  const clean = (fields: object): Record<string, unknown> => redact(fields) as Record<string, unknown>;
  const options = {
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    base: {},
    // pino writes an error that is logged as `err` with its own serializer unless told otherwise.
    serializers: { err: (error: unknown) => redact(error) },
    formatters: { level: (label: string) => ({ level: label }), log: clean },
    hooks: {
      logMethod(args: Parameters<Logger["info"]>, method: (...args: Parameters<Logger["info"]>) => void) {
        method.apply(this, args.map((arg) => (typeof arg === "string" ? redact(arg) : arg)) as typeof args);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
