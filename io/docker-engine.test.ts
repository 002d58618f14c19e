import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { DockerApiError, DockerEngine, DockerUnreachableError, filters } from "./docker-engine.ts";
import { parseDockerHost } from "./docker-engine-transport.ts";

/** An engine that is none: answers what a test wants on a socket of its own. */
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function engineThat(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  configure: (server: Server) => void = () => {},
): Promise<DockerEngine> {
  const folder = await mkdtemp(join(tmpdir(), "lumbung-engine-"));
  const socketPath = join(folder, "docker.sock");
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => answer(request, response, Buffer.concat(chunks).toString()));
  });
  configure(server);
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  return new DockerEngine({ kind: "unix", socketPath });
}

function frame(stream: 1 | 2, text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

describe("parseDockerHost", () => {
  it("takes the host, then the environment, then the local socket", () => {
    expect(parseDockerHost("tcp://10.1.2.3:2375", { DOCKER_HOST: "unix:///x" })).toEqual({
      kind: "tcp",
      host: "10.1.2.3",
      port: 2375,
    });
    expect(parseDockerHost(undefined, { DOCKER_HOST: "unix:///x.sock" })).toEqual({
      kind: "unix",
      socketPath: "/x.sock",
    });
    expect(parseDockerHost(undefined)).toEqual({ kind: "unix", socketPath: "/var/run/docker.sock" });
    expect(parseDockerHost("tcp://[fd00::1]:2375")).toEqual({ kind: "tcp", host: "fd00::1", port: 2375 });
  });

  it("says what it wants instead of what it cannot speak", () => {
    expect(() => parseDockerHost("ssh://root@drc")).toThrow(/expected unix:.*received "ssh:\/\/root@drc".*Hint/s);
  });
});

describe("DockerEngine", () => {
  it("gives nothing for an image that is not there, and the engine's words for what fails", async () => {
    const engine = await engineThat((request, response) => {
      response.statusCode = request.url?.includes("absent") ? 404 : 409;
      response.end(JSON.stringify({ message: "in use" }));
    });
    expect(await engine.inspectImage("absent:1")).toBeUndefined();
    const refused = await engine.removeVolume("data").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DockerApiError);
    expect(refused).toMatchObject({
      status: 409,
      message: expect.stringContaining("DELETE /volumes/data: 409 in use"),
    });
  });

  it("says that no engine answers, and where", async () => {
    const engine = new DockerEngine({ kind: "unix", socketPath: "/nowhere/docker.sock" });
    const failed = await engine.info().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(DockerUnreachableError);
    expect((failed as Error).message).toContain("unix:///nowhere/docker.sock");
  });

  it("asks for containers by label, stopped ones too", async () => {
    let asked = "";
    const engine = await engineThat((request, response) => {
      asked = request.url ?? "";
      response.end("[]");
    });
    await engine.listContainers({ "id.lumbung.region": "lab" });
    const url = new URL(asked, "http://engine");
    expect(url.searchParams.get("all")).toBe("1");
    expect(JSON.parse(url.searchParams.get("filters") ?? "")).toEqual({ label: ["id.lumbung.region=lab"] });
    expect(filters({})).toBeUndefined();
  });

  it("fails a build on the error in the stream, after the progress before it", async () => {
    const engine = await engineThat((_request, response) => {
      response.write('{"stream":"Step 1/2 : FROM x\\n"}\n{"stream":"Ste');
      response.end('p 2/2 : RUN false\\n"}\n{"error":"returned a non-zero code: 1"}\n');
    });
    const seen: string[] = [];
    const build = engine.buildImage(new Uint8Array(1024), {
      tag: "lumbung/x:1",
      progress: ({ stream }) => seen.push(stream ?? "-"),
    });
    await expect(build).rejects.toThrow("returned a non-zero code: 1");
    expect(seen).toEqual(["Step 1/2 : FROM x\n", "Step 2/2 : RUN false\n", "-"]);
  });

  it("does not take a build that ended early for a built one", async () => {
    const engine = await engineThat((_request, response) => response.end('{"stream":"Step 1/2 : FROM x\\n"}\n'));
    await expect(engine.buildImage(new Uint8Array(1024), { tag: "lumbung/x:1" })).rejects.toThrow(
      /without an image's id/,
    );
  });

  it("runs a command with input and tells its outputs and code", async () => {
    let heard = "";
    let made = "";
    const engine = await engineThat(
      (request, response, body) => {
        if (request.url === "/containers/lab-dc-dns/exec") {
          made = body;
          response.end('{"Id":"e1"}');
        } else response.end('{"ExitCode":3,"Running":false}');
      },
      (server) =>
        server.on("upgrade", (_request, socket) => {
          socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
          socket.on("data", (chunk: Buffer) => {
            heard += chunk.toString();
          });
          socket.on("end", () => socket.end(Buffer.concat([frame(1, "out "), frame(2, "oops"), frame(1, heard)])));
        }),
    );
    const result = await engine.exec("lab-dc-dns", ["cat"], { stdin: "input" });
    expect(result).toEqual({ code: 3, stdout: expect.stringMatching(/out .*input$/s), stderr: "oops" });
    expect(JSON.parse(made)).toMatchObject({ Cmd: ["cat"], AttachStdin: true, Tty: false });
  });

  it.each([0, 4])("gives a command's lines as they come, and then says whether it ended well (%s)", async (code) => {
    const engine = await engineThat(
      (request, response) =>
        response.end(request.url?.endsWith("/exec") ? '{"Id":"e1"}' : `{"ExitCode":${code},"Running":false}`),
      (server) =>
        server.on("upgrade", (_request, socket) => {
          socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
          socket.end(Buffer.concat([frame(1, "satu\ndu"), frame(2, "sebab"), frame(1, "a\n")]));
        }),
    );
    const lines: string[] = [];
    const read = async (): Promise<void> => {
      for await (const line of engine.execLines("lab-dc-signer", ["records"])) lines.push(line);
    };
    if (code === 0) await read();
    else await expect(read()).rejects.toThrow("sebab");
    expect(lines).toEqual(["satu", "dua"]);
  });
});
