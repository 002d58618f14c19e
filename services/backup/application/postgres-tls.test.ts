import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectInTls } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { leaf, siteSecrets } from "../../ops/jobs/testing/site.ts";
import { answerInTls, type TlsFront } from "./postgres-tls.ts";

let folder: string;
let engine: Server;
let front: TlsFront;
let authority: string;

/** Answers everything in capital letters, and ends with who asks. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "postgres-tls-"));
  const secrets = await siteSecrets();
  const { key, chain } = await leaf(secrets, "postgres-utama");
  authority = secrets.authority.root;
  engine = createServer((socket) => socket.on("data", (data) => socket.write(String(data).toUpperCase())));
  await new Promise<void>((resolve) => engine.listen(join(folder, "engine"), resolve));
  front = await answerInTls(join(folder, "front"), join(folder, "engine"), { key, cert: chain });
});
afterAll(async () => {
  await front.close();
  engine.close();
  await rm(folder, { recursive: true });
});

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

async function asked(first: Buffer): Promise<Socket> {
  const socket = connect(join(folder, "front"));
  socket.write(first);
  return socket;
}

it("answers a request for TLS as PostgreSQL does, by the name of its server, and hands on what is said", async () => {
  const socket = await asked(SSL_REQUEST);
  expect(String((await once(socket, "data"))[0])).toBe("S");
  const client = connectInTls({ socket, ca: authority, servername: "postgres-utama.dc.lab.internal" });
  await once(client, "secureConnect");
  client.write("halo");
  expect(String((await once(client, "data"))[0])).toBe("HALO");
  client.end();
  await once(socket, "close");
});

it("takes nobody who does not ask for TLS: what a service would send openly never reaches the engine", async () => {
  const socket = await asked(Buffer.from("user=pengaduan"));
  const heard: string[] = [];
  socket.on("data", (data) => heard.push(String(data)));
  await once(socket, "close");
  expect(heard).toEqual([]);
});

it("ends with the drill, also with what is under way", async () => {
  const own = await answerInTls(join(folder, "own"), join(folder, "engine"), { key: "", cert: "" });
  const socket = connect(join(folder, "own"));
  await once(socket, "connect");
  const ended = once(socket, "close");
  await own.close();
  await ended;
  await expect(once(connect(join(folder, "own")), "connect")).rejects.toThrow(/ENOENT|ECONNREFUSED/);
});
