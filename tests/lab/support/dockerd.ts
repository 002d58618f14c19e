/**
 * This machine's Docker as power treats it: ended in order, or gone from one instant to the next. Processes are found from the daemon's
 * pid file and from the containers that it runs, never by name.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { run } from "../../../io/shell.ts";
import { eventually } from "./eventually.ts";
import { engine, REGION } from "./region.ts";

const PID_FILE = "/var/run/docker.pid";
const PID_FILES = [PID_FILE, "/var/run/docker/containerd/containerd.pid"];

interface Daemon {
  readonly pid: number;
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly log: string;
}

/** Why this machine's Docker is not ours to stop; nothing: it is. */
export async function notOurs(): Promise<string | undefined> {
  if (engine.endpoint.kind !== "unix") return `the engine is ${engine.describe()}`;
  if (process.getuid?.() !== 0) return "only the administrator can stop Docker";
  if (!existsSync(PID_FILE)) return `${PID_FILE} is not there`;
  const foreign = (await engine.listContainers({})).filter(
    ({ State, Labels }) => State === "running" && Labels["id.lumbung.region"] !== REGION,
  );
  if (foreign.length > 0) return `others run here: ${foreign.map(({ Names }) => Names.join()).join(" ")}`;
  return undefined;
}

const systemd = () => existsSync("/run/systemd/system");

async function daemon(): Promise<Daemon> {
  const pid = Number((await readFile(PID_FILE, "utf8")).trim());
  const read = (name: string) =>
    readFileSync(`/proc/${pid}/${name}`, "utf8")
      .split("\0")
      .filter((part) => part !== "");
  if (readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== "dockerd")
    throw new Error(`${PID_FILE}: ${pid} is no dockerd`);
  const out = readlinkSync(`/proc/${pid}/fd/1`);
  return {
    pid,
    words: read("cmdline"),
    env: Object.fromEntries(read("environ").map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)])),
    log: out.startsWith("/") ? out : "/dev/null",
  };
}

/** Ends Docker as a machine that is shut down does, and starts it again. Returns when the daemon answers. */
export async function restartDocker(): Promise<void> {
  const before = await daemon();
  process.kill(before.pid, "SIGTERM");
  await gone([before.pid], 120);
  await start(before);
}

/** Everything of Docker and in its containers dies at once; then Docker is started again. Returns when the daemon answers. */
export async function cutPower(): Promise<void> {
  const before = await daemon();
  const containers = (await engine.listContainers({})).filter(({ State }) => State === "running");
  const firsts = await Promise.all(
    containers.map(async ({ Id }) => (await engine.inspectContainer(Id))?.State.Pid ?? 0),
  );
  const parents = parentsOfAll();
  const shims = firsts.map((pid) => parents.get(pid) ?? 0);
  // The first process of a container takes all others of it along; the daemon must not see it happen and write it down.
  const all = [...descendants(before.pid, parents), ...shims, ...firsts].filter((pid) => pid > 1);
  for (const pid of new Set([before.pid, ...all])) process.kill(pid, "SIGKILL");
  await gone([before.pid, ...all], 30);
  // A machine that comes back finds /run empty: no number of a process that is dead, and might be another's by now.
  for (const file of PID_FILES) await rm(file, { force: true });
  await start(before);
}

async function start({ words, env, log }: Daemon): Promise<void> {
  if (systemd()) {
    await run(["systemctl", "reset-failed", "docker"]);
    await run(["systemctl", "start", "docker"]);
  } else {
    const [program, ...rest] = words;
    const file = openSync(log, "a");
    spawn(program ?? "dockerd", rest, { detached: true, stdio: ["ignore", file, file], env, cwd: "/" }).unref();
  }
  await eventually("Docker answers", 60, async () => ((await engine.ping()) === "" ? undefined : true));
}

async function gone(pids: readonly number[], seconds: number): Promise<void> {
  await eventually(`the end of ${pids.join(" ")}`, seconds, async () => (pids.some(isAlive) ? undefined : true));
}

/** A zombie is not alive: whoever started it has not asked yet. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    // No such process.
    return false;
  }
}

/** Parent of every process of this machine. */
function parentsOfAll(): Map<number, number> {
  const { stdout } = spawnSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = stdout.trim().split("\n");
  return new Map(
    pairs.map((line) => line.trim().split(/\s+/).map(Number)).map(([pid = 0, parent = 0]) => [pid, parent]),
  );
}

function descendants(of: number, parents: ReadonlyMap<number, number>): number[] {
  const children = [...parents].flatMap(([pid, parent]) => (parent === of ? [pid] : []));
  return children.flatMap((child) => [child, ...descendants(child, parents)]);
}
