/** What an application is started with, and what is then known of it. */
import type { ToldApplication } from "../config.ts";
import type { Room } from "../drill/room.ts";
import type { Copy, DrillReport } from "../wire.ts";
import type { Work } from "../work.ts";
import type { At } from "./ask-page.ts";

export interface Starting {
  readonly work: Work;
  readonly room: Room;
  readonly told: ToldApplication;
  /** The copy of its database. */
  readonly copy: Copy;
  /** Folder in the room that is its own: what it keeps is in `files/`. */
  readonly folder: string;
  /** Socket of the restored engine; of PostgreSQL the folder that it lies in. */
  readonly engineSocket: string;
  /** Where its own configuration lies, as production has it. */
  readonly files: string;
}

export interface Running {
  readonly at: At;
  /** What the application itself says of its database. */
  readonly state: DrillReport["checks"][number];
  /** @throws NotRestored where it does not end well. */
  readonly stop: () => Promise<void>;
}
