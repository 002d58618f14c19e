#!/usr/bin/env node
/**
 * pulumi-resource-docker: Network, Volume and Container of @pulumi/docker for networks without the vendor's host.
 * Started by the Pulumi engine, whose address is the last argument; prints the port that it serves on, and nothing else, on stdout.
 */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import provider_grpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { messageOf } from "./errors.ts";
import { loggerTo, watch } from "./host-engine.ts";
import { Provider } from "./provider.ts";
import { serviceOf } from "./service.ts";

/** State of a stack with many uploads is larger than gRPC's usual 4 MiB; as the engine's own limit. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

function main(): void {
  const engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
  const provider = new Provider(process.env, loggerTo(engineAddress));
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  const leave = () => server.tryShutdown(() => process.exit(0));
  const stop = () => void provider.cancel().then(leave);
  server.addService(provider_grpc.ResourceProviderService, serviceOf(provider, leave));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`pulumi-resource-docker: can't listen on 127.0.0.1: ${messageOf(error)}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
  process.once("SIGTERM", stop).once("SIGINT", stop);
  if (engineAddress) watch(engineAddress, stop);
}

main();
