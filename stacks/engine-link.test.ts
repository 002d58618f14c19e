import { createServer } from "node:net";
import { Server, ServerCredentials, type ServiceDefinition, type sendUnaryData, status } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import rpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/resource_pb.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import * as state from "@pulumi/pulumi/runtime/state.js";
import { afterEach, describe, expect, it } from "vitest";
import { declaringAll, ownConnections } from "./engine-link.ts";

const { ResourceMonitorService } = rpc as unknown as { ResourceMonitorService: ServiceDefinition };
const { withLocalStorage } = state as unknown as { withLocalStorage: <T>(run: () => Promise<T>) => Promise<T> };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.forceShutdown();
});

/** An engine that answers, or says that it is not to be reached, where a resource is declared. */
async function engine(refuses: boolean, port = 0): Promise<number> {
  const server = new Server();
  servers.push(server);
  server.addService(ResourceMonitorService, {
    supportsFeature: (_: unknown, answer: (error: null, response: unknown) => void) =>
      answer(null, new proto.SupportsFeatureResponse()),
    registerResource: (
      { request }: { request: InstanceType<typeof proto.RegisterResourceRequest> },
      answer: sendUnaryData<unknown>,
    ) => {
      if (refuses) return answer({ code: status.UNAVAILABLE, details: "shut down" });
      const response = new proto.RegisterResourceResponse();
      response.setUrn(`urn:pulumi:s::p::${request.getType()}::${request.getName()}`);
      answer(null, response);
    },
  });
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
}

class One extends pulumi.CustomResource {}

/** Waits for its own name, which a dropped declaration never gets. */
class Group extends pulumi.ComponentResource {
  constructor() {
    super("t:index:Group", "group");
    this.registerOutputs({});
  }
}

/** A program of one resource, as the Automation API runs it: with a state of its own, on the engine at this port. */
function declareOn(port: number, run: (program: () => Promise<string>) => Promise<string>): Promise<string> {
  return withLocalStorage(() => {
    settings.resetOptions("p", "s", 1, "", `127.0.0.1:${port}`, false, "organization");
    return run(async () => {
      new One("t:index:One", "one", {});
      return "done";
    });
  });
}

describe("declaringAll", () => {
  it("gives what the program gives when the engine answered for all", async () => {
    expect(await declareOn(await engine(false), declaringAll)).toBe("done");
  });

  it("fails where the SDK drops a declaration without a word", async () => {
    const port = await engine(true);
    expect(await declareOn(port, (program) => program())).toBe("done");
    await expect(declareOn(port, declaringAll)).rejects.toThrow(/stopped answering before every resource was declared/);
  });

  it("does not wait for ever for what waits for a dropped declaration", async () => {
    const group = (program: () => Promise<string>) => declaringAll(async () => `${new Group() && (await program())}`);
    await expect(declareOn(await engine(true), group)).rejects.toThrow(/stopped answering/);
  });
});

it("a port on which an earlier run of this process found nobody is tried anew", async () => {
  const idle = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => idle.once("listening", resolve));
  const { port } = idle.address() as { port: number };
  await new Promise((resolve) => idle.close(resolve));

  const connect = () => declareOn(port, declaringAll);
  await expect(connect()).rejects.toThrow(/stopped answering/);
  await engine(false, port);
  // As the SDK is by itself: told of the earlier failure, the engine is not asked.
  await expect(connect()).rejects.toThrow(/stopped answering/);
  ownConnections();
  expect(await connect()).toBe("done");
});
