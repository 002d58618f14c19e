/** Which process a signal is meant for, by the command lines of the images. */
import { expect, it } from "vitest";
import { PROCESSES, type Process } from "../../lab/support/guards.ts";
import { run } from "../../lab/support/run.ts";

const KEEPER = "python3 -E -s /usr/local/lib/lumbung/lease_keeper.py";
const PATH = 'import sys; sys.path.insert(0, "/usr/local/lib/lumbung");';
/** As /proc shows them, with spaces for what ends each word. Keepers and watches carry their engine's; the script of `signal` sets them apart. */
const LINES: readonly (readonly [string, Process | null])[] = [
  ["/sbin/docker-init -- /usr/local/lib/lumbung/start ", null],
  ["/bin/sh /usr/local/lib/lumbung/lease-beside ", null],
  [`${KEEPER} `, "keeper"],
  ["/usr/bin/python3 /usr/local/bin/patroni /run/lumbung/patroni ", "patroni"],
  ["/bin/sh /usr/local/lib/lumbung/on-change on_start primary lab-utama ", "callback"],
  ["/usr/lib/postgresql/17/bin/postgres -D /var/lib/postgresql/data --config-file=x ", "postmaster"],
  ["postgres: lab-utama: checkpointer ", null],
  ["postgres: lab-utama: postgres postgres [local] idle ", null],
  ["postgres: lab-utama: pengaduan pengaduan 10.207.1.10(53412) idle ", "backend"],
  ["postgres: lab-utama: walreceiver streaming 0/5000060 ", "walreceiver"],
  [`python3 -E -s -P -c ${PATH} import agent; agent.main() `, "agent"],
  ["mariadbd --defaults-file=/config/current/my.cnf --read-only=1 --skip-slave-start ", "mariadbd"],
  ["haproxy -W -S /run/haproxy/master.sock,mode,600 -f /config/current/haproxy.cfg ", "haproxy"],
  ["knotd -c /config/current/knot.conf ", "knotd"],
  ["etcd --name dc --data-dir /var/lib/etcd/data ", "etcd"],
];
const MATCHES = Object.entries(PROCESSES)
  .map(([name, pattern]) => `set -- ${quoted(pattern)}; case $line in $1) echo ${name} ;; esac`)
  .join("\n");

it.each(LINES)("%s", (line, meant) => {
  const { said } = run("sh", ["-c", `line=${quoted(line)}\n${MATCHES}`]);
  expect(said.split("\n").filter(Boolean)).toEqual(meant === null ? [] : [meant]);
});

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
