import type { Server } from "node:https";
import type { AddressInfo } from "node:net";

/** Begins to listen, with short patience for who only holds a connection. @returns the port @throws the system's error where it is taken */
export async function listen(
  server: Server,
  port: number,
  address: string | undefined,
  maxConnections: number,
): Promise<number> {
  server.maxConnections = maxConnections;
  server.requestTimeout = 5000;
  server.headersTimeout = 5000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  return (server.address() as AddressInfo).port;
}
