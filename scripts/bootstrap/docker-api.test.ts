import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./command.mjs";
import { chosenEndpoint, imageWithinReach, isLocalService, lookAtEngine, runningWorkloads } from "./docker-api.mjs";
import { put } from "./testing/world.ts";

let folder: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lumbung-docker-"));
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const endpoint = () => ({ host: `unix://${folder}/docker.sock`, by: "DOCKER_HOST" as const });

/** An engine that answers these paths and no other. */
async function serve(answers: Record<string, unknown>): Promise<void> {
  server = createServer((request, response) => {
    const answer = answers[(request.url ?? "").split("?")[0] ?? ""];
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(JSON.stringify(answer ?? {}));
  });
  server.listen(join(folder, "docker.sock"));
  await once(server, "listening");
}

describe("chosenEndpoint", () => {
  const context = async (name: string, host: string) => {
    const digest = createHash("sha256").update(name).digest("hex");
    const meta = { Name: name, Endpoints: { docker: { Host: host } } };
    await put(join(folder, ".docker", "contexts", "meta", digest, "meta.json"), JSON.stringify(meta));
  };
  it("is DOCKER_HOST before all else", async () => {
    await put(join(folder, ".docker", "config.json"), JSON.stringify({ currentContext: "other" }));
    expect(await chosenEndpoint({ DOCKER_HOST: "tcp://127.0.60.1:2375" }, folder)).toEqual({
      host: "tcp://127.0.60.1:2375",
      by: "DOCKER_HOST",
    });
  });
  it("is the client's chosen context", async () => {
    await context("other", "unix:///run/other.sock");
    await put(join(folder, ".docker", "config.json"), JSON.stringify({ currentContext: "other" }));
    expect(await chosenEndpoint({}, folder)).toEqual({ host: "unix:///run/other.sock", by: "context" });
  });
  it("is the machine's socket otherwise, and only that is ours to start", async () => {
    const found = await chosenEndpoint({}, folder);
    expect(found).toEqual({ host: "unix:///var/run/docker.sock", by: "socket" });
    expect(isLocalService(found)).toBe(true);
    expect(isLocalService({ host: "ssh://somewhere", by: "context" })).toBe(false);
  });
  it("is the machine's socket where the client's file is broken", async () => {
    await put(join(folder, ".docker", "config.json"), "{");
    expect((await chosenEndpoint({}, folder)).by).toBe("socket");
  });
});

describe("lookAtEngine", () => {
  const world = { env: {}, run };
  it("says which engine runs", async () => {
    await serve({
      "/_ping": "OK",
      "/version": { Version: "20.10.24", ApiVersion: "1.41" },
      "/info": { DockerRootDir: "/d" },
    });
    expect(await lookAtEngine(endpoint(), world)).toMatchObject({
      state: "running",
      version: "20.10.24",
      apiVersion: "1.41",
      rootDir: "/d",
    });
  });
  it("is silent where there is no socket, or nobody behind it", async () => {
    expect(await lookAtEngine(endpoint(), world)).toMatchObject({ state: "silent", reason: "ENOENT" });
    expect(await lookAtEngine({ host: "tcp://127.0.0.1:1", by: "DOCKER_HOST" }, world)).toMatchObject({
      state: "silent",
    });
  });
  it("is silent where something else answers", async () => {
    await serve({});
    expect(await lookAtEngine(endpoint(), world)).toMatchObject({
      state: "silent",
      reason: "/_ping: expected 200, got 404",
    });
  });
});

describe("questions to an engine", () => {
  it("knows whether an image is there, to be had, or neither", async () => {
    await serve({ "/images/there/json": {}, "/distribution/far/json": {} });
    expect(await imageWithinReach(endpoint(), "there", {})).toBe("present");
    expect(await imageWithinReach(endpoint(), "far", {})).toBe("pullable");
    expect(await imageWithinReach(endpoint(), "nowhere", {})).toBe("unreachable");
  });
  it("counts what runs", async () => {
    await serve({ "/containers/json": [{}, {}] });
    expect(await runningWorkloads(endpoint(), {})).toBe(2);
  });
});
