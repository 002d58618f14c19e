/** The restored engine speaks no TLS, and has no network; a service that verifies its server in TLS finds it here. */
import { connect as connectTo, createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** PostgreSQL's SSLRequest, eight bytes: length and code (PostgreSQL manual, "Message Formats"). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

export interface TlsFront {
  readonly close: () => Promise<void>;
}

/** Listens on a unix socket. What is said there in TLS reaches the engine's own socket, and back. @throws the system's error. */
export async function answerInTls(
  socket: string,
  engine: string,
  identity: { readonly key: string; readonly cert: string },
): Promise<TlsFront> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    open.add(client);
    client.once("close", () => open.delete(client));
    // Who broke off hears of it himself; the other side ends with it.
    client.on("error", () => client.destroy());
    client.once("data", (first: Buffer) => {
      if (!first.equals(SSL_REQUEST)) return void client.destroy();
      client.write("S");
      join(new TLSSocket(client, { ...identity, isServer: true, minVersion: "TLSv1.2" }), connectTo(engine));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, resolve);
  });
  return {
    close: () => {
      for (const client of open) client.destroy();
      return closed(server);
    },
  };
}

function join(client: Socket, engine: Socket): void {
  for (const [one, other] of [
    [client, engine],
    [engine, client],
  ] as const) {
    one.on("error", () => other.destroy());
    one.once("close", () => other.destroy());
    one.pipe(other);
  }
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
