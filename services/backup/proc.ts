/** What Linux says of the machine's processors and of this process's descendants (proc_stat(5), proc_pid_stat(5)). */
import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ: the same on every architecture that programs are built for. */
const TICKS_A_SECOND = 100;

/** Seconds of all processors together since the machine started. */
export interface Processors {
  /** At the usual priority or in the kernel: programs of a lower one are not in anybody's way. */
  readonly busy: number;
  readonly total: number;
}

/** What one process says of itself. */
export interface Told {
  readonly pid: number;
  readonly parent: number;
  /** Its own processor seconds and those of the children that it waited for. */
  readonly seconds: number;
  /** Of these, in the kernel. */
  readonly systemSeconds: number;
}

/** Of the whole machine, also within a container. Waiting for a disk is not busy, and what a hypervisor took is nobody's here. */
export const readProcessors = (): Processors => processorsIn(readFileSync("/proc/stat", "utf8"));

/** Pure. @throws where there is no line of all processors. */
export function processorsIn(text: string): Processors {
  const line = /^cpu +(.+)$/m.exec(text)?.[1];
  if (line === undefined) throw new Error('/proc/stat: expected a line "cpu", received none');
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0] = line.split(" ").map(Number);
  const busy = user + system + irq + softirq;
  return { busy: busy / TICKS_A_SECOND, total: (busy + nice + idle + iowait) / TICKS_A_SECOND };
}

/** Every process that can be seen. Read at once and not in turns, so that parents and children fit together. */
export function readProcesses(): Told[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readProcess(name) ?? []) : []));
}

function readProcess(name: string): Told | undefined {
  try {
    return toldIn(readFileSync(`/proc/${name}/stat`, "utf8"));
  } catch (error) {
    // It ended since it was listed.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** Pure. The program's name stands in parentheses and may hold anything, parentheses too. */
export function toldIn(stat: string): Told {
  const after = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const at = (field: number): number => Number(after[field - 3]);
  const [user, system] = [at(14) + at(16), at(15) + at(17)];
  return {
    ...{ pid: Number.parseInt(stat, 10), parent: at(4) },
    seconds: (user + system) / TICKS_A_SECOND,
    systemSeconds: system / TICKS_A_SECOND,
  };
}

/** These processes and all below them, parents first. Pure. */
export function treeOf(roots: readonly number[], all: readonly Told[]): Told[] {
  const tree = all.filter(({ pid }) => roots.includes(pid));
  const within = new Set(tree.map(({ pid }) => pid));
  for (const { pid } of tree)
    for (const one of all)
      if (one.parent === pid && !within.has(one.pid)) {
        within.add(one.pid);
        tree.push(one);
      }
  return tree;
}
