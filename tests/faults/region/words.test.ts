/** What the cuts say to nft, and what the deaf guards are made of; no Docker. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { Clients } from "./clients.ts";
import { deafened } from "./deaf.ts";
import { cutter, rules } from "./wires.ts";

const STATE = "images/shared/lease/usr/local/lib/lumbung/lease_state.py";

it("hears nothing from whom it is cut off; whole again, there are no rules", () => {
  expect(rules(["10.0.0.1", "10.0.0.2"])).toBe(`table inet lumbung_cut
delete table inet lumbung_cut
table inet lumbung_cut {
  chain hears {
    type filter hook input priority -300; policy accept;
    ip saddr { 10.0.0.1, 10.0.0.2 } drop
  }
}
`);
  expect(rules([])).toBe("table inet lumbung_cut\ndelete table inet lumbung_cut\n");
  expect(cutter("putus-dc-epoch", "x")).toEqual(["exec", "putus-dc-epoch-net", "nft", "x"]);
});

it("hears little over a poor wire: what chance drops, and what is faster than its rate", () => {
  const poor = { addresses: ["10.0.0.3"], lossPercent: 20, kilobytesPerSecond: 64 };
  expect(rules(["10.0.0.1"], [poor]).split("\n").slice(5, 8)).toEqual([
    "    ip saddr { 10.0.0.1 } drop",
    "    ip saddr { 10.0.0.3 } numgen random mod 100 < 20 drop",
    "    ip saddr { 10.0.0.3 } limit rate over 64 kbytes/second burst 64 kbytes drop",
  ]);
  expect(rules([], [poor])).not.toContain("{  }");
});

it("a deaf guard differs in its deadline alone, and one that counts it otherwise is refused", async () => {
  const program = await readFile(STATE, "utf8");
  const [before, after] = [program.split("\n"), deafened(program).split("\n")];
  expect(after).toHaveLength(before.length);
  expect(after.filter((line, at) => line !== before[at])).toEqual(["    return proof.asked_at + 86400"]);
  expect(() => deafened("def proven_deadline(): return 0")).toThrow(/expected one deadline, received 0/);
});

it("the clients' program writes from `go` until it is held, and tells each attempt once", async () => {
  const deaf = createServer((socket) => socket.destroy()).listen(5432, "127.0.207.99");
  const server = { serviceName: "postgres-utama.lab.internal" };
  const target = { address: "127.0.207.99", server, database: { name: "x", role: "x" }, ca: "", password: "x" };
  const stream = { engine: "postgres-utama", kind: "postgresql", target, table: "x", sites: {} };
  const clients = new Clients([stream as never]);
  try {
    expect(await clients.hold()).toEqual({ "postgres-utama": [] });
    clients.go();
    const { "postgres-utama": first = [] } = await clients.hold();
    expect(first.length).toBeGreaterThan(0);
    expect(first.every(({ outcome }) => outcome === "refused")).toBe(true);
    clients.go();
    const { "postgres-utama": second = [] } = await clients.hold();
    expect(second[0]?.id).toBe((first.at(-1)?.id ?? 0) + 1);
  } finally {
    clients.end();
    deaf.close();
  }
});
