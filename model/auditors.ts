/** How auditors reach what a site's `ops` shows them (docs/adr/0019-auditors.md): through the gateway, with a certificate of their own. */

import type { AuditorModel } from "./types.ts";

/** On which `ops` answers auditors and nobody else; the gateway publishes it under the same number and passes TLS through. */
export const AUDITORS_PORT = 9445;

/** The longest that an auditor's certificate is valid, in days: a longer audit has it issued again. */
export const MOST_AUDITOR_DAYS = 90;

/** How an auditor's period stands at a moment. Pure. */
export function periodState({ from, until }: Pick<AuditorModel, "from" | "until">, now: Date): PeriodState {
  const moment = now.getTime();
  if (moment < Date.parse(from)) return "to-come";
  return moment < Date.parse(until) ? "running" : "over";
}

export type PeriodState = "to-come" | "running" | "over";
