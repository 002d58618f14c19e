/** The addresses that runbooks own, asked of a name server on loopback. */
import { createSocket, type Socket } from "node:dgram";
import { afterEach, expect, test } from "vitest";
import type { Target } from "../config.ts";
import { namesThrough } from "./names.ts";

const sockets: Socket[] = [];
afterEach(() => {
  for (const one of sockets.splice(0)) one.close();
});

const TYPES: Readonly<Record<number, "A" | "CNAME" | "SOA" | "AAAA">> = { 1: "A", 5: "CNAME", 6: "SOA", 28: "AAAA" };
interface Said {
  readonly ttl: number;
  readonly data: Buffer;
}
const address = (text: string): Buffer => Buffer.from(text.split(".").map(Number));
const soa = (serial: number): Buffer => {
  const numbers = Buffer.alloc(20);
  numbers.writeUInt32BE(serial, 0);
  return Buffer.concat([Buffer.from([0, 0]), numbers]);
};

/** Answers `name TYPE` with what is said of it, and with no record otherwise. */
async function nameServer(said: Readonly<Record<string, Said>>): Promise<Target> {
  const socket = createSocket("udp4");
  sockets.push(socket);
  socket.on("message", (question, from) => {
    const end = question.indexOf(0, 12) + 5;
    const labels: string[] = [];
    for (let at = 12; question[at]; at += 1 + (question[at] ?? 0))
      labels.push(question.subarray(at + 1, at + 1 + (question[at] ?? 0)).toString());
    const type = question.readUInt16BE(end - 4);
    const found = said[`${labels.join(".").toLowerCase()} ${TYPES[type]}`];
    const header = Buffer.from([question[0] ?? 0, question[1] ?? 0, 0x84, 0, 0, 1, 0, found ? 1 : 0, 0, 0, 0, 0]);
    const record = Buffer.alloc(found ? 12 : 0);
    if (found) {
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(type, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt32BE(found.ttl, 6);
      record.writeUInt16BE(found.data.length, 10);
    }
    const data = found?.data ?? Buffer.alloc(0);
    socket.send(Buffer.concat([header, question.subarray(12, end), record, data]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { site: "dc", probe: "dns", host: "dns.dc", address: "127.0.0.1", port: socket.address().port } as Target;
}

const names = ["contoh.go.id", "gerbang.contoh.go.id"].map((name) => ({ zone: "contoh.go.id", name }));
const through = (target: Target) => namesThrough({ guards: { all: [] } as never, targets: [target], names });

test("what all of them say, the zone's serial, and for how long a cache may hold the longest of them", async () => {
  const server = await nameServer({
    "contoh.go.id A": { ttl: 60, data: address("198.51.100.1") },
    "gerbang.contoh.go.id A": { ttl: 300, data: address("198.51.100.1") },
    "contoh.go.id SOA": { ttl: 60, data: soa(2026030101) },
  });
  expect(await through(server).seen("dc")).toEqual({
    addresses: ["198.51.100.1"],
    serial: 2026030101,
    ttlSeconds: 300,
  });
});

test("an alias is followed; a name without an address has none; a server that is silent is not waited for long", async () => {
  const label = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
  const alias = Buffer.concat([...["gerbang", "contoh", "go", "id"].map(label), Buffer.from([0])]);
  const server = await nameServer({
    "pengaduan.contoh.go.id CNAME": { ttl: 3600, data: alias },
    "gerbang.contoh.go.id A": { ttl: 60, data: address("198.51.100.129") },
  });
  expect(await through(server).addresses("dc", "pengaduan.contoh.go.id")).toEqual(["198.51.100.129"]);
  expect(await through(server).addresses("dc", "tiada.contoh.go.id")).toEqual([]);
  const silent = createSocket("udp4");
  sockets.push(silent);
  await new Promise<void>((resolve) => silent.bind(0, "127.0.0.1", resolve));
  await expect(through({ ...server, port: silent.address().port }).seen("dc")).rejects.toThrow(
    /dns\.dc: does not answer/,
  );
});
