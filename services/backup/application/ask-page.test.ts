import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type At, ask, askFollowing, nextPath } from "./ask-page.ts";

let folder: string;
let server: Server;
let at: At;
const signal = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ask-page-"));
  at = { socket: join(folder, "s"), host: "ppid.example.go.id" };
  server = createServer((incoming, outgoing) => {
    const { url = "", headers } = incoming;
    const to: Record<string, string> = {
      "/a": "https://ppid.example.go.id/b?c=1",
      "/loop": "/loop",
      "/away": "https://elsewhere.example/",
    };
    const location = to[url];
    if (location !== undefined) outgoing.writeHead(302, { location }).end();
    else outgoing.writeHead(url === "/none" ? 404 : 200).end(`${url} ${headers.host} ${headers["accept-encoding"]}`);
  });
  await new Promise<void>((resolve) => server.listen(at.socket, resolve));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

it("asks by the host name that people use, and takes the page as it is", async () => {
  const { status, body } = await ask(at, "/x", signal);
  expect([status, body.toString()]).toEqual([200, "/x ppid.example.go.id identity"]);
});

it("follows the application to itself, and nowhere else, and not for ever", async () => {
  expect(await askFollowing(at, "/a", signal)).toMatchObject({ status: 200, path: "/b?c=1" });
  expect(await askFollowing(at, "/none", signal)).toMatchObject({ status: 404 });
  expect(await askFollowing(at, "/away", signal)).toMatchObject({
    status: 302,
    location: "https://elsewhere.example/",
  });
  expect(await askFollowing(at, "/loop", signal)).toMatchObject({ status: 302, path: "/loop" });
});

it("says where nobody listens, and ends when it is told to", async () => {
  await expect(ask({ ...at, socket: join(folder, "none") }, "/", signal)).rejects.toThrow("ENOENT");
  await expect(ask(at, "/", AbortSignal.abort(new Error("stopped")))).rejects.toThrow();
});

it("takes no answer for a way on that is none", () => {
  const answer = { path: "/a/b", status: 301 };
  expect(nextPath(at, { ...answer, location: "c" })).toBe("/a/c");
  expect(nextPath(at, { ...answer, location: "/c", status: 200 })).toBeUndefined();
  expect(nextPath(at, answer)).toBeUndefined();
  expect(nextPath(at, { ...answer, location: "http://[" })).toBeUndefined();
});
