/** How the signer is, in one line. Pure. */
import type { Page } from "./answer.ts";
import type { SignerConfig } from "./config.ts";
import type { Ledger } from "./ledger.ts";

/** What went on since it was started. */
export interface HealthFacts {
  reloadFault?: string | undefined;
  /** The last statement could not be kept. */
  diskFault?: string | undefined;
  /** The other site told its past differently. Stays until a restart: a person has to look. */
  alarm?: string | undefined;
  peerFault?: string | undefined;
  /** On the monotonic clock. */
  exchangedAtMs?: number;
}

export function healthOf(
  { peer }: SignerConfig,
  ledger: Pick<Ledger, "writer" | "begun" | "last">,
  facts: HealthFacts,
  nowMs: number,
): Page {
  const faults: readonly (readonly [string, string | undefined])[] = [
    ["new configuration refused", facts.reloadFault],
    ["the last statement was not kept", facts.diskFault],
    ["ALARM", facts.alarm],
  ];
  const [fault] = faults.flatMap(([what, why]) => (why === undefined ? [] : [`${what}: ${why}`]));
  if (fault !== undefined) return { status: 503, text: fault };
  const { begun } = ledger;
  const parts = [
    `signing: ${ledger.last().statement.sequence} records in ${ledger.writer}`,
    begun?.reason === "damaged" ? `begun because the former chain is damaged (${begun.before?.problem})` : undefined,
    peer === undefined ? undefined : exchangedText(peer.site, facts, nowMs),
  ];
  return { status: 200, text: parts.filter((part) => part !== undefined).join("; ") };
}

function exchangedText(site: string, { peerFault, exchangedAtMs }: HealthFacts, nowMs: number): string {
  if (peerFault !== undefined) return `no exchange with ${site}: ${peerFault}`;
  if (exchangedAtMs === undefined) return `no exchange with ${site} yet`;
  return `exchanged with ${site} ${Math.round((nowMs - exchangedAtMs) / 1000)} s ago`;
}
