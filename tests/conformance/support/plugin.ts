/** Our plugin as a process of its own, spoken to as the Pulumi engine does. */
import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { type ClientUnaryCall, credentials, type ServiceError } from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { ValueMap } from "../../../plugins/docker/values.ts";
import { plain, wired } from "../../../plugins/docker/wire.ts";

export interface Plugin {
  readonly port: number;
  /** Exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>;
  create(type: string, inputs: ValueMap, timeoutSeconds?: number): Promise<{ id: string; properties: ValueMap }>;
  invoke(token: string): Promise<unknown>;
  cancel(): Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts it from the sources, or takes a child that was started from elsewhere; resolves once it has said its port. */
export async function startPlugin(engineAddress?: string, child = fromSources(engineAddress)): Promise<Plugin> {
  const ended = new Promise<number | null>((end) => child.once("exit", end));
  const port = await portOf(child);
  const client = new rpc.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const call = <T>(send: (answer: (error: ServiceError | null, value: T) => void) => ClientUnaryCall) =>
    new Promise<T>((done, failed) => send((error, value) => (error ? failed(new Error(error.details)) : done(value))));
  void ended.then(() => client.close());
  return {
    port,
    ended,
    async create(type, inputs, timeoutSeconds = 0) {
      const request = new proto.CreateRequest();
      request.setUrn(`urn:pulumi:t::t::${type}::x`);
      request.setProperties(wired(inputs));
      request.setTimeout(timeoutSeconds);
      const response = await call<InstanceType<typeof proto.CreateResponse>>((answer) =>
        client.create(request, answer),
      );
      return { id: response.getId(), properties: plain(response.getProperties()) };
    },
    invoke(token) {
      const request = new proto.InvokeRequest();
      request.setTok(token);
      return call((answer) => client.invoke(request, answer));
    },
    cancel: () => call((answer) => client.cancel(new empty.Empty(), answer)),
    kill: (signal) => child.kill(signal),
  };
}

function fromSources(engineAddress: string | undefined): ChildProcess {
  const root = resolve(import.meta.dirname, "../../..");
  const words = ["--import", "tsx", join(root, "plugins/docker/main.ts"), ...(engineAddress ? [engineAddress] : [])];
  return spawn(process.execPath, words, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((done, failed) => {
    let printed = "";
    child.stdout?.on("data", (chunk) => {
      printed += chunk;
      if (printed.includes("\n")) done(Number(printed.trim()));
    });
    child.once("exit", (code) => failed(new Error(`the plugin ended with ${code} before it said its port`)));
  });
}
