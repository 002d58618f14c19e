/** What the faults say to containers, word for word. */

/** By which the session that locks a table is known. */
export const LOCK = "lumbung lag";

const VOLUMES = { "postgres-utama": "/var/lib/postgresql", "mariadb-php": "/var/lib/mysql" } as const;
type Engine = keyof typeof VOLUMES;

/** To the last byte, as a disk that others fill. Fails where there is room still. */
export function filled(engine: Engine): string[] {
  const volume = VOLUMES[engine];
  const script = `cat /dev/zero >${volume}/ballast 2>/dev/null; left=$(df --output=avail ${volume} | tail -n 1); echo "$left KiB left"; [ "$left" -eq 0 ]`;
  return ["sh", "-c", script];
}

export function emptied(engine: Engine): string[] {
  return ["rm", "-f", `${VOLUMES[engine]}/ballast`];
}

/** Kills the first callback of Patroni that runs within so long, and says whether there was one. */
export function callbackKiller(container: string, lastsMs: number): [string, ...string[]] {
  return ["docker", "exec", container, "python3", "-c", CALLBACK_KILLER, String(lastsMs / 1000)];
}

const CALLBACK_KILLER = `
import glob, os, signal, sys, time
until = time.monotonic() + float(sys.argv[1])
while time.monotonic() < until:
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                words = file.read().split(b"\\0")
            if len(words) > 2 and words[1].endswith(b"/on-change"):
                os.kill(int(path.split("/")[2]), signal.SIGKILL)
                print("killed: " + b" ".join(words[1:]).decode().strip())
                sys.exit(0)
        except (FileNotFoundError, ProcessLookupError):
            continue
    time.sleep(0.01)
print("no callback ran")
`;
