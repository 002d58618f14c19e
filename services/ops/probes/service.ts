/** Rounds of probes on schedule: the first soon after the site is up, then one in each period; and out of turn where somebody asks. */
import { setTimeout as timeout } from "node:timers/promises";
import type { Clock } from "../../../io/clock.ts";
import type { Logger } from "../../../io/log.ts";
import type { LeaseGrants } from "../../../model/lease.ts";
import type { Peer, RoundsConfig } from "../config.ts";
import type { OpsFiles } from "../files.ts";
import { nameServers } from "../heads/service.ts";
import { Away, call } from "../jobs/call.ts";
import { Refused } from "../jobs/host.ts";
import type { WorkloadStatus } from "../status.ts";
import { type Eyes, openEyes } from "./eyes.ts";
import { lookRound } from "./round.ts";
import { type LastRound, Rounds } from "./rounds.ts";
import { nextRoundMs } from "./schedule.ts";
import type { RoundsView } from "./views.ts";

/** `OpsFiles` whose configuration has rounds. */
export interface RoundsFiles extends OpsFiles {
  readonly config: OpsFiles["config"] & { readonly rounds: RoundsConfig };
}

export const hasRounds = (files: OpsFiles): files is RoundsFiles => files.config.rounds !== undefined;

export interface RoundsServiceOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn">;
  /** The volume. */
  readonly folder: string;
  /** Of the own site, as `ops` sees them now. */
  readonly workloads: () => readonly WorkloadStatus[];
  /** Whether the site is up: the first round waits for that, five minutes at most. */
  readonly ready: () => boolean;
  /** Default: over the network. */
  readonly eyes?: (files: RoundsFiles, ending: AbortSignal) => Eyes;
  /** Default: the process's own. */
  readonly timers?: Pick<typeof globalThis, "setInterval" | "clearInterval">;
}

export interface RoundsSeen {
  readonly site: string;
  readonly last: LastRound | undefined;
  readonly waiting: number;
}

export interface RoundsService {
  view(): RoundsView;
  /** Begins a round now, or joins the one that goes on. @returns its id */
  begin(): string;
  remark(): string | undefined;
  seen(): RoundsSeen;
  /** One look at what is due. */
  tick(): void;
  close(): Promise<void>;
}

const TICK_SECONDS = 15;
const PATIENCE_MS = 300_000;

/** @param files those of now, which have rounds as long as this runs. @throws the disk's error. */
export async function startRounds(files: () => OpsFiles, options: RoundsServiceOptions): Promise<RoundsService> {
  const { clock, log, folder, workloads, ready, eyes = eyesOf, timers = globalThis } = options;
  const ending = new AbortController();
  const now = (): RoundsFiles => {
    const current = files();
    if (!hasRounds(current)) throw new Error("rounds: expected a configuration with rounds");
    return current;
  };
  const warn = (message: string): void => log.warn({ probes: message }, "probes");
  const rounds = await Rounds.open({
    folder,
    named: () => {
      const { region, site, rounds: told } = now().config;
      const { commit, inventory } = told;
      return { region, site, inventory, ...(commit === undefined ? {} : { commit }) };
    },
    signer: () => ({ peer: now().config.rounds.signer, tls: now().tls }),
    look: () => {
      const current = now();
      const { pauseMs } = current.config.rounds;
      const pause = (): Promise<void> => timeout(pauseMs, undefined, { signal: ending.signal });
      const held = async (guard: Peer): Promise<LeaseGrants | undefined> => {
        try {
          return await grantsOf(guard, current, ending.signal);
        } catch (error) {
          if (!(error instanceof Away || error instanceof Refused)) throw error;
          warn(`grants are not known: ${error.message}`);
          return undefined;
        }
      };
      const looking = { config: current.config, eyes: eyes(current, ending.signal), workloads, held, pause };
      return lookRound({ ...looking, now: () => clock.now() });
    },
    now: () => clock.now(),
    warn,
  });

  const patientUntilMs = clock.monotonicMs() + PATIENCE_MS;
  let dueMs: number | undefined;

  function begin(): string {
    dueMs = nextRoundMs(clock.now().getTime(), now().config.rounds);
    return rounds.begin();
  }

  function tick(): void {
    void rounds.send().catch((error: unknown) => {
      warn(`statements cannot be handed to the signer: ${error instanceof Error ? error.message : error}`);
    });
    const isFirst = dueMs === undefined && (ready() || clock.monotonicMs() >= patientUntilMs);
    if (isFirst || (dueMs !== undefined && clock.now().getTime() >= dueMs)) begin();
  }

  const timer = timers.setInterval(tick, TICK_SECONDS * 1000);
  return {
    begin,
    tick,
    remark: () => rounds.remark(),
    seen: () => ({ site: now().config.site, last: rounds.last, waiting: rounds.waiting }),
    view: () => {
      const { region, site, rounds: told } = now().config;
      return {
        ...{ region, site, at: clock.now().toISOString() },
        next: new Date(dueMs ?? nextRoundMs(clock.now().getTime(), told)).toISOString(),
        underWay: rounds.underWay ?? null,
        last: rounds.last?.view ?? null,
        fault: rounds.fault ?? null,
      };
    },
    close: async () => {
      timers.clearInterval(timer);
      ending.abort(new Error("ops ends"));
      await rounds.close();
    },
  };
}

/** A server of thousands of databases looks into each of them. */
const GRANTS_SECONDS = 300;

/** @throws Away; Refused where the server cannot say it now. */
async function grantsOf(guard: Peer, { tls }: RoundsFiles, signal: AbortSignal): Promise<LeaseGrants> {
  const answer = await call(guard, tls, { method: "GET", path: "/grants", timeoutSeconds: GRANTS_SECONDS, signal });
  if (answer.status !== 200) throw new Refused(guard.host, answer);
  return JSON.parse(answer.text) as LeaseGrants;
}

const eyesOf = ({ config, tls }: RoundsFiles, ending: AbortSignal): Eyes =>
  openEyes(nameServers({ config }), String(tls.ca), ending);
