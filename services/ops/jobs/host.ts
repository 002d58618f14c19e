/** The repository host and the drill room, as wire.ts says what they take. */
import type { SecureContextOptions } from "node:tls";
import type { Text } from "../../../model/types.ts";
import type { CopyList, RunOrder, RunState } from "../../backup/wire.ts";
import type { Peer } from "../config.ts";
import { type Answer, Away, call, type Question } from "./call.ts";

/** A host that cannot be reached makes every one of these throw `Away`. */
export interface Host {
  readonly name: string;
  /** Begins it, or gives the state of what the same order began before. @throws Refused with the host's line. */
  begin(order: RunOrder): Promise<RunState>;
  /** Undefined where it knows nothing of it: that ended with the process. */
  state(id: string): Promise<RunState | undefined>;
  /** Stops it; nothing of it is left then. @throws Refused where something is. */
  remove(id: string): Promise<void>;
  copies(): Promise<CopyList>;
}

/** It answered, and the answer is no. The message is the English text. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly text: Text;

  constructor(host: string, { status, text }: Answer) {
    const line = text.split("\n")[0] ?? "";
    const said = { id: `${host} menolak (${status}): ${line}`, en: `${host} refuses (${status}): ${line}` };
    super(said.en);
    this.text = said;
  }
}

/** What a run that is told to end needs for it: processes get 20 seconds, then scratch is emptied. */
const REMOVE_SECONDS = 90;
/** Listing asks the store for every repository. */
const COPIES_SECONDS = 120;

/** @param signal gives up on whatever is being asked. */
export function hostAt(peer: Peer, tls: SecureContextOptions, signal: AbortSignal): Host {
  const ask = (question: Question): Promise<Answer> => call(peer, tls, { ...question, signal });
  const refused = (answer: Answer): Error =>
    answer.status >= 500 ? away(peer, answer) : new Refused(peer.host, answer);
  return {
    name: peer.host,
    begin: async (order) => {
      const answer = await ask({ method: "PUT", path: `/runs/${order.id}`, body: JSON.stringify(order) });
      if (answer.status === 202) return JSON.parse(answer.text) as RunState;
      throw refused(answer);
    },
    state: async (id) => {
      const answer = await ask({ method: "GET", path: `/runs/${id}` });
      if (answer.status === 200) return JSON.parse(answer.text) as RunState;
      if (answer.status === 404) return undefined;
      throw refused(answer);
    },
    remove: async (id) => {
      const answer = await ask({
        method: "DELETE",
        path: `/runs/${id}`,
        timeoutSeconds: REMOVE_SECONDS,
      });
      if (answer.status !== 200) throw refused(answer);
    },
    copies: async () => {
      const answer = await ask({ method: "GET", path: "/copies", timeoutSeconds: COPIES_SECONDS });
      if (answer.status === 200) return JSON.parse(answer.text) as CopyList;
      throw refused(answer);
    },
  };
}

/** A server's own fault passes: it is asked again, as one that does not answer. */
function away(peer: Peer, { status, text }: Answer): Away {
  const line = `${status}: ${text.split("\n")[0] ?? ""}`;
  return new Away(peer, { id: `menjawab ${line}`, en: `answers ${line}` });
}
