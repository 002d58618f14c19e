/**
 * Assessments on schedule. The site that is active makes them, in a process of its own (services/assess), and has them signed as records of kind `check`
 * in its chain, which the other site's signer copies. Nothing is remembered: what was made is in the evidence, and that process looks there first.
 */
import { join } from "node:path";
import { canonicalJson } from "../../../evidence/canonical.ts";
import type { Clock } from "../../../io/clock.ts";
import type { Logger } from "../../../io/log.ts";
import type { Answer, Question } from "../../assess/material.ts";
import { checkStatement } from "../checks/statement.ts";
import type { AssessmentsConfig } from "../config.ts";
import type { OpsFiles } from "../files.ts";
import { openRecords } from "../told/records.ts";
import type { Ask } from "./ask.ts";
import { latestDue, nextDueMs } from "./slots.ts";

/** `OpsFiles` whose configuration has assessments. */
export interface AssessmentsFiles extends OpsFiles {
  readonly config: OpsFiles["config"] & { readonly assessments: AssessmentsConfig };
}

export const hasAssessments = (files: OpsFiles): files is AssessmentsFiles => files.config.assessments !== undefined;

export interface AssessmentsOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "info" | "warn">;
  /** The volume. */
  readonly folder: string;
  /** Whether this site is the active one, and up. */
  readonly ready: () => boolean;
  /** Starts the process. @throws what it said where it failed. */
  readonly ask: Ask;
  /** Default: the process's own. */
  readonly timers?: Pick<typeof globalThis, "setInterval" | "clearInterval">;
}

export interface AssessmentsService {
  /** What has to be known of it; undefined: nothing. */
  remark(): string | undefined;
  /** One look at what is due; resolves when what it began has ended. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

const TICK_SECONDS = 60;
/** After one that failed. */
const AGAIN_MS = 3_600_000;

/** @param files those of now, which have assessments as long as this runs. @throws the disk's error. */
export async function startAssessments(
  files: () => OpsFiles,
  { clock, log, folder, ready, ask, timers = globalThis }: AssessmentsOptions,
): Promise<AssessmentsService> {
  const now = (): AssessmentsFiles => {
    const current = files();
    if (!hasAssessments(current)) throw new Error("assessments: expected a configuration with assessments");
    return current;
  };
  const warn = (message: string): void => log.warn({ assessments: message }, "assessments");
  const records = await openRecords({
    ...{ folder: join(folder, "assessments"), of: "assessments", warn },
    tls: () => now().tls,
    signer: () => now().config.assessments.signer,
  });
  const ending = new AbortController();
  /** From when on it is worth looking again. UTC milliseconds. */
  let idleUntilMs = 0;
  let fault: string | undefined;
  let underWay: Promise<void> | undefined;

  async function make(moment: number): Promise<void> {
    const { region, assessments } = now().config;
    const { plan, timezone, commit } = assessments;
    const { kind, atMs, fromMs } = latestDue(plan, moment, timezone);
    const [due, from] = [new Date(atMs).toISOString(), new Date(fromMs).toISOString()];
    const question: Question = { kind, due, from, commit: commit ?? null };
    const answer = JSON.parse(await ask(JSON.stringify(question), ending.signal)) as Answer;
    if ("kept" in answer) {
      const statement = checkStatement(canonicalJson(answer.kept), region);
      if (!("kind" in statement)) throw new Error(statement.join("; "));
      const { id, waits, why } = await records.record(`assessment-${atMs}`, statement);
      if (id === null && !waits) throw new Error(`the signer refuses it: ${why}`);
      log.info({ kind, due, record: id }, "assessed");
    }
    idleUntilMs = nextDueMs(plan, moment, timezone);
    fault = undefined;
  }

  async function look(): Promise<void> {
    await records.send();
    const moment = clock.now().getTime();
    // What waits for the signer is not in the evidence yet: it would be made a second time.
    if (moment < idleUntilMs || records.remark() !== undefined || !ready()) return;
    try {
      await make(moment);
    } catch (error) {
      if (ending.signal.aborted) return;
      fault = error instanceof Error ? error.message : String(error);
      idleUntilMs = moment + AGAIN_MS;
      warn(`not made: ${fault}`);
    }
  }

  /** One at a time. */
  function tick(): Promise<void> {
    underWay ??= look().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  const timer = timers.setInterval(() => {
    tick().catch((error: unknown) => warn(`cannot be kept: ${error instanceof Error ? error.message : error}`));
  }, TICK_SECONDS * 1000);
  return {
    tick,
    remark: () =>
      [...(fault === undefined ? [] : [`the assessment that is due was not made: ${fault}`]), records.remark() ?? []]
        .flat()
        .join("; ") || undefined,
    close: async () => {
      timers.clearInterval(timer);
      ending.abort();
      await underWay?.catch(() => undefined);
      await records.close();
    },
  };
}
