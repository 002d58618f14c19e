/**
 * The floor of replication: one network round trip and one flush of a page to the disk, both measured inside the active site's container.
 * Round trip: a TCP connection to a port of the other site's server on which nothing listens, until it is refused: kernel to kernel,
 * no process wakes up. Flush: a page of 8 KiB written over an existing part of a file on the data volume, as PostgreSQL writes its
 * log, and `fdatasync`, its default on Linux (`wal_sync_method`).
 */

/** A port below those that are given out, of a service that no image of ours has (discard, RFC 863). */
const CLOSED_PORT = 9;
/** On the data volume, beside PostgreSQL's own folder. */
const FILE = "/var/lib/postgresql/lumbung-bench.tmp";

const PROGRAM = `
import json, os, socket, sys, time
host, count, path, port = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
page = b"\\0" * 8192
pages = 128
def round_trip():
    with socket.socket() as wire:
        wire.settimeout(5)
        begun = time.perf_counter()
        try:
            wire.connect((host, port))
        except ConnectionRefusedError:
            return time.perf_counter() - begun
    raise SystemExit(f"port {port} of {host}: expected to be refused, was answered")
def flush(file, number):
    begun = time.perf_counter()
    os.pwrite(file, page, number % pages * len(page))
    os.fdatasync(file)
    return time.perf_counter() - begun
host = socket.gethostbyname(host)
file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
try:
    os.write(file, page * pages)
    os.fsync(file)
    samples = [(round_trip(), flush(file, number)) for number in range(count)]
finally:
    os.unlink(path)
print(json.dumps({"roundTrips": [a for a, _ in samples], "flushes": [b for _, b in samples]}))
`;

export interface FloorSamples {
  /** Seconds */
  readonly roundTrips: readonly number[];
  /** Seconds */
  readonly flushes: readonly number[];
}

/** The command that takes so many samples of both against `host`. */
export function floorCommand(host: string, samples: number): string[] {
  return ["python3", "-c", PROGRAM, host, String(samples), FILE, String(CLOSED_PORT)];
}

/** What the command answered. @throws where it is something else. */
export function parseFloor(stdout: string): FloorSamples {
  const value = JSON.parse(stdout) as Partial<FloorSamples>;
  if (!value.roundTrips?.length || !value.flushes?.length)
    throw new Error(`floor of replication: expected samples, received ${stdout.slice(0, 200)}`);
  return { roundTrips: value.roundTrips, flushes: value.flushes };
}
