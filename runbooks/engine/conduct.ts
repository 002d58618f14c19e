/** What beginning a run and going on with it have in common. */
import type { Text } from "../../model/types.ts";
import type { RunEvent } from "./events.ts";
import type { Keeper } from "./keeper.ts";
import type { Programs } from "./program.ts";
import type { Ending, Wishes } from "./runner.ts";

export interface Ended {
  readonly run: string;
  readonly ending: Ending;
  /** All of the journal. */
  readonly events: readonly RunEvent[];
}

export interface Doing {
  readonly programs: Programs;
  readonly wishes: Wishes;
}

export function ended(keeper: Keeper, ending: Ending): Ended {
  return { run: keeper.state.run, ending, events: keeper.events };
}

export function otherRegion(received: string, expected: string): Text {
  return {
    id: `region: diharapkan ${expected}, diterima ${received}`,
    en: `region: expected ${expected}, received ${received}`,
  };
}

/** One a line. */
export function joined(texts: readonly Text[]): Text {
  return { id: texts.map(({ id }) => id).join("\n"), en: texts.map(({ en }) => en).join("\n") };
}
