/**
 * The clients, as a program of its own: one beside each site for each engine, all on one clock, so that nothing that the test does holds up an answer.
 * Started by clients.ts, which tells it what to do over the process's channel.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type Connection, type Target, toMariaDb, toPostgres } from "../ledger/connections.ts";
import { type Attempt, Recorder } from "../ledger/history.ts";

export interface Stream {
  readonly engine: string;
  readonly kind: "postgresql" | "mariadb";
  readonly target: Target;
  readonly table: string;
  /** What a server calls itself, and whose it is. */
  readonly sites: Readonly<Record<string, string>>;
}

export type Told =
  | { readonly verb: "begin"; readonly streams: readonly Stream[]; readonly everyMs: number }
  /** Writes until it is held. */
  | { readonly verb: "go" }
  /** Ends what is under way and waits. */
  | { readonly verb: "hold" };

/** Answer to `hold`, by engine: all that ended since the last one. */
export type Kept = Readonly<Record<string, readonly Attempt[]>>;

/** Milliseconds of CLOCK_MONOTONIC, which every process of this machine shares (`process.hrtime`, clock_gettime(2)). */
export const now = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

class Load {
  readonly #recorders = new Map<string, Recorder>();
  readonly #given = new Map<string, number>();
  #going = new AbortController();
  #work: Promise<void>[] = [];
  #begun: Extract<Told, { verb: "begin" }> | undefined;

  begin(told: Extract<Told, { verb: "begin" }>): void {
    this.#begun = told;
    for (const { engine } of told.streams) this.#recorders.set(engine, new Recorder(now));
  }

  go(): void {
    this.#going = new AbortController();
    this.#work = (this.#begun?.streams ?? []).map((stream) => this.#write(stream, this.#going.signal));
  }

  async hold(): Promise<Kept> {
    this.#going.abort();
    await Promise.all(this.#work);
    return Object.fromEntries(
      [...this.#recorders].map(([engine, recorder]) => {
        const { attempts } = recorder.history();
        const from = this.#given.get(engine) ?? 0;
        this.#given.set(engine, attempts.length);
        return [engine, attempts.slice(from)];
      }),
    );
  }

  /** One client with one connection, made anew when it breaks, as an application's pool does. */
  async #write({ engine, kind, target, table, sites }: Stream, signal: AbortSignal): Promise<void> {
    const recorder = this.#recorders.get(engine);
    const everyMs = this.#begun?.everyMs ?? 100;
    let connection: Connection | undefined;
    while (!signal.aborted && recorder) {
      const outcome = await recorder.attempt(async (id, value, asks) => {
        connection ??= await (kind === "postgresql" ? toPostgres : toMariaDb)(target, table);
        asks(sites[connection.server] ?? `unknown ${connection.server}`);
        await connection.insert(id, value);
      });
      if (outcome !== "acknowledged") {
        connection?.close().catch(() => {}); // it is broken: nobody waits for its goodbye
        connection = undefined;
      }
      await pause(everyMs);
    }
    connection?.close().catch(() => {}); // the server ends it in any case
  }
}

const load = new Load();
process.on("message", async (told: Told) => {
  if (told.verb === "begin") load.begin(told);
  else if (told.verb === "go") load.go();
  else process.send?.(await load.hold());
});
process.on("disconnect", () => process.exit(0));
