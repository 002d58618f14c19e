/** The guards of a region that runs in containers named `<prefix>-<site>-<workload>`: how they stand, what they are told, and what is done to them. */
import type { LeaseData, LeaseOrder, LeaseState } from "../../../model/lease.ts";
import { eventually } from "./eventually.ts";
import { run } from "./run.ts";

const LIBRARY = "/usr/local/lib/lumbung";
/** What a busy machine may add to any time that is demanded, seconds. */
export const SLACK = 8;

export type Engine = "postgres-utama" | "mariadb-php";

/** Which process of a workload is meant, by a part of its command line that no other has. The guard itself is Patroni, or MariaDB's agent. */
export const PROCESSES = {
  keeper: "*/lease_keeper.py*",
  watch: "*/lease_watch.py*",
  patroni: "*/patroni /run/lumbung/patroni*",
  /** Patroni's callback, while it runs. */
  callback: "*/on-change *",
  postmaster: "*/postgres -D *",
  /** One that serves the network: a client, or the other site's copy. */
  backend: "postgres: *.*(*)*",
  walreceiver: "postgres: *walreceiver*",
  agent: "python3 * agent.main()*",
  mariadbd: "mariadbd *",
  haproxy: "haproxy *",
  knotd: "knotd *",
  etcd: "etcd *",
} as const;
export type Process = keyof typeof PROCESSES;

export class Guards {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  name(site: string, workload: string): string {
    return `${this.prefix}-${site}-${workload}`;
  }

  exec(site: string, workload: string, words: readonly string[], input = "") {
    return run("docker", ["exec", "-i", this.name(site, workload), ...words], input);
  }

  /** @throws where no keeper answers. */
  state(site: string, workload: string): LeaseState {
    const { code, said } = this.exec(site, workload, [`${LIBRARY}/lease`]);
    if (code !== 0) throw new Error(`${site}/${workload}: ${said}`);
    return JSON.parse(said) as LeaseState;
  }

  /** @throws where it is refused. */
  order(site: string, workload: string, order: LeaseOrder): LeaseState {
    const { code, said } = this.exec(site, workload, [`${LIBRARY}/lease`, JSON.stringify(order)]);
    if (code !== 0) throw new Error(`${site}/${workload}: ${said}`);
    return JSON.parse(said) as LeaseState;
  }

  /** What lies in a PostgreSQL server's data folder. @throws where it cannot be read. */
  data(site: string, workload: string): LeaseData {
    const words = ["curl", "--silent", "--fail", "--unix-socket", "/run/lumbung/lease.sock", "http://keeper/data"];
    const { code, said } = this.exec(site, workload, words);
    if (code !== 0) throw new Error(`${site}/${workload}: ${said}`);
    return JSON.parse(said) as LeaseData;
  }

  until(site: string, workload: string, wanted: Partial<LeaseState>, seconds: number): Promise<LeaseState> {
    return eventually(`${site}/${workload}: ${JSON.stringify(wanted)}`, seconds, async () => {
      const state = this.state(site, workload);
      const differs = Object.entries(wanted).some(([key, value]) => state[key as keyof LeaseState] !== value);
      if (differs) throw new Error(JSON.stringify(state));
      return state;
    });
  }

  /** Whether the server takes writes now: PostgreSQL makes a table; MariaDB's own user may write whatever it says, so it is asked. */
  takesWrites(site: string, workload: Engine): boolean {
    if (workload === "postgres-utama") return this.sql(site, workload, POSTGRES).code === 0;
    return this.sql(site, workload, "SELECT @@GLOBAL.read_only;").said === "0";
  }

  sql(site: string, workload: Engine, statements: string) {
    const client =
      workload === "postgres-utama"
        ? ["psql", "-XAtq", "-h", "/run/postgresql", "-U", "postgres", "-d", "postgres", "-v", "ON_ERROR_STOP=1"]
        : ["mariadb", "--batch", "--skip-column-names"];
    return this.exec(site, workload, ["timeout", "10", ...client], statements);
  }

  writes(site: string, workload: Engine, wanted: boolean, seconds: number): Promise<true> {
    const what = `${site}/${workload} ${wanted ? "takes" : "takes no"} writes`;
    return eventually(what, seconds, async () => (this.takesWrites(site, workload) === wanted ? true : undefined));
  }

  /** Sends a signal to the guard's process, the parent of any other of that command line. @throws where there is none. */
  signal(site: string, workload: string, which: Process, signal: "KILL" | "STOP" | "CONT"): void {
    const { code, said } = this.exec(site, workload, ["sh", "-s", signal, PROCESSES[which]], SIGNAL);
    if (code !== 0) throw new Error(`${site}/${workload}: no ${which}: ${said}`);
  }

  restarts(site: string, workload: string): number {
    return Number(this.docker("inspect", "--format", "{{.RestartCount}}", this.name(site, workload)));
  }

  docker(...words: string[]): string {
    const { code, said } = run("docker", words);
    if (code !== 0) throw new Error(said);
    return said;
  }
}

/** The keeper's command line ends with that of the watch, and that with the engine's: the lowest number is the one that is meant, but for those below it. */
const SIGNAL = `
for folder in $(ls -d /proc/[0-9]* | sort -t / -k 3 -n); do
  line=$(tr '\\0' ' ' <"$folder/cmdline" 2>/dev/null) || continue
  case $line in
    sh\\ *) continue ;;
    *lease_keeper.py*) [ "$2" = "*/lease_keeper.py*" ] || continue ;;
    *lease_watch.py*) [ "$2" = "*/lease_watch.py*" ] || continue ;;
  esac
  case $line in
    $2) kill -s "$1" "\${folder#/proc/}" && exit 0 ;;
  esac
done
exit 1
`;
const POSTGRES = "begin; create table lumbung.tried (); drop table lumbung.tried; commit;";
