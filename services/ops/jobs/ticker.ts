/** The one effect that makes time pass: node-cron, once a minute. Everything that is decided is decided elsewhere. */
import cron from "node-cron";

export interface Ticking {
  readonly stop: () => void;
}

/** Ticks at the beginning of every minute until stopped. `when`: a cron expression. Default every minute. */
export function startTicking(tick: () => Promise<void>, warn: (message: string) => void, when = "* * * * *"): Ticking {
  const task = cron.schedule(when, async () => {
    try {
      await tick();
    } catch (error) {
      warn(`tick: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  return { stop: () => void task.stop() };
}
