/** Publishes the heads of evidence while this site is active: looked at every five minutes, and soon again after what went wrong. */
import type { Clock } from "../../../io/clock.ts";
import type { Logger } from "../../../io/log.ts";
import type { SiteState } from "../status.ts";
import { headsEffects } from "./effects.ts";
import type { HeadsFiles } from "./files.ts";
import { type NameServer, type Publishing, publishHeads } from "./publish.ts";

export interface HeadsServiceOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** As `ops` sees it now. */
  readonly siteState: () => SiteState;
  /** Default: over the network. */
  readonly effects?: (files: HeadsFiles) => Publishing | undefined;
  /** Default: the process's own. */
  readonly timers?: Pick<typeof globalThis, "setInterval" | "clearInterval">;
}

export interface HeadsService {
  /** What has to be known of it; undefined: nothing. */
  remark(): string | undefined;
  /** One look, if it is due. Never throws. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

/** One line for each thing that is not as it should be. */
interface Seen {
  readonly faults: readonly string[];
  readonly ahead: readonly string[];
}

const CUT = "PUBLISHED HEADS OF EVIDENCE ARE NOT IN THE CHAINS: SOMETHING WAS CUT OFF OR WRITTEN ANEW";
const TICK_SECONDS = 15;
const LOOK_SECONDS = 300;

/** @param files those of now. */
export function startHeads(files: () => HeadsFiles, options: HeadsServiceOptions): HeadsService {
  const { clock, log, siteState, effects = effectsOf, timers = globalThis } = options;
  let dueMs = Number.NEGATIVE_INFINITY;
  let seen: Seen = { faults: [], ahead: [] };
  let underWay: Promise<void> | undefined;

  async function look(): Promise<void> {
    const now = files();
    const told = effects(now);
    // Whoever is not active leaves it to the other site; two that published at once would only repeat each other.
    if (told === undefined || siteState() !== "active") {
      dueMs = Number.NEGATIVE_INFINITY;
      return note({ faults: [], ahead: [] });
    }
    if (clock.monotonicMs() < dueMs) return;
    try {
      const looked = await publishHeads(nameServers(now), told);
      if (looked.changed.length > 0) log.info({ servers: looked.changed }, "heads of evidence published");
      note({ faults: looked.faults, ahead: looked.ahead.map(({ writer, sequence }) => `${writer} ${sequence}`) });
    } catch (error) {
      note({ ...seen, faults: [error instanceof Error ? error.message : String(error)] });
    }
    if (seen.faults.length === 0) dueMs = clock.monotonicMs() + LOOK_SECONDS * 1000;
  }

  /** What changed is logged, what goes on as before is not. */
  function note(now: Seen): void {
    if (now.faults.length > 0 && now.faults.join() !== seen.faults.join())
      log.warn({ heads: now.faults.join("; ") }, "heads of evidence are not published everywhere");
    if (now.ahead.length > 0 && now.ahead.join() !== seen.ahead.join()) log.error({ heads: now.ahead.join("; ") }, CUT);
    seen = now;
  }

  /** Never two looks at once. */
  function tick(): Promise<void> {
    underWay ??= look().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  const timer = timers.setInterval(() => void tick(), TICK_SECONDS * 1000);
  return {
    remark: () => {
      const parts = [
        ...(seen.ahead.length === 0 ? [] : [`${CUT}: ${seen.ahead.join(", ")}`]),
        ...(seen.faults.length === 0 ? [] : [`heads of evidence are not published: ${seen.faults.join(", ")}`]),
      ];
      return parts.length === 0 ? undefined : parts.join("; ");
    },
    tick,
    close: async () => {
      timers.clearInterval(timer);
      await underWay;
    },
  };
}

function effectsOf({ config, tls, tsig }: HeadsFiles): Publishing | undefined {
  return config.heads === undefined || tsig === undefined ? undefined : headsEffects(config.heads, tls, tsig);
}

/** The region's, of both sites. */
export function nameServers({ config }: Pick<HeadsFiles, "config">): NameServer[] {
  return config.targets.flatMap(({ probe, host, address, port }) =>
    probe === "dns" && address !== undefined ? [{ host, address, port }] : [],
  );
}
