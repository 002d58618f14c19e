/** What people tell, recorded for as long as this process runs: restores that they ordered, and what became of findings. */
import { join } from "node:path";
import type { Clock } from "../../../io/clock.ts";
import type { Logger } from "../../../io/log.ts";
import type { OpsFiles } from "../files.ts";
import { findingStatement } from "../findings/statement.ts";
import { parseFinding } from "../findings/told.ts";
import { hasJobs, type JobsFiles } from "../jobs/service.ts";
import type { Named } from "../jobs/statements.ts";
import { openRestores } from "../restores/restores.ts";
import { parseTold } from "../restores/told.ts";
import type { Book, Take } from "./answer.ts";
import { openRecords, type Recorded } from "./records.ts";

export interface ToldService {
  readonly books: Readonly<Record<Book, Take>>;
  /** What has to be known; undefined: nothing. */
  remark(): string | undefined;
  close(): Promise<void>;
}

export interface ToldServiceOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
  /** The volume. */
  readonly folder: string;
}

const SEND_SECONDS = 30;

/** @param files those of now, which have jobs as long as this runs. @throws the disk's error. */
export async function toldService(
  files: () => OpsFiles,
  { clock, log, folder }: ToldServiceOptions,
): Promise<ToldService> {
  const now = (): JobsFiles => {
    const current = files();
    if (!hasJobs(current)) throw new Error("told: expected a configuration with jobs");
    return current;
  };
  const warn = (message: string): void => log.warn({ told: message }, "told");
  const named = (): Named => {
    const { region, site, jobs } = now().config;
    return { region, site, inventory: jobs.inventory, ...(jobs.commit === undefined ? {} : { commit: jobs.commit }) };
  };
  const common = { tls: () => now().tls, signer: () => now().config.jobs.signer, warn };
  const restores = await openRestores({
    ...{ ...common, folder, named },
    drillRoom: () => now().config.jobs.drill,
    now: () => clock.now(),
  });
  const findings = await openRecords({ ...common, folder: join(folder, "findings"), of: "findings" });
  const all = [restores, findings];
  const send = (): void => {
    for (const one of all)
      one.send().catch((error: unknown) => {
        warn(`statements cannot be handed to the signer: ${error instanceof Error ? error.message : error}`);
      });
  };
  send();
  const timer = setInterval(send, SEND_SECONDS * 1000);
  return {
    books: {
      restores: taking(parseTold, (told) => restores.record(told)),
      findings: taking(parseFinding, (told) => findings.record(told.id, findingStatement(told, named()))),
    },
    remark: () => all.flatMap((one) => one.remark() ?? []).join("; ") || undefined,
    close: async () => {
      clearInterval(timer);
      await Promise.all(all.map((one) => one.close()));
    },
  };
}

function taking<T extends object>(
  parse: (text: string) => T | readonly string[],
  record: (told: T) => Promise<Recorded>,
): Take {
  return async (text) => {
    const told = parse(text);
    return Array.isArray(told) ? (told as readonly string[]) : record(told as T);
  };
}
