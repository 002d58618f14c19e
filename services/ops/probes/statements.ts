/** What is signed of a round: one statement, or as many as it takes where it is too large for one. Pure. */
import { type Observed, observedSubject } from "../../../evidence/statement.ts";
import { MAX_OBSERVED_BYTES, type Named, TOOL } from "../jobs/statements.ts";
import { plain } from "../plain.ts";
import type { Item, Items } from "./round.ts";

/** What is around the items. */
const FRAME_BYTES = 1024;

/** @param at when the round began: nothing in it was seen earlier */
export function probeStatements(items: Items, named: Named, at: Date, most = MAX_OBSERVED_BYTES): Observed[] {
  const { region, site, commit, inventory } = named;
  return portions([...items], most - FRAME_BYTES).map((portion) => {
    const observed = plain({ region, site, items: Object.fromEntries(portion) });
    return {
      kind: "probe",
      subject: [observedSubject(`${site}/probes`, observed)],
      observed,
      observedAt: at.toISOString(),
      commit: commit ?? null,
      inventory,
      tool: TOOL,
    };
  });
}

type Entry = readonly [string, Item];

function portions(entries: readonly Entry[], most: number): Entry[][] {
  const all: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = Buffer.byteLength(JSON.stringify(entry));
    if (bytes > room) {
      all.push([]);
      room = most;
    }
    all.at(-1)?.push(entry);
    room -= bytes;
  }
  return all;
}
