/** The one effect that makes time pass: node-cron, six times a minute. Everything that is decided is decided elsewhere. */
import cron from "node-cron";

export interface Ticking {
  readonly stop: () => void;
}

/** Ticks until stopped. `when`: a cron expression. Default every ten seconds: what waited for a free place begins soon after one is. */
export function startTicking(
  tick: () => Promise<void>,
  warn: (message: string) => void,
  when = "*/10 * * * * *",
): Ticking {
  const task = cron.schedule(when, async () => {
    try {
      await tick();
    } catch (error) {
      warn(`tick: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  return { stop: () => void task.stop() };
}
