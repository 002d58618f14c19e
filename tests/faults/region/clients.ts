/** The program of the clients (client.ts), as the test holds it. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Kept, Stream, Told } from "./client.ts";

const PROGRAM = fileURLToPath(new URL("client.ts", import.meta.url));
const EACH_MS = 100;

export class Clients {
  readonly #program: ChildProcess;

  /** They wait for `go`. */
  constructor(streams: readonly Stream[]) {
    this.#program = fork(PROGRAM, [], { execArgv: ["--import", "tsx"] });
    this.#tell({ verb: "begin", streams, everyMs: EACH_MS });
  }

  /** Has every client finish what it asked, and wait. Returns all that ended since the last time, by engine. */
  async hold(): Promise<Kept> {
    const answer = once(this.#program, "message", { signal: AbortSignal.timeout(60_000) });
    this.#tell({ verb: "hold" });
    return (await answer)[0] as Kept;
  }

  go(): void {
    this.#tell({ verb: "go" });
  }

  /** Ends the program. */
  end(): void {
    if (this.#program.connected) this.#program.disconnect();
  }

  #tell(told: Told): void {
    if (!this.#program.connected) throw new Error(`the clients' program ended with ${this.#program.exitCode}`);
    this.#program.send(told);
  }
}
