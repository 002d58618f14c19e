/**
 * The floor of replication: one network round trip and one flush of a page to the disk, taken right after each other, in the containers
 * and over the network that replication uses.
 * Round trip: a byte over a plain TCP connection to a process in the standby's container, which sends it back; so it has one waking of
 * a process, as anything between two servers has. Flush: a page of 8 KiB written over an existing part of a file on the data volume, as
 * PostgreSQL writes its log, and `fdatasync`, its default on Linux (`wal_sync_method`).
 */

/** Where the standby's end listens while a round lasts. */
const PORT = 15_432;
/** On the data volume, beside PostgreSQL's own folder. */
const FILE = "/var/lib/postgresql/lumbung-bench.tmp";
const PATIENCE_SECONDS = 60;

/** Sends every byte of one connection back, then ends. */
const ECHO = `
import socket, sys
port, patience = map(int, sys.argv[1:])
with socket.create_server(("", port)) as server:
    server.settimeout(patience)
    wire, _ = server.accept()
    with wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.settimeout(patience)
        while byte := wire.recv(1):
            wire.sendall(byte)
`;

const SAMPLE = `
import json, os, socket, sys, time
host, count, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
port, patience = map(int, sys.argv[4:])
page, pages = bytes(8192), 128
deadline = time.monotonic() + patience
while True:
    try:
        wire = socket.create_connection((host, port), patience)
        break
    except ConnectionRefusedError:
        # The other end's process is not there yet.
        if time.monotonic() > deadline:
            raise
        time.sleep(0.01)
wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
def round_trip():
    begun = time.perf_counter()
    wire.sendall(b"x")
    if wire.recv(1) != b"x":
        raise SystemExit("the other end went away")
    return time.perf_counter() - begun
def flush(number):
    begun = time.perf_counter()
    os.pwrite(file, page, number % pages * len(page))
    os.fdatasync(file)
    return time.perf_counter() - begun
file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
try:
    os.write(file, page * pages)
    os.fsync(file)
    samples = []
    for number in range(count):
        time.sleep(0.02)
        samples.append((round_trip(), flush(number)))
finally:
    os.unlink(path)
print(json.dumps({"roundTrips": [a for a, _ in samples], "flushes": [b for _, b in samples]}))
`;

export interface FloorSamples {
  /** Seconds */
  readonly roundTrips: readonly number[];
  /** Seconds, in the same order */
  readonly flushes: readonly number[];
}

/** At the standby, while the samples are taken. */
export const ECHO_COMMAND: readonly string[] = ["python3", "-c", ECHO, String(PORT), String(PATIENCE_SECONDS)];

/** At the active site: takes so many samples of both against `host`, 20 ms apart. */
export function sampleCommand(host: string, samples: number): string[] {
  return ["python3", "-c", SAMPLE, host, String(samples), FILE, String(PORT), String(PATIENCE_SECONDS)];
}

/** What the command answered. @throws where it is something else. */
export function parseFloor(stdout: string): FloorSamples {
  const value = JSON.parse(stdout) as Partial<FloorSamples>;
  if (!value.roundTrips?.length || value.flushes?.length !== value.roundTrips.length)
    throw new Error(`floor of replication: expected as many round trips as flushes, received ${stdout.slice(0, 200)}`);
  return { roundTrips: value.roundTrips, flushes: value.flushes };
}
