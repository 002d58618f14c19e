/** What runs came to, as lines of a file of its own: which evidence says so, how far archives reach, what the last drill of a target found. Pure. */
import type { RepositoryClass } from "../../../model/derive/backup-repositories.ts";
import type { Action, DrillChoice, Outcome } from "./types.ts";

/** Where a run's whole report lies is `reports/<run>.json`. */
export interface EndedRun extends Outcome {
  readonly run: string;
  readonly target: string;
  readonly action: Action;
  readonly class?: RepositoryClass;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Whether a repository host or a drill room said so; otherwise nobody could be asked, which says nothing of copies. */
  readonly seen: boolean;
  /** Id of the copy that was made or restored. */
  readonly copy?: string;
  /** State of the data in it. */
  readonly copyAt?: string;
  readonly choice?: DrillChoice;
  readonly drill?: DrillFigures;
}

/** Seconds; absent where a drill did not come so far. */
export interface DrillFigures {
  readonly proven: "exactly" | "sentinel" | "nothing";
  readonly restoreSeconds: number;
  readonly proofSeconds: number;
  readonly rto: number;
  readonly restoredTo: string;
  readonly compared: number;
  readonly differing: number;
}

export type LedgerEvent =
  | ({ readonly event: "ended"; readonly at: string } & EndedRun)
  /** Record `evidence` says what came of the run. */
  | {
      readonly event: "signed";
      readonly at: string;
      readonly run: string;
      readonly evidence: string;
      readonly digest: string;
    }
  | { readonly event: "refused"; readonly at: string; readonly run: string; readonly why: string }
  /** Everything up to `to` is in the archive. */
  | { readonly event: "archived"; readonly at: string; readonly target: string; readonly to: string };

export interface Signature {
  readonly id: string;
  /** SHA-256 of the record, in hex. */
  readonly digest: string;
}

const DAY_MS = 86_400_000;
/** A year and some: what an auditor of last year asks for. */
const KEEP_DRILL_DAYS = 400;
const KEEP_OTHER_DAYS = 60;
const KINDS: readonly string[] = ["ended", "signed", "refused", "archived"] satisfies LedgerEvent["event"][];

export class Ledger {
  /** In order of their end. */
  readonly #ended = new Map<string, EndedRun>();
  readonly #signatures = new Map<string, Signature>();
  readonly #refused = new Map<string, string>();
  readonly #archived = new Map<string, string>();

  static of(events: Iterable<LedgerEvent>): Ledger {
    const ledger = new Ledger();
    for (const event of events) ledger.apply(event);
    return ledger;
  }

  apply(event: LedgerEvent): void {
    switch (event.event) {
      case "ended": {
        const { event: _, at: __, ...run } = event;
        this.#ended.set(event.run, run);
        break;
      }
      case "signed":
        this.#signatures.set(event.run, { id: event.evidence, digest: event.digest });
        break;
      case "refused":
        this.#refused.set(event.run, event.why);
        break;
      case "archived":
        this.#archived.set(event.target, event.to);
        break;
    }
  }

  ended(run: string): EndedRun | undefined {
    return this.#ended.get(run);
  }

  get drills(): readonly EndedRun[] {
    return [...this.#ended.values()].filter(({ action }) => action === "drill");
  }

  signature(run: string): Signature | undefined {
    return this.#signatures.get(run);
  }

  /** Why the signer would not have it; undefined where it has, or was not asked yet. */
  refusal(run: string): string | undefined {
    return this.#refused.get(run);
  }

  get refusals(): number {
    return this.#refused.size;
  }

  archivedTo(target: string): string | undefined {
    return this.#archived.get(target);
  }

  /** Whether the last drill of the target that came to anything restored what was in its copy; undefined: there was none. */
  restorable(target: string): boolean | undefined {
    const last = this.drills.findLast((drill) => drill.target === target && drill.seen);
    return last && last.result === "succeeded";
  }

  /** What the last archive check that a statement was made of came to. */
  lastCheck(target: string): Outcome["result"] | undefined {
    return [...this.#ended.values()].findLast((run) => run.target === target && run.action === "archive-check")?.result;
  }

  /** What still counts as lines: what is kept, and of each target its last drill and check. */
  kept(now: Date): LedgerEvent[] {
    const at = now.toISOString();
    const last = new Map([...this.#ended.values()].map((run) => [`${run.target} ${run.action}`, run.run]));
    const lasts = new Set(last.values());
    const runs = [...this.#ended.values()].filter((run) => lasts.has(run.run) || isRecent(run, now));
    return [
      ...[...this.#archived].map(([target, to]): LedgerEvent => ({ event: "archived", at, target, to })),
      ...runs.flatMap((run): LedgerEvent[] => {
        const [signature, why] = [this.#signatures.get(run.run), this.#refused.get(run.run)];
        return [
          { event: "ended", at: run.endedAt, ...run },
          ...(signature
            ? [{ event: "signed", at, run: run.run, evidence: signature.id, digest: signature.digest } as const]
            : []),
          ...(why === undefined ? [] : [{ event: "refused", at, run: run.run, why } as const]),
        ];
      }),
    ];
  }
}

export function isRecent({ action, endedAt }: Pick<EndedRun, "action" | "endedAt">, now: Date): boolean {
  const days = action === "drill" ? KEEP_DRILL_DAYS : KEEP_OTHER_DAYS;
  return Date.parse(endedAt) >= now.getTime() - days * DAY_MS;
}

/** Events of a text, and the numbers (from 1) of whole lines that are none. */
export function parseLedger(text: string): { readonly events: LedgerEvent[]; readonly broken: number[] } {
  const lines = text.split("\n");
  // Without a final line feed the last line was never finished.
  lines.pop();
  const broken: number[] = [];
  const events = lines.flatMap((line, index) => {
    const event = parseLine(line);
    if (!event) broken.push(index + 1);
    return event ? [event] : [];
  });
  return { events, broken };
}

function parseLine(line: string): LedgerEvent | undefined {
  try {
    const value = JSON.parse(line) as Partial<Record<string, unknown>> | null;
    const about = value?.event === "archived" ? value.target : value?.run;
    return KINDS.includes(String(value?.event)) && typeof about === "string" ? (value as LedgerEvent) : undefined;
  } catch {
    return undefined;
  }
}

export const ledgerLine = (event: LedgerEvent): string => `${JSON.stringify(event)}\n`;
