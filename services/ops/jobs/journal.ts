/** The journal as text: one event a line. What a power cut left half written is the last line at most. */
import type { Action, JournalEvent } from "./types.ts";

const DAY_MS = 86_400_000;
/** Archives are checked every few minutes: their lines would be nearly all of the journal. */
const KEEP_DAYS: Readonly<Record<Action, number>> = {
  full: 60,
  differential: 60,
  incremental: 60,
  "archive-check": 1,
  "extend-locks": 14,
  expire: 14,
  prune: 14,
  "read-data": 60,
  drill: 60,
};
const KEEP_CLOCK_DAYS = 60;
const KINDS: readonly string[] = ["started", "ended", "clock-back"] satisfies JournalEvent["event"][];

export interface Journal {
  readonly events: readonly JournalEvent[];
  /** Numbers of lines, from 1, that could not be read and are not the cut end. */
  readonly broken: readonly number[];
}

export const lineOf = (event: JournalEvent): string => `${JSON.stringify(event)}\n`;

export function parseJournal(text: string): Journal {
  const lines = text.split("\n");
  // Without a final line feed the last line was never finished, whatever it looks like.
  lines.pop();
  const broken: number[] = [];
  const events = lines.flatMap((line, index) => {
    const event = parseLine(line);
    if (!event) broken.push(index + 1);
    return event ? [event] : [];
  });
  return { events, broken };
}

function parseLine(line: string): JournalEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return undefined;
    const { event, at, id } = value as Partial<Record<string, unknown>>;
    const known = KINDS.includes(String(event)) && !Number.isNaN(Date.parse(String(at)));
    return known && (event === "clock-back" || typeof id === "string") ? (value as JournalEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** What still counts: all that is open, the last days of each action, and of each job, and of each job's target, the last run before. */
export function compact(events: readonly JournalEvent[], now: Date): JournalEvent[] {
  const isRecent = (at: string, days: number): boolean => Date.parse(at) >= now.getTime() - days * DAY_MS;
  const kept = new Set<string>();
  const ended = new Set(events.flatMap((one) => (one.event === "ended" ? [one.id] : [])));
  const last = new Map<string, string>();
  for (const one of events) {
    if (one.event !== "started") continue;
    if (isRecent(one.at, KEEP_DAYS[one.action]) || !ended.has(one.id)) kept.add(one.id);
    last.set(`${one.job} ${one.target}`, one.id);
  }
  for (const id of last.values()) kept.add(id);
  return events.filter((one) => (one.event === "clock-back" ? isRecent(one.at, KEEP_CLOCK_DAYS) : kept.has(one.id)));
}
