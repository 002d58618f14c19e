/** What a failover lost, compared with what its report says. */
import { expect } from "vitest";
import type { Model } from "../../../model/types.ts";
import type { RunReport } from "../../../runbooks/report/report.ts";
import { tellFigures } from "../../faults/figures.ts";
import { acknowledgedBy, handover } from "../../faults/ledger/handover.ts";
import type { History } from "../../faults/ledger/history.ts";
import type { Verdict } from "../../faults/ledger/judge.ts";
import { judgeAt, type Loaded } from "./load.ts";

export interface FailedOver {
  readonly report: RunReport;
  readonly loaded: Loaded;
  /** Of the load. */
  readonly run: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Demands that both sites took writes, none of them the old one after the first of the new one, and that what is missing at the new site is no
 * more than the report says, and within the RPO.
 */
export async function expectLostAsSaid(model: Model, failedOver: FailedOver): Promise<void> {
  const { loaded, run, from, to } = failedOver;
  for (const history of [loaded.rows, loaded.mariadbRows, loaded.complaints]) {
    expect(acknowledgedBy(history.attempts, to).length).toBeGreaterThan(0);
    expect(handover(history, from, to).lies).toEqual([]);
  }
  const judged = await judgeAt(to, model, run, loaded);
  lostAsSaid(model, failedOver, "postgresql:utama", loaded.rows, judged.rows);
  lostAsSaid(model, failedOver, "mariadb:php", loaded.mariadbRows, judged.mariadbRows);
}

function lostAsSaid(
  model: Model,
  { report, from }: FailedOver,
  target: string,
  history: History,
  { missing, ...verdict }: Verdict,
): void {
  expect(verdict, target).toMatchObject({ neverAsked: [], refusedButThere: [], changed: [], doubled: [] });
  const loss = report.lost?.find((one) => one.target === target);
  const server = model.databaseServers.find(({ engine: kind, id }) => `${kind}:${id}` === target);
  if (loss?.seconds === undefined || loss.seconds === null || server === undefined)
    throw new Error(`${target}: the report says no loss in seconds: ${JSON.stringify(report.lost)}`);
  expect(loss.seconds, target).toBeLessThanOrEqual(server.replication.rpoSeconds);
  const last = Math.max(...acknowledgedBy(history.attempts, from).map(({ endedAt }) => endedAt));
  const gone = history.attempts.filter(({ id }) => missing.includes(id));
  for (const { by, endedAt } of gone) {
    expect(by, target).toBe(from);
    expect((last - endedAt) / 1000, target).toBeLessThanOrEqual(loss.seconds);
  }
  tellFigures({ [`lost_${target}`]: `${missing.length} rows, ${loss.seconds} s said` });
}
