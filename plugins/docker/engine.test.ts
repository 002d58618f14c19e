import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { chooseVersion, Engine } from "./engine.ts";
import { endpointOf } from "./host.ts";

const folder = mkdtempSync(join(tmpdir(), "try-plugin-engine-"));
let close: () => Promise<void> = async () => undefined;

/** A stand-in for the Docker engine on a socket. */
async function engineThat(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Engine> {
  const path = join(folder, "docker.sock");
  const server = createServer((request, response) => {
    if (request.url === "/version")
      return void response.end(JSON.stringify({ ApiVersion: "1.41", MinAPIVersion: "1.12" }));
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(path, listening));
  close = () => new Promise((closed) => server.close(() => closed()));
  server.on("close", () => server.closeAllConnections());
  return new Engine({ kind: "socket", path, shown: `unix://${path}` });
}

afterEach(() => close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("engine", () => {
  it("asks once for the version and uses it", async () => {
    const seen: (string | undefined)[] = [];
    const engine = await engineThat((request, response) => {
      seen.push(request.url);
      response.end("{}");
    });
    await engine.get("/a", { what: "ask", query: { all: true, none: undefined } });
    await engine.get("/b", { what: "ask" });
    expect(seen).toEqual(["/v1.41/a?all=true", "/v1.41/b"]);
  });

  it("gives the engine's message with what was being done", async () => {
    const engine = await engineThat((_request, response) => {
      response.statusCode = 409;
      response.end(JSON.stringify({ message: "it is busy" }));
    });
    await expect(engine.post("/x", { what: "start container c" })).rejects.toThrow(
      "start container c: Docker answered 409: it is busy",
    );
  });

  it("finds nothing where there is nothing, and passes other errors on", async () => {
    let status = 404;
    const engine = await engineThat((_request, response) => {
      response.statusCode = status;
      response.end("{}");
    });
    expect(await engine.find("/x", { what: "look" })).toBeUndefined();
    status = 500;
    await expect(engine.find("/x", { what: "look" })).rejects.toThrow(/answered 500/);
  });

  it("is cancelled in the middle of a call", async () => {
    const engine = await engineThat(() => undefined);
    const cancel = new AbortController();
    const call = engine.get("/x", { what: "look", signal: cancel.signal });
    setTimeout(() => cancel.abort(), 20);
    await expect(call).rejects.toThrow(/look: cancelled/);
  });

  it("asks again at each event, and gives up when the time is over", async () => {
    const engine = await engineThat((_request, response) => {
      response.flushHeaders();
      const timer = setInterval(() => response.write("{}\n"), 10);
      response.on("close", () => clearInterval(timer));
    });
    let asked = 0;
    const signal = new AbortController().signal;
    expect(await engine.until({}, 5_000, signal, async () => (++asked === 3 ? "there" : undefined))).toBe("there");
    expect(await engine.until({}, 100, signal, async () => undefined)).toBeUndefined();
  });

  it("says where it looked when nobody answers", async () => {
    close = async () => undefined;
    const engine = new Engine({ kind: "socket", path: "/nowhere.sock", shown: "unix:///nowhere.sock" });
    await expect(engine.get("/x", { what: "look" })).rejects.toThrow(
      /look: the Docker engine at unix:\/\/\/nowhere\.sock does not answer \(ENOENT\)\. Hint:/,
    );
  });
});

describe("version", () => {
  it.each([
    ["1.41", "1.12", "1.41"],
    ["1.51", "1.24", "1.41"],
    ["1.40", "1.12", "1.40"],
    ["1.52", "1.44", "1.44"],
  ])("offered %s, oldest %s: %s", (offered, oldest, chosen) => expect(chooseVersion(offered, oldest)).toBe(chosen));

  it("refuses an engine that is too new", () =>
    expect(() => chooseVersion("1.70", "1.60")).toThrow(/only API 1\.60 and later/));
});

describe("host", () => {
  it.each([
    [{}, {}, { kind: "socket", path: "/var/run/docker.sock" }],
    [{}, { DOCKER_HOST: "tcp://10.0.0.1:2375" }, { kind: "tcp", host: "10.0.0.1", port: 2375 }],
    [{ host: "unix:///a" }, { DOCKER_HOST: "tcp://10.0.0.1" }, { kind: "socket", path: "/a" }],
    [{ host: "tcp://[::1]:2376", caMaterial: "ca" }, {}, { kind: "tcp", host: "::1", port: 2376, tls: { ca: "ca" } }],
    [{ host: "tcp://dc" }, {}, { kind: "tcp", host: "dc", port: 2375 }],
  ])("%j with %j", (config, environment, expected) => expect(endpointOf(config, environment)).toMatchObject(expected));

  it("names the file that is missing from certPath", () => {
    expect(() => endpointOf({ host: "tcp://dc:2376", certPath: "/nowhere" }, {})).toThrow(
      /\/nowhere\/ca\.pem to be readable/,
    );
  });
});
