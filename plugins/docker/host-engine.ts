/** The Pulumi engine that started us: where messages go, and for whom we live. */
import { connect } from "node:net";
import { credentials } from "@grpc/grpc-js";
import engine_grpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import type { Say } from "./provider.ts";

/** A function that shows a message under a resource in the run's progress; on stderr when there is no engine. */
export function loggerTo(address: string | undefined): Say {
  const stderr: Say = (_urn, message) => void process.stderr.write(`${message}\n`);
  if (!address) return stderr;
  const client = new engine_grpc.EngineClient(address, credentials.createInsecure());
  return (urn, message) => {
    const request = new engine.LogRequest();
    request.setSeverity(engine.LogSeverity.INFO);
    request.setUrn(urn);
    request.setMessage(message);
    client.log(request, (error) => {
      if (error) stderr(urn, message);
    });
  };
}

const WATCH_MS = 2_000;
const MISSES = 3;

/** Calls `gone` when nothing listens at the engine's address any more: it was killed, and nobody else would end us. */
export function watch(address: string, gone: () => void): void {
  const cut = address.lastIndexOf(":");
  const [host, port] = [address.slice(0, cut), Number(address.slice(cut + 1))];
  let misses = 0;
  const timer = setInterval(() => {
    const socket = connect({ host, port });
    socket.once("connect", () => {
      misses = 0;
      socket.destroy();
    });
    socket.once("error", () => {
      socket.destroy();
      misses += 1;
      if (misses < MISSES) return;
      clearInterval(timer);
      gone();
    });
  }, WATCH_MS);
  timer.unref();
}
