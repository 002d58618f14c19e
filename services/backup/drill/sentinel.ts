/** What a restore without a proof shows: that something which was written after the copy is there. */
import type { Text } from "../../../model/types.ts";
import type { DrillReport } from "../wire.ts";

export interface Sentinel {
  /** State of the data of the copy. */
  readonly at: string;
  /** The moment that it was restored to; absent: as far as the log goes. */
  readonly until?: string;
  /** When the newest transaction that is there was committed; undefined where none was replayed. */
  readonly newest: string | undefined;
  /** Whether the engine would have failed if its log had ended before the moment. */
  readonly vouched: boolean;
}

/** Proven by a transaction after the copy; one after the moment that was asked for should not be there. */
export function judge({ at, until, newest, vouched }: Sentinel): Pick<DrillReport, "proven" | "restoredTo" | "why"> {
  if (newest !== undefined && until !== undefined && Date.parse(newest) > Date.parse(until))
    return { proven: "nothing", restoredTo: newest, why: beyond(newest, until) };
  const moment = vouched ? until : undefined;
  if (newest !== undefined && Date.parse(newest) > Date.parse(at))
    return { proven: "sentinel", restoredTo: moment ?? newest };
  return { proven: "nothing", restoredTo: moment ?? at };
}

const beyond = (newest: string, until: string): Text => ({
  id: `dipulihkan melewati saat yang diminta: ada transaksi dari ${newest}, sesudah ${until}`,
  en: `restored beyond the moment that was asked for: there is a transaction of ${newest}, after ${until}`,
});
