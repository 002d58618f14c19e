/** Restores that people ordered, recorded with what the drill room itself says of them. */
import { join } from "node:path";
import type { RunState } from "../../backup/wire.ts";
import type { Peer } from "../config.ts";
import { Away, call } from "../jobs/call.ts";
import type { Named } from "../jobs/statements.ts";
import { openRecords, type Recorded, type Records, type RecordsOptions } from "../told/records.ts";
import { restoreStatement } from "./statement.ts";
import type { ToldRestore } from "./told.ts";

export interface RestoresOptions extends Omit<RecordsOptions, "of"> {
  /** The volume; what waits lies below `restores/`. */
  readonly folder: string;
  readonly named: () => Named;
  /** Undefined where this site has none. */
  readonly drillRoom: () => Peer | undefined;
  readonly now: () => Date;
}

export interface Restores extends Omit<Records, "record"> {
  /** On disk when it resolves, and signed if the signer took it at once. @throws the disk's error. */
  record(told: ToldRestore): Promise<Recorded>;
}

const ROOM_SECONDS = 2;

/** @throws the disk's error where the volume cannot be read or written. */
export async function openRestores(options: RestoresOptions): Promise<Restores> {
  const { folder, named, now } = options;
  const records = await openRecords({ ...options, folder: join(folder, "restores"), of: "restores" });
  return {
    ...records,
    record: async (told) => {
      const state = told.stage === "ended" ? await roomSays(told.id, options) : undefined;
      return records.record(`${told.id}-${told.stage}`, restoreStatement(told, state, named(), now()));
    },
  };
}

/** Undefined where the room knows nothing of it or is out of reach: then the statement says that nobody saw it. */
async function roomSays(id: string, { drillRoom, tls, warn }: RestoresOptions): Promise<RunState | undefined> {
  const room = drillRoom();
  if (room === undefined) return undefined;
  try {
    const { status, text } = await call(room, tls(), {
      method: "GET",
      path: `/runs/${id}`,
      timeoutSeconds: ROOM_SECONDS,
    });
    if (status === 200) return JSON.parse(text) as RunState;
    warn(`${room.host} says of ${id}: ${status} ${text.split("\n")[0] ?? ""}`);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    warn(`${id}: ${error.message}`);
  }
  return undefined;
}
