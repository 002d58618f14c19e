/** How each planned fault is done to a running region, and undone. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { eventually } from "../../lab/support/eventually.ts";
import { signalServer } from "../region/server.ts";
import { otherOf, PATIENCE, type SiteId } from "../region/sites.ts";
import { wiresOf } from "../region/standing.ts";
import { type RegionTrial, TABLE } from "../region/trial.ts";
import type { PoorWire, Wire } from "../region/wires.ts";
import { Sleeper } from "./asleep.ts";
import { callbackKiller, emptied, filled, LOCK } from "./commands.ts";
import type { At, Container, Fault, Victim } from "./fault.ts";

const execute = promisify(execFile);
/** How long a victim is looked for: it may be starting, as another fault befell it. Seconds. */
const REACH = 10;

/** A fault on its way. */
export interface Trouble {
  /** Returns what was done. @throws where it befell nobody: what it was meant for did not run. */
  begin(): Promise<string>;
  /** Undoes it; of what is there no more, nothing needs to be undone. Returns what was seen, if anything. */
  end(): Promise<string | undefined>;
}

/** What the faults of a round share. */
export class Troubles {
  readonly #trial: RegionTrial;
  readonly #active: SiteId;
  readonly #cut = new Map<Trouble, readonly Wire[]>();
  readonly #poor = new Map<Trouble, readonly PoorWire[]>();
  #wired: Promise<void> = Promise.resolve();
  /** What was asked to commit in its sleep. */
  readonly sleepers: Sleeper[] = [];

  constructor(trial: RegionTrial, active: SiteId) {
    this.#trial = trial;
    this.#active = active;
  }

  /** @param lastsMs how long it is to last, for those who must know it at the beginning */
  of(fault: Fault, lastsMs: number): Trouble {
    switch (fault.kind) {
      case "kill":
        return { begin: () => this.#signal(fault.at, fault, "KILL"), end: nothing };
      case "stop":
        return {
          begin: () => this.#signal(fault.at, fault, "STOP"),
          end: () => tolerant(() => this.#send(fault.at, fault, "CONT")),
        };
      case "callback":
        return this.#callback(this.#site(fault.at), lastsMs, true);
      case "promotion-callback":
        return this.#callback(otherOf(this.#active), lastsMs, false);
      case "asleep":
        return this.#asleep();
      case "off":
        return this.#off(() => [this.#name(fault.at, fault.in)]);
      case "power":
        return this.#off(() => this.#trial.containersOf(this.#active));
      case "cut":
        return this.#wires((one) => this.#cut.set(one, wiresOf(fault.edges, this.#active)));
      case "poor": {
        const { lossPercent, kilobytesPerSecond } = fault;
        const poor = wiresOf(fault.edges, this.#active).map((wire) => ({ ...wire, lossPercent, kilobytesPerSecond }));
        return this.#wires((one) => this.#poor.set(one, poor));
      }
      case "full":
        return this.#full(fault.in);
      case "lag":
        return fault.in === "postgres-utama" ? this.#lagOfPostgres() : this.#lagOfMariaDb(lastsMs);
    }
  }

  /** After all of them: the wires are whole and every container runs. What a fault left must not spoil the next round. */
  async mend(): Promise<void> {
    await this.#trial.wires.mend();
    for (const site of [this.#active, otherOf(this.#active)])
      await execute("docker", ["start", ...this.#trial.containersOf(site)]);
  }

  #site = (at: At): SiteId => (at === "active" ? this.#active : otherOf(this.#active));
  #name = (at: At, workload: Container): string => this.#trial.guards.name(this.#site(at), workload);

  #send(at: At, { in: workload, process }: Victim, signal: Signal): string {
    this.#trial.guards.signal(this.#site(at), workload, process, signal);
    return `${signal} to ${process} in ${this.#name(at, workload)}`;
  }

  #signal(at: At, victim: Victim, signal: Signal): Promise<string> {
    return eventually(`${victim.process} in ${this.#name(at, victim.in)}`, REACH, async () =>
      this.#send(at, victim, signal),
    );
  }

  /** @param starts whether PostgreSQL is killed first, so that there is a callback */
  #callback(site: SiteId, lastsMs: number, starts: boolean): Trouble {
    const { guards } = this.#trial;
    let killed: Promise<string> = Promise.resolve("");
    return {
      begin: async () => {
        const [program, ...words] = callbackKiller(guards.name(site, "postgres-utama"), lastsMs);
        const killer = execute(program, words);
        // A container that ends while it waits for a callback ends the wait as well.
        killed = killer.then(
          ({ stdout }) => stdout.trim(),
          (error: Error) => `the wait for a callback ended: ${error.message.split("\n")[0]}`,
        );
        if (starts)
          await eventually(`postmaster at ${site}`, REACH, async () => {
            guards.signal(site, "postgres-utama", "postmaster", "KILL");
            return true;
          });
        return `a callback at ${site} is waited for`;
      },
      end: () => killed,
    };
  }

  #asleep(): Trouble {
    const { guards } = this.#trial;
    const sleeper = new Sleeper(this.#trial, this.#active);
    return {
      begin: async () => {
        await sleeper.begins();
        signalServer(guards, this.#active, "STOP");
        sleeper.commits();
        this.sleepers.push(sleeper);
        return `the server of ${this.#active} sleeps`;
      },
      end: () =>
        tolerant(() => {
          signalServer(guards, this.#active, "CONT");
          return "it was woken";
        }),
    };
  }

  #off(names: () => readonly string[]): Trouble {
    let killed: readonly string[] = [];
    return {
      begin: async () => {
        const all = names();
        await eventually(`${all.join(", ")} off`, REACH, async () => {
          // Of those that run not all need to: another fault may have ended one.
          await execute("docker", ["kill", ...all]).catch(() => undefined);
          const { stdout } = await execute("docker", ["inspect", "--format", "{{.Name}} {{.State.Running}}", ...all]);
          const left = stdout.split("\n").filter((line) => line.endsWith(" true"));
          if (left.length > 0) throw new Error(`still running: ${left.join(", ")}`);
          return true;
        });
        killed = all;
        return `killed ${all.join(", ")}`;
      },
      end: async () => {
        if (killed.length > 0) await execute("docker", ["start", ...killed]);
        return undefined;
      },
    };
  }

  /** One after the other: the newest that is asked for is what there is in the end. */
  #wires(befalls: (one: Trouble) => void): Trouble {
    const trouble: Trouble = {
      begin: async () => {
        befalls(trouble);
        await this.#wire();
        return "the wires are as planned";
      },
      end: async () => {
        this.#cut.delete(trouble);
        this.#poor.delete(trouble);
        await this.#wire();
        return undefined;
      },
    };
    return trouble;
  }

  #wire(): Promise<void> {
    const set = () => this.#trial.wires.set([...this.#cut.values()].flat(), [...this.#poor.values()].flat());
    this.#wired = this.#wired.then(set);
    return this.#wired;
  }

  #full(engine: "postgres-utama" | "mariadb-php"): Trouble {
    const { guards } = this.#trial;
    const inside = (what: string, words: readonly string[], seconds: number) =>
      eventually(what, seconds, async () => {
        const { code, said } = guards.exec(this.#active, engine, words);
        if (code !== 0) throw new Error(said);
        return said;
      });
    return {
      begin: () => inside(`the volume of ${engine} is full`, filled(engine), REACH),
      // The engine may be starting again and again, for want of room.
      end: () => inside(`room for ${engine}`, emptied(engine), PATIENCE),
    };
  }

  #lagOfPostgres(): Trouble {
    const standby = otherOf(this.#active);
    const ask = (what: string) => this.#trial.sql(standby, "postgres-utama", what);
    return {
      begin: () => eventually("replay is paused", REACH, async () => `paused${ask("select pg_wal_replay_pause();")}`),
      // One that started anew, or was promoted, is paused no more.
      end: () => tolerant(() => ask("select pg_wal_replay_resume() where pg_is_in_recovery();")),
    };
  }

  /** Applying waits for a table that a session has locked; fetching goes on. */
  #lagOfMariaDb(lastsMs: number): Trouble {
    const standby = otherOf(this.#active);
    const { guards } = this.#trial;
    let locked: Promise<unknown> = Promise.resolve();
    return {
      begin: async () => {
        const sleeps = `select '${LOCK}', sleep(${Math.round(lastsMs / 1000)});`;
        const statements = `use ${this.#trial.databaseOf("mariadb-php")}; lock tables ${TABLE} read; ${sleeps}`;
        const name = guards.name(standby, "mariadb-php");
        // Whatever ends the session ends the lock.
        locked = execute("docker", ["exec", name, "mariadb", "--batch", "--execute", statements]).catch(
          () => undefined,
        );
        const asked = `select count(*) from information_schema.processlist where info like 'select ''${LOCK}''%';`;
        return eventually("the table is locked", REACH, async () =>
          this.#trial.sql(standby, "mariadb-php", asked).endsWith("1") ? "locked" : undefined,
        );
      },
      end: async () => {
        await locked;
        return undefined;
      },
    };
  }
}

type Signal = "KILL" | "STOP" | "CONT";
const nothing = async (): Promise<undefined> => undefined;

/** Undoing what another fault, or a guard, has ended meanwhile: that is told, and no error. */
async function tolerant(undo: () => string): Promise<string> {
  try {
    return undo();
  } catch (error) {
    return `not undone: ${error instanceof Error ? error.message : String(error)}`;
  }
}
